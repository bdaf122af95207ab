using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The seventh and eighth step of RFC 9293 §3.10.7.4, text and FIN, and what of it the application has seen.
/// </summary>
/// <remarks>
/// RCV.NXT advances over what the application took and what the receive buffer could keep; the rest of a segment was never
/// received, and the peer sends it again. So an exhausted pool loses nothing.
/// </remarks>
public sealed partial class TcpConnection
{
    private bool _isPaused;
    private bool _isPeerClosedPending;
    private bool _isWritableWanted;
    private bool _isRetryDue;
    private bool _isYielding;

    /// <summary>False if none of the following can be true: there is nothing to tell the application.</summary>
    internal bool MayHaveNews
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _isWritableWanted || _isPeerClosedPending || _received.Length > 0;
    }

    /// <summary>Bytes that the application left in Receive are waiting to be offered again.</summary>
    internal bool HasOffer => !_isPaused && _received.Length > 0;

    /// <summary>The application should be told that the peer has closed.</summary>
    internal bool IsPeerClosedDue => _isPeerClosedPending && _received.Length == 0;

    /// <summary>The application wanted room in the output, and there is some again.</summary>
    internal bool IsWritableDue
    {
        get
        {
            if (!_isWritableWanted || _isYielding) return false;
            if (!_hasOutputDropped && !_isRetryDue) return false;
            return Output.Length <= Output.Capacity / 2;
        }
    }

    /// <summary>The connection is over for the application: everything was told, and what is left is TIME-WAIT.</summary>
    internal bool IsOver => State == TcpState.TimeWait && _received.Length == 0 && !_isPeerClosedPending;

    /// <summary>
    /// Nobody here wants anything of it any more: TIME-WAIT, or FIN-WAIT-2 with a peer who does not close. Its slot goes
    /// to whoever comes when there is none left.
    /// </summary>
    internal bool IsOnlyWaiting =>
        State == TcpState.TimeWait ? !IsAttached : State == TcpState.FinWait2 && _received.Length == 0;

    private bool CanReceiveText
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2;
    }

    /// <summary>
    /// The part of a segment's text that lies in the window. True if it is the next in order: then it goes to
    /// <see cref="Receives"/>, else to <see cref="KeepForLater"/>.
    /// </summary>
    internal bool TryTrim(in Segment seg, out SeqNumber seq, out ReadOnlySpan<byte> text)
    {
        seq = seg.Seq;
        text = seg.Text;
        if (!CanReceiveText) text = default;
        int before = _rcv.Nxt - seq;
        if (before > 0)
        {
            text = before < text.Length ? text.Slice(before) : default;
            seq = _rcv.Nxt;
        }
        int room = _rcv.Edge - seq;
        if (text.Length > room) text = text.Slice(0, Math.Max(room, 0));
        if (text.Length == 0) return false;
        NoteTextLength(seg.Text.Length);
        return seq == _rcv.Nxt;
    }

    /// <summary>Whether the next bytes go straight to the application; if not, they queue behind what it left.</summary>
    internal bool IsDirect
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _received.Length == 0 && IsAttached;
    }

    /// <summary>
    /// Accounts for the next bytes, of which the application took the first <paramref name="taken"/>; keeps the others.
    /// Returns how many were received: less than all if the pool is exhausted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Receives(ReadOnlySpan<byte> text, int taken)
    {
        Invariant.Holds((uint)taken <= (uint)text.Length);
        int received = taken;
        if (taken < text.Length) received += KeepSlow(text.Slice(taken));
        _rcv.Nxt += received;
        _tcp.Counters.OctetsIn += received;
        return received;
    }

    /// <summary>Keeps what the application did not take, as far as there is room.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int KeepSlow(ReadOnlySpan<byte> text)
    {
        // A direct offer that was not taken whole: do not ask again until there is a reason.
        if (_received.Length == 0 && IsAttached) Pause();
        int kept = _received.Append(text);
        _tcp.Counters.OctetsNotKept += text.Length - kept;
        return kept;
    }

    /// <summary>The bytes to offer again.</summary>
    internal ReadOnlySpan<byte> PeekReceived() => _received.Peek();

    /// <summary>The application took the first <paramref name="taken"/> of the <paramref name="offered"/> bytes.</summary>
    internal void Took(int taken, int offered)
    {
        Invariant.Holds((uint)taken <= (uint)offered);
        _received.Drop(taken);
        if (taken < offered) Pause();
        // A window that was closed opens when there is room worth telling; nobody else would say so.
        if (IsWindowUpdateDue()) AcknowledgeNow();
    }

    /// <summary>Kept text that has become the next in order, because what was missing arrived.</summary>
    internal bool TryPeekReassembled(out ReadOnlySpan<byte> text) => _reassembly.TryPeek(_rcv.Nxt, out text);

    /// <summary>Text behind a gap: keep it, and let the peer know at once (RFC 5681 §4.2).</summary>
    internal void KeepForLater(SeqNumber seq, ReadOnlySpan<byte> text)
    {
        _tcp.Counters.OutOfOrderSegments++;
        // Promised before the buffers were limited: behind the gap it would take the chunks that the buffer may not.
        int room = _received.Room - (seq - _rcv.Nxt);
        if (text.Length > room)
        {
            int kept = Math.Max(room, 0);
            _tcp.Counters.OctetsNotKept += text.Length - kept;
            text = text.Slice(0, kept);
        }
        if (text.Length > 0) _tcp.Counters.OctetsNotKept += _reassembly.Insert(seq, text);
        if (_gapExpiresAt == Never && !_reassembly.IsEmpty) _gapExpiresAt = Deadline(_tcp.Now + GapLifeMicros);
        AcknowledgeNow();
    }

    /// <summary>
    /// RFC 9293 §3.8.6.3 and RFC 5681 §4.2: acknowledge at least every second full-sized segment, at once when a gap was
    /// filled, and otherwise wait a little for a segment that can carry the acknowledgment.
    /// </summary>
    internal void AcknowledgeText(bool hasFilledGap)
    {
        if (_reassembly.IsEmpty) _gapExpiresAt = Never;
        else if (hasFilledGap) _gapExpiresAt = Deadline(_tcp.Now + GapLifeMicros);
        if (hasFilledGap || !_reassembly.IsEmpty) AcknowledgeNow();
        else AcknowledgeTextInOrder();
    }

    /// <summary><see cref="AcknowledgeText"/> if there is no gap and was none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AcknowledgeTextInOrder()
    {
        int unacknowledged = _rcv.Nxt - _rcv.LastAckSent;
        if (unacknowledged >= 2 * _rcv.TextLengthMax) AcknowledgeNow();
        else if (_delayedAckAt == Never) _delayedAckAt = Deadline(_tcp.Now + _tcp.Settings.DelayedAckMicros);
    }

    /// <summary>Eighth, check the FIN bit, of this segment or of one that came ahead of its text.</summary>
    internal void CheckFin(in Segment seg)
    {
        if (seg.HasFin && CanReceiveText)
        {
            SeqNumber fin = seg.End - 1;
            if (fin < _rcv.Nxt || fin > _rcv.Edge) return;
            _rcv.Fin = fin;
            _rcv.HasFin = true;
            // Ahead of its text it is like any segment behind a gap.
            AcknowledgeNow();
        }
        if (!_rcv.HasFin || _rcv.Nxt != _rcv.Fin || !CanReceiveText) return;
        _rcv.Nxt += 1;
        if (_rcv.Edge < _rcv.Nxt) _rcv.Edge = _rcv.Nxt;
        _reassembly.Clear();
        _gapExpiresAt = Never;
        _isPeerClosedPending = true;
        AcknowledgeNow();
        switch (State)
        {
            case TcpState.Established:
                Become(TcpState.CloseWait);
                break;
            case TcpState.FinWait1:
                // Our FIN is not acknowledged yet, or CheckAck would have moved on.
                Become(TcpState.Closing);
                break;
            default:
                EnterTimeWait();
                break;
        }
    }

    private void NoteTextLength(int length)
    {
        if (length > _rcv.TextLengthMax) _rcv.TextLengthMax = Math.Max(_rcv.TextLengthMax, Math.Min(length, OwnMss));
    }

    /// <summary>Takes note of what a callback left behind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CallbackReturned()
    {
        if (Output.Length > Output.Capacity >> 1) _isWritableWanted = true;
    }

    /// <summary>The Writable callback is about to run; what was left in Receive is offered after it.</summary>
    internal void WritableTold()
    {
        _isWritableWanted = false;
        _isPaused = false;
    }

    /// <summary>The others had their turn.</summary>
    internal void TurnCame()
    {
        _isYielding = false;
        _isRetryDue = true;
    }

    internal void PeerClosedTold() => _isPeerClosedPending = false;

    /// <summary>The application was told whatever was due.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Settled()
    {
        _hasOutputDropped = false;
        _isRetryDue = false;
        // Room in the output, yet the application wants it: the chunk pool is exhausted. No acknowledgment will tell us
        // when that has changed, so try again later.
        bool isWaitingForPool = _isWritableWanted && !_isYielding && Output.Length <= Output.Capacity / 2;
        if (!isWaitingForPool) _retryAt = Never;
        else if (_retryAt == Never) _retryAt = Deadline(_tcp.Now + RetryMicros);
    }

    private void Pause()
    {
        _isPaused = true;
        _isWritableWanted = true;
    }

    /// <summary>So much of the receive buffer has become free that the peer should hear of it unasked.</summary>
    private bool IsWindowUpdateDue() =>
        CanReceiveText && _rcv.Gain(_received.Room) >= Math.Min(_received.Capacity / 2, 2 * _rcv.TextLengthMax);

    private void AcknowledgeNow() => _isAckNow = true;

    private void ResetDelivery()
    {
        _isPaused = false;
        _isPeerClosedPending = false;
        _isWritableWanted = false;
        _isRetryDue = false;
        _isYielding = false;
        _hasOutputDropped = false;
        IsAcceptPending = false;
    }
}
