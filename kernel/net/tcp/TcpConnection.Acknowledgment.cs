using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The fifth step of RFC 9293 §3.10.7.4: what an acknowledgment tells the sender.</summary>
public sealed partial class TcpConnection
{
    private bool _hasOutputDropped;

    /// <summary>The handshake was completed by the segment being processed.</summary>
    internal bool IsAcceptPending { get; set; }

    /// <summary>Our FIN has been acknowledged.</summary>
    private bool IsFinAcknowledged => _hasClosed && _snd.Una == _snd.Fin + 1;

    /// <summary>Fifth, check the ACK field.</summary>
    internal Verdict CheckAck(in Segment seg)
    {
        if (!seg.HasAck) return Verdict.Done;
        if (State == TcpState.SynReceived)
        {
            if (seg.Ack <= _snd.Una || seg.Ack > _snd.Nxt)
            {
                _tcp.Counters.AcksRejected++;
                _tcp.Replies.Refuse(in _flow, in seg);
                return Verdict.Done;
            }
            TakeTimestamp(in seg);
            Establish(in seg);
            return Verdict.Continue;
        }
        // RFC 5961 §5.2: "(SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT. All incoming segments whose ACK value doesn't
        // satisfy the above condition MUST be discarded and an ACK sent back."
        if (seg.Ack > _snd.Nxt || seg.Ack < _snd.Una - _snd.MaxWnd)
        {
            _tcp.Counters.AcksRejected++;
            Challenge();
            return Verdict.Done;
        }
        TakeTimestamp(in seg);
        if (seg.Ack > _snd.Una) Acknowledge(seg.Ack, seg.Options.TsEcr);
        else if (IsDuplicateAck(in seg)) _recovery.DuplicateAck(in _snd, ref _congestion);
        if (seg.Ack >= _snd.Una) UpdateWindow(seg.Seq, seg.Ack, seg.WindowField);
        return CheckFinAcknowledged();
    }

    /// <summary>To ESTABLISHED, from either side's handshake: the segment acknowledges our SYN.</summary>
    private void Establish(in Segment seg)
    {
        bool wasSynLost = _rto.Backoff > 0;
        MeasureRoundTrip(seg.Ack, seg.Options.TsEcr);
        if (wasSynLost) _rto.RestartAfterLostSyn();
        int options = _timestamps.IsEnabled ? TcpOptions.TimestampsSize : 0;
        _congestion.Start((uint)(_mss - options), wasSynLost);
        // The ACK may already cover text only if the handshake was simultaneous; text is not sent before it is done.
        _snd.Una = _snd.Iss + 1;
        _snd.Cursor = _snd.Una;
        uint window = seg.HasSyn ? seg.WindowField : (uint)seg.WindowField << _snd.WindowScale;
        _snd.SetWindow(window, seg.Seq, seg.Ack);
        StopRetransmitting();
        _expiresAt = Never;
        _progressAt = _tcp.Now;
        StartKeepalive();
        Become(TcpState.Established);
        _tcp.Counters.ConnectionsOpened++;
        IsAcceptPending = true;
        if (_hasClosed) Become(TcpState.FinWait1);
    }

    /// <summary>SND.UNA &lt; SEG.ACK =&lt; SND.NXT: "set SND.UNA &lt;- SEG.ACK", and let go of what arrived.</summary>
    private void Acknowledge(SeqNumber ack, uint tsEcr)
    {
        uint acked = (uint)(ack - _snd.Una);
        MeasureRoundTrip(ack, tsEcr);
        int text = (int)acked;
        if (_hasClosed && ack == _snd.Fin + 1) text--;
        if (text > 0)
        {
            Output.Drop(text);
            _hasOutputDropped = true;
        }
        _snd.Una = ack;
        if (_snd.Cursor < ack) _snd.Cursor = ack;
        _recovery.NewAck(in _snd, acked, ref _congestion);
        _progressAt = _tcp.Now;
        // RFC 6298 (5.2), (5.3): stop the timer when all is acknowledged, else restart it.
        if (_snd.IsOutstanding) StartRetransmitting();
        else StopRetransmitting();
    }

    /// <summary>The five conditions of RFC 5681 §2.</summary>
    private bool IsDuplicateAck(in Segment seg)
    {
        if (seg.Ack != _snd.Una) return false;
        // Not even if a window probe awaits its answer: that repeats SND.UNA as long as the window is closed.
        if (!_snd.IsOutstanding) return false;
        if (seg.Len != 0) return false;
        return (uint)seg.WindowField << _snd.WindowScale == _snd.Wnd;
    }

    /// <summary>
    /// "If (SND.WL1 &lt; SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =&lt; SEG.ACK)), set SND.WND &lt;- SEG.WND": old segments
    /// do not update the window.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void UpdateWindow(SeqNumber seq, SeqNumber ack, ushort windowField)
    {
        bool isNewer = _snd.Wl1 < seq || (_snd.Wl1 == seq && _snd.Wl2 <= ack);
        if (isNewer) _snd.SetWindow((uint)windowField << _snd.WindowScale, seq, ack);
    }

    private Verdict CheckFinAcknowledged()
    {
        if (!IsFinAcknowledged) return Verdict.Continue;
        switch (State)
        {
            case TcpState.FinWait1:
                Become(TcpState.FinWait2);
                _expiresAt = Deadline(_tcp.Now + _tcp.Settings.FinWait2TimeoutMicros);
                return Verdict.Continue;
            case TcpState.Closing:
                EnterTimeWait();
                return Verdict.Done;
            case TcpState.LastAck:
                Die(CloseReason.Normal);
                return Verdict.Done;
            default:
                return Verdict.Continue;
        }
    }

    /// <summary>
    /// RFC 6298 §3 and Karn's algorithm: one measurement per round trip, of a segment that was sent once. After a timeout
    /// a timestamp may tell that this answers the retransmission and not what was sent before it (RFC 7323 §4): then the
    /// timeout need not stay backed off until new data was sent and acknowledged.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void MeasureRoundTrip(SeqNumber ack, uint tsEcr)
    {
        if (_isTiming && ack >= _timedSeq)
        {
            _isTiming = false;
            _rto.Sample(_tcp.Now - _timedAt);
            return;
        }
        if (_rto.Backoff > 0) MeasureRetransmissionSlow(tsEcr);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MeasureRetransmissionSlow(uint tsEcr)
    {
        // If timestamps are in use every segment that comes this far has them.
        if (!_timestamps.IsEnabled) return;
        if (_timestamps.TryMeasure(tsEcr, _tcp.Now, out long rttMicros) && rttMicros <= _tcp.Now - _retransmittedAt)
            _rto.Sample(rttMicros);
    }

    private void EnterTimeWait()
    {
        Become(TcpState.TimeWait);
        StopTimers();
        _expiresAt = Deadline(_tcp.Now + _tcp.Settings.TimeWaitMicros);
    }
}
