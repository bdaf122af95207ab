using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The order of the event processing (RFC 9293 §3.10.7), and the states that have no connection.</summary>
public sealed partial class TcpStack<TApplication>
{
    /// <summary>Segments that were the next in order on an established connection, and nothing else.</summary>
    internal long PredictedCount { get; private set; }

    /// <summary>
    /// Header prediction (Jacobson, 1990): almost every segment is the next in order on an established connection, and of
    /// all the steps below only these do anything for it. Hot: once per segment.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ArrivesAsPredicted(
        TcpConnection connection, in TcpHeader header, ReadOnlySpan<byte> text, ulong timestamps)
    {
        PredictedCount++;
        connection.TakePredicted(in header, timestamps);
        if (text.Length > 0)
        {
            _ = Receive(connection, text);
            // The application may have aborted the connection.
            if (connection.State != TcpState.Closed) connection.AcknowledgeTextInOrder();
        }
        if (connection.State != TcpState.Established || connection.MayHaveNews)
        {
            EndEventSlow(connection);
            return;
        }
        connection.Flush();
        connection.Settled();
        // TryEmit settles whoever is ready; what may be due before it is asked is this acknowledgment.
        _timers.Schedule(connection.Index, connection.DelayedAckAt);
    }

    /// <summary>
    /// Makes the connection of a segment the latest, if there is one. Segments come in runs, and what a single client sends
    /// is one long run.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsKnown(IpAddress source, IpAddress destination, uint ports) =>
        _latest.Flow.IsOf(source, destination, ports) || IsKnownSlow(source, destination, ports);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsKnownSlow(IpAddress source, IpAddress destination, uint ports)
    {
        var flow = new Flow(destination, source, ports);
        if (!_table.TryFind(in flow, out int index)) return false;
        _latest = _connections[index];
        return true;
    }

    /// <summary>What was not predicted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ArrivesSlow(IpAddress source, IpAddress destination, Span<byte> segment, bool isChecksumValid)
    {
        if (!Segment.TryParse(segment, out Segment seg))
        {
            _tcp.Counters.MalformedSegments++;
            return;
        }
        if (!isChecksumValid && !IsIntact(source, destination, segment))
        {
            _tcp.Counters.ChecksumErrors++;
            return;
        }
        var flow = new Flow(destination, source, seg.Ports);
        if (IsKnownSlow(source, destination, seg.Ports)) ArrivesAt(_latest, in flow, in seg);
        else ArrivesInClosed(in flow, in seg);
    }

    private void ArrivesAt(TcpConnection connection, in Flow flow, in Segment seg)
    {
        if (connection.IsReplacedBy(in seg) && IsListening(flow.LocalPort))
        {
            SeqNumber floor = connection.SndNxt;
            connection.Die(CloseReason.Normal);
            SettleSlow(connection);
            Listen(in flow, in seg, floor, hasFloor: true);
            return;
        }
        switch (connection.State)
        {
            case TcpState.Closed:
                // Aborted, and its reset has not left yet.
                return;
            case TcpState.SynSent:
                _ = connection.ArrivesInSynSent(in seg);
                AcceptIfPending(connection);
                break;
            default:
                ArrivesInOtherStates(connection, in seg);
                break;
        }
        EndEventSlow(connection);
    }

    /// <summary>RFC 9293 §3.10.7.4.</summary>
    private void ArrivesInOtherStates(TcpConnection connection, in Segment seg)
    {
        Verdict verdict = connection.CheckSequence(in seg);                                      // first
        if (verdict == Verdict.Continue) verdict = connection.CheckReset(in seg);                // second
        // Third, security and compartment: nobody uses them.
        if (verdict == Verdict.Continue) verdict = connection.CheckSyn(in seg);                  // fourth
        if (verdict == Verdict.Continue) verdict = connection.CheckAck(in seg);                  // fifth
        AcceptIfPending(connection);
        // Sixth, the URG bit: RFC 6093 §6 advises against urgent data; it is text like any other.
        if (verdict == Verdict.Continue) ProcessText(connection, in seg);                        // seventh
        if (verdict == Verdict.Continue) connection.CheckFin(in seg);                            // eighth
    }

    /// <summary>The seventh step: text in order goes to the application from where it is.</summary>
    private void ProcessText(TcpConnection connection, in Segment seg)
    {
        bool isNext = connection.TryTrim(in seg, out SeqNumber seq, out ReadOnlySpan<byte> text);
        if (text.Length == 0) return;
        if (!isNext)
        {
            connection.KeepForLater(seq, text);
            return;
        }
        bool hasFilledGap = false;
        while (Receive(connection, text) && connection.TryPeekReassembled(out text)) hasFilledGap = true;
        // The application may have aborted the connection.
        if (connection.State != TcpState.Closed) connection.AcknowledgeText(hasFilledGap);
    }

    /// <summary>False if not all of the text could be received.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Receive(TcpConnection connection, ReadOnlySpan<byte> text)
    {
        int taken = 0;
        if (connection.IsDirect)
        {
            taken = _application.Receive(connection, text);
            connection.CallbackReturned();
            // It may have aborted the connection.
            if (connection.State == TcpState.Closed) return false;
        }
        return connection.Receives(text, taken) == text.Length;
    }

    private void AcceptIfPending(TcpConnection connection)
    {
        if (!connection.IsAcceptPending) return;
        connection.IsAcceptPending = false;
        connection.IsAttached = _application.Accept(connection);
        connection.CallbackReturned();
        if (!connection.IsAttached) connection.Abort();
    }

    /// <summary>The CLOSED and the LISTEN state (RFC 9293 §3.10.7.1, §3.10.7.2).</summary>
    private void ArrivesInClosed(in Flow flow, in Segment seg)
    {
        if (!IsListening(flow.LocalPort))
        {
            _tcp.Counters.SegmentsRefused++;
            _tcp.Replies.Refuse(in flow, in seg);
            return;
        }
        if (seg.HasRst) return;                                                                  // first
        if (seg.HasAck)                                                                          // second
        {
            _tcp.Counters.SegmentsRefused++;
            _tcp.Replies.Refuse(in flow, in seg);
            return;
        }
        if (seg.HasSyn) Listen(in flow, in seg, default, hasFloor: false);                       // third
    }

    /// <summary>A SYN for a listener: to SYN-RECEIVED.</summary>
    /// <param name="flow">The new connection's.</param>
    /// <param name="syn">The SYN.</param>
    /// <param name="floor">SND.NXT of the connection that it replaces.</param>
    /// <param name="hasFloor">Whether there was one.</param>
    private void Listen(in Flow flow, in Segment syn, SeqNumber floor, bool hasFloor)
    {
        if (_halfOpen.Count == _tcp.Settings.SynReceivedCountMax) EvictHalfOpen();
        if (!TryTakeSlot(out TcpConnection? connection)) return;
        SeqNumber iss = _isns.Next(in flow, _tcp.Now, out uint timestampOffset);
        // RFC 9293 §3.10.7.4, TIME-WAIT: the new connection starts beyond what the old one used, also when that sent faster
        // than the clock of the initial sequence numbers runs.
        if (hasFloor && iss - floor < ushort.MaxValue) iss = floor + ushort.MaxValue;
        connection.OpenPassive(in flow, in syn, iss, timestampOffset);
        _table.Add(in flow, connection.Index);
        connection.Flush();
        SettleSlow(connection);
    }

    private bool IsListening(ushort port)
    {
        ReadOnlySpan<ushort> listeners = _listeners;
        for (int i = 0; i < _listenerCount; i++)
        {
            if (listeners[i] == port) return true;
        }
        return false;
    }

    private bool TryTakeSlot([NotNullWhen(true)] out TcpConnection? connection)
    {
        connection = null;
        if (_free.Count == 0)
        {
            if (_onlyWaiting.Count > 0)
            {
                _tcp.Counters.TimeWaitEvictions++;
                Evict(_onlyWaiting.First);
            }
            else if (_halfOpen.Count > 0)
            {
                EvictHalfOpen();
            }
            else
            {
                _tcp.Counters.SynsDropped++;
                return false;
            }
        }
        int index = _free.First;
        _free.Remove(index);
        connection = _connections[index];
        return true;
    }

    private void EvictHalfOpen()
    {
        _tcp.Counters.SynReceivedEvictions++;
        Evict(_halfOpen.First);
    }

    private void Evict(int index)
    {
        _connections[index].Die(CloseReason.Aborted);
        SettleSlow(_connections[index]);
    }

    private bool TryChooseFlow(
        IpAddress local, ushort localPort, IpAddress remote, ushort remotePort, out Flow flow)
    {
        flow = new Flow(local, localPort, remote, remotePort);
        if (localPort != 0) return !_table.TryFind(in flow, out _);
        // RFC 6335 §6: the dynamic ports. They are taken in turn from a random one (RFC 6056 §3.3.1).
        const int First = 49_152;
        const int Count = 65_536 - First;
        for (int attempt = 0; attempt < Count; attempt++)
        {
            ushort port = (ushort)(First + _nextEphemeralPort++ % Count);
            flow = new Flow(local, port, remote, remotePort);
            if (!_table.TryFind(in flow, out _)) return true;
        }
        return false;
    }
}
