using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What the connection says next: planned without side effects, then written, then accounted for.</summary>
public sealed partial class TcpConnection
{
    private const ushort DefaultMss = 536;      // RFC 9293 §3.7.1 (MUST-15)
    private const ushort MinMss = 64;           // A peer that asks for less asks for a flood of headers.

    private const TcpFlags PushedText = TcpFlags.Ack | TcpFlags.Psh;

    private bool _isAckNow;
    private bool _isTiming;
    private bool _isProbeDue;
    private bool _isKeepaliveProbeDue;
    private SeqNumber _timedSeq;
    private long _timedAt;
    private long _retransmittedAt;
    private long _textSentAt;

    /// <summary>
    /// The sequence number of the first byte of <see cref="Output"/>. Before the handshake is done SND.UNA is our SYN's.
    /// </summary>
    private SeqNumber FirstText => State is TcpState.SynSent or TcpState.SynReceived ? _snd.Iss + 1 : _snd.Una;

    /// <summary>One past the sequence number of the last byte that the application wants to send.</summary>
    /// <remarks>Only for the states that can send text: there Una is its first byte.</remarks>
    private SeqNumber EndOfText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _hasClosed ? _snd.Fin : _snd.Una + Output.Length;
    }

    /// <summary>
    /// False if <see cref="Emit(Span{byte})"/> would say and change nothing, as often as it is asked before the next event.
    /// </summary>
    internal bool MayHaveMoreToSay
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State != TcpState.Established || _snd.Cursor != EndOfText || _recovery.WantsRetransmission ||
            _isAckNow || _isKeepaliveProbeDue;
    }

    private bool CanSendText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State is TcpState.Established or TcpState.CloseWait or
            TcpState.FinWait1 or TcpState.Closing or TcpState.LastAck;
    }

    private int TextLengthMax => (int)_congestion.Smss;

    /// <summary>Of any segment but a SYN.</summary>
    internal int HeaderSize => TcpHeader.MinSize + (_timestamps.IsEnabled ? TcpOptions.TimestampsSize : 0);

    /// <summary>
    /// Writes the next segment into <paramref name="room"/>, which has room for <see cref="TcpHeader.MaxSize"/> bytes at
    /// least. Returns its length, zero if there is nothing to say now. Hot: once per segment.
    /// </summary>
    internal int Emit(Span<byte> room)
    {
        RestartAfterIdle();
        return TryPlanUsual(room.Length, out SegmentPlan plan) ? Emit(in plan, room) : EmitSlow(room);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int EmitSlow(Span<byte> room)
    {
        if (TryPlan(room.Length - HeaderSize, out SegmentPlan plan)) return Emit(in plan, room);
        StartPersistingIfBlocked();
        return 0;
    }

    /// <summary>Inlined twice: of the usual segment the compiler knows what it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Emit(in SegmentPlan plan, Span<byte> room)
    {
        if (plan.HasAck) UpdateEdge();
        int length = Write(in plan, room);
        Account(in plan);
        return length;
    }

    /// <summary>
    /// What <see cref="TryPlan"/> plans in the usual case: the next text of an established connection, all there is or a
    /// full segment, which both windows allow; nothing is to be sent again.
    /// </summary>
    /// <param name="room">Size in bytes of the room for header and text.</param>
    /// <param name="plan">The plan, if it is one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryPlanUsual(int room, out SegmentPlan plan)
    {
        int sent = _snd.Cursor - _snd.Una;
        int queued = Output.Length - sent;
        int length = Math.Min(queued, TextLengthMax);
        // With the largest header it fits: ours need not be known.
        if (length > room - TcpHeader.MaxSize) length = Math.Min(length, room - HeaderSize);
        TcpFlags flags = length == queued ? PushedText : TcpFlags.Ack;
        plan = SegmentPlan.Text(_snd.Cursor, flags, length);
        return State == TcpState.Established && !_recovery.WantsRetransmission && length > 0 &&
            (uint)(sent + length) <= Math.Min(_snd.Wnd, _congestion.Cwnd);
    }

    /// <summary>Decides what to say next, and changes nothing.</summary>
    internal bool TryPlan(int textRoom, out SegmentPlan plan)
    {
        plan = default;
        if (CanSendText)
        {
            if (TryPlanText(Math.Min(textRoom, TextLengthMax), ref plan)) return true;
        }
        else if (State == TcpState.Closed)
        {
            if (!_wantsReset) return false;
            plan = new SegmentPlan(SegmentKind.Reset, _snd.Nxt, TcpFlags.Rst | TcpFlags.Ack);
            return true;
        }
        else if (State is TcpState.SynSent or TcpState.SynReceived)
        {
            // Again only if it was lost.
            if (_snd.Cursor == _snd.Iss)
            {
                plan = new SegmentPlan(SegmentKind.Syn, _snd.Iss, SynFlags);
                return true;
            }
        }
        if (_isKeepaliveProbeDue)
        {
            plan = new SegmentPlan(SegmentKind.KeepaliveProbe, _snd.Una - 1, TcpFlags.Ack);
            return true;
        }
        if (!_isAckNow) return false;
        plan = new SegmentPlan(SegmentKind.Ack, AcceptableSeq, TcpFlags.Ack);
        return true;
    }

    /// <summary>
    /// The number of a segment without text: SND.NXT, but not beyond the window. A peer whose window is closed would drop
    /// the segment as unacceptable, and with it what it acknowledges and the window it announces.
    /// </summary>
    private SeqNumber AcceptableSeq
    {
        get
        {
            SeqNumber edge = _snd.Una + _snd.Wnd;
            return _snd.Nxt > edge ? edge : _snd.Nxt;
        }
    }

    private TcpFlags SynFlags => State == TcpState.SynSent ? TcpFlags.Syn : TcpFlags.Syn | TcpFlags.Ack;

    private bool TryPlanText(int textMax, ref SegmentPlan plan)
    {
        if (_recovery.WantsRetransmission && _snd.IsOutstanding)
        {
            SeqNumber end = Earlier(_snd.Nxt, EndOfText);
            plan = PlanText(SegmentKind.Retransmission, _snd.Una, Math.Min(end - _snd.Una, textMax));
            return true;
        }
        int queued = EndOfText - _snd.Cursor;
        bool isFinQueued = _hasClosed && _snd.Cursor <= _snd.Fin;
        if (queued <= 0 && !isFinQueued) return false;
        int usable = Usable;
        if (usable > 0)
        {
            int length = Math.Min(Math.Min(queued, usable), textMax);
            if (IsWorthSending(length, queued, textMax) || _isProbeDue)
            {
                plan = PlanText(SegmentKind.Text, _snd.Cursor, length);
                return true;
            }
        }
        if (!_isProbeDue) return false;
        plan = PlanText(SegmentKind.WindowProbe, _snd.Una, Math.Min(EndOfText - _snd.Una, 1));
        return true;
    }

    /// <summary>How many bytes both windows allow beyond the cursor; negative if they shrank.</summary>
    private int Usable
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            uint allowance = _congestion.Cwnd + _recovery.LimitedTransmitCount * _congestion.Smss;
            return (int)Math.Min(_snd.Wnd, allowance) - (_snd.Cursor - _snd.Una);
        }
    }

    /// <summary>
    /// Silly window avoidance of the sender (RFC 9293 §3.8.6.2.1): a full segment, or all there is (the Nagle algorithm is
    /// off: applications write whole replies), or half of the largest window seen. The override timeout is the persist timer.
    /// </summary>
    private bool IsWorthSending(int length, int queued, int textMax) =>
        length == textMax || length == queued || length >= _snd.MaxWnd / 2;

    /// <summary>Adds PSH at the end of what there is, and our FIN where it belongs and the peer's window has room.</summary>
    private SegmentPlan PlanText(SegmentKind kind, SeqNumber seq, int length)
    {
        TcpFlags flags = TcpFlags.Ack;
        if (seq + length == EndOfText) flags = _hasClosed ? LastFlagsSlow(kind, length) : PushedText;
        return new SegmentPlan(kind, seq, flags, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TcpFlags LastFlagsSlow(SegmentKind kind, int length)
    {
        bool hasRoom = kind == SegmentKind.WindowProbe ? length == 0 : _snd.Fin - _snd.Una < _snd.Wnd;
        // What is sent again occupies no new sequence number: a FIN that did not leave yet goes its own way, or its
        // acknowledgment would be one of something never sent.
        bool isFinKnown = kind != SegmentKind.Retransmission || _snd.Nxt > _snd.Fin;
        return hasRoom && isFinKnown ? PushedText | TcpFlags.Fin : PushedText;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Write(in SegmentPlan plan, Span<byte> room)
    {
        bool isSyn = plan.Kind == SegmentKind.Syn;
        int size = isSyn ? WriteSynOptionsSlow(room) : WriteOptions(room);
        SeqNumber ack = plan.HasAck ? _rcv.Nxt : default;
        TcpHeader.Emit(room, size, _flow.Ports, plan.Seq, ack, plan.Flags, _rcv.WindowField(isSyn));
        // Text is never sent before the handshake is done, so Una is the first byte's number.
        if (plan.TextLength > 0)
            Output.CopyTo(plan.Seq - _snd.Una, room.Slice(size, plan.TextLength));
        return size + plan.TextLength;
    }

    /// <summary>Writes the options of any segment but a SYN; returns the size of the header with them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int WriteOptions(Span<byte> room)
    {
        if (!_timestamps.IsEnabled) return TcpHeader.MinSize;
        TcpOptions.WriteTimestamps(room.Slice(TcpHeader.MinSize), _timestamps.TsVal(_tcp.Now), _timestamps.Recent);
        return TcpHeader.MinSize + TcpOptions.TimestampsSize;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int WriteSynOptionsSlow(Span<byte> room)
    {
        var options = new TcpOptions
        {
            Mss = OwnMss,
            // A SYN,ACK may only carry what the SYN offered; a shift of zero still tells that we can scale.
            HasWindowScale = State == TcpState.SynSent || _isScalingOffered,
            WindowScale = OfferedWindowScale,
            HasTimestamps = _timestamps.IsEnabled,
            TsVal = _timestamps.TsVal(_tcp.Now),
            // Zero in SYN-SENT: there is nothing to echo yet.
            TsEcr = _timestamps.Recent,
        };
        options.Write(room.Slice(TcpHeader.MinSize));
        return TcpHeader.MinSize + options.Size;
    }

    /// <summary>Takes note of a segment that was written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Account(in SegmentPlan plan)
    {
        _tcp.Counters.SegmentsOut++;
        _tcp.Counters.OctetsOut += plan.TextLength;
        if (plan.TextLength > 0) _textSentAt = _tcp.Now;
        if (plan.HasAck)
        {
            _isAckNow = false;
            _delayedAckAt = Never;
            _rcv.LastAckSent = _rcv.Nxt;
        }
        if (plan.Kind is SegmentKind.Text or SegmentKind.Syn) AccountText(in plan);
        else if (plan.Kind != SegmentKind.Ack) AccountOtherSlow(plan);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AccountOtherSlow(SegmentPlan plan)
    {
        switch (plan.Kind)
        {
            case SegmentKind.Retransmission:
                _tcp.Counters.Retransmissions++;
                _tcp.Counters.FastRetransmissions++;
                _recovery.Retransmitted();
                StopTiming();
                StartRetransmitting();
                break;
            case SegmentKind.WindowProbe:
                _tcp.Counters.WindowProbes++;
                _isProbeDue = false;
                // The octet may be accepted, so it counts as sent; the cursor stays, because it may also be refused.
                if (plan.End > _snd.Nxt) _snd.Nxt = plan.End;
                break;
            case SegmentKind.KeepaliveProbe:
                _tcp.Counters.KeepaliveProbes++;
                _isKeepaliveProbeDue = false;
                break;
            case SegmentKind.Reset:
                _tcp.Counters.ResetsSent++;
                _wantsReset = false;
                break;
            default:
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AccountText(in SegmentPlan plan)
    {
        if (_snd.Nxt == _snd.Una || _isPersisting) _progressAt = _tcp.Now;
        bool isRetransmission = plan.Seq < _snd.Nxt;
        SeqNumber end = plan.End;
        _snd.Cursor = end;
        if (end > _snd.Nxt) _snd.Nxt = end;
        if (isRetransmission)
        {
            _tcp.Counters.Retransmissions++;
            StopTiming();
        }
        else if (!_isTiming)
        {
            _isTiming = true;
            _timedSeq = end;
            _timedAt = _tcp.Now;
        }
        _isProbeDue = false;
        // RFC 6298 (5.1): "every time a packet containing data is sent, if the timer is not running, start it running".
        if (_isPersisting || _retransmitAt == Never) StartRetransmitting();
    }

    /// <summary>Karn's algorithm: the answer to a segment that was sent twice says nothing.</summary>
    private void StopTiming()
    {
        _isTiming = false;
        _retransmittedAt = _tcp.Now;
    }

    /// <summary>Announces the free room of the receive buffer, if it has grown enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void UpdateEdge()
    {
        if (CanReceiveText) _rcv.AdvanceEdge(_received.Room, _received.Capacity);
    }

    /// <summary>RFC 5681 §4.1: no text was sent for longer than the retransmission timeout.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RestartAfterIdle()
    {
        if (_congestion.HasGrown && !_snd.IsOutstanding && _tcp.Now - _textSentAt > _rto.Rto) _congestion.Idled();
    }

    /// <summary>Says the SYN again.</summary>
    private void RepeatSyn() => _snd.Cursor = _snd.Iss;

    private void ResetEmission()
    {
        _isAckNow = false;
        _isTiming = false;
        _isProbeDue = false;
        _isKeepaliveProbeDue = false;
        _textSentAt = _tcp.Now;
    }

    private static SeqNumber Earlier(SeqNumber left, SeqNumber right) => left < right ? left : right;
}
