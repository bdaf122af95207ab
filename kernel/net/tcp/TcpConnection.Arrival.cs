using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>SEGMENT ARRIVES (RFC 9293 §3.10.7): SYN-SENT, and for the other states the first four steps.</summary>
public sealed partial class TcpConnection
{
    /// <summary>
    /// True for the usual segment of an established connection: next in order, inside of the window, with new text or a new
    /// acknowledgment, and nothing about it or before it that the other steps would look for. Those are then as good as
    /// taken but for <see cref="TakePredicted"/> and the text.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Predicts(in TcpHeader header, out ReadOnlySpan<byte> text, out ulong timestamps)
    {
        text = header.Text;
        timestamps = 0;
        if (header.SizeAndFlags != _predictedSizeAndFlags) return false;
        if (header.Seq != _rcv.Nxt) return false;
        uint acked = (uint)(header.Ack - _snd.Una);
        if (acked > _snd.FlightSize) return false;
        uint length = (uint)text.Length;
        if (length > _rcv.Wnd) return false;
        // The longest text so far is taken note of.
        if (length > (uint)_rcv.TextLengthMax) return false;
        // What repeats the last acknowledgment may count as a duplicate.
        if ((acked | length) == 0) return false;
        if (_timestamps.IsEnabled)
        {
            if (!TcpOptions.TryReadAlone(header.Options, out timestamps)) return false;
            if (_timestamps.IsOld((uint)(timestamps >> 32))) return false;
        }
        return _reassembly.IsEmpty && !_rcv.HasFin;
    }

    /// <summary>The first and the fifth step, for what was predicted.</summary>
    /// <param name="header">The segment.</param>
    /// <param name="timestamps">Its timestamps, if they are in use: TSval above TSecr.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void TakePredicted(in TcpHeader header, ulong timestamps)
    {
        Heard();
        SeqNumber seq = header.Seq;
        SeqNumber ack = header.Ack;
        if (_timestamps.IsEnabled) TakeTimestamp(seq, (uint)(timestamps >> 32));
        UpdateWindow(seq, ack, header.Window);
        if (ack != _snd.Una) Acknowledge(ack, (uint)timestamps);
    }

    /// <summary>
    /// RFC 6191 and RFC 9293 §3.10.7.4: whether a SYN in TIME-WAIT begins a new connection: it lies beyond the old one,
    /// by its timestamp or else by its sequence number. Asked before the first step, because it is outside of the window.
    /// </summary>
    internal bool IsReplacedBy(in Segment seg)
    {
        if (State != TcpState.TimeWait) return false;
        if ((seg.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) != TcpFlags.Syn) return false;
        if (_timestamps.IsEnabled && seg.Options.HasTimestamps && seg.Options.TsVal != _timestamps.Recent)
            return !_timestamps.IsOld(seg.Options.TsVal);
        return seg.Seq > _rcv.Nxt;
    }

    /// <summary>First, check the sequence number.</summary>
    internal Verdict CheckSequence(in Segment seg)
    {
        if (!CheckTimestamp(in seg)) return Verdict.Done;
        if (IsAcceptable(in seg))
        {
            Heard();
            return Verdict.Continue;
        }
        _tcp.Counters.OutOfWindow++;
        if (seg.HasRst) return Verdict.Done;
        if (State == TcpState.SynReceived && seg.HasSyn && seg.Seq == _rcv.Irs)
        {
            // The peer has not seen our SYN: say it again rather than acknowledge.
            if (_challenges.TryTake(_tcp.Now)) RepeatSyn();
            return Verdict.Done;
        }
        // RFC 9293 §3.10.7.4 eighth: "Restart the 2 MSL time-wait timeout" for a FIN that was sent again.
        if (State == TcpState.TimeWait && seg.HasFin) _expiresAt = Deadline(_tcp.Now + _tcp.Settings.TimeWaitMicros);
        // "If the RCV.WND is zero, no segments will be acceptable, but special allowance should be made to accept valid
        // ACKs": a window probe tells us the peer's window like any segment. Its text is outside of ours.
        bool isWindowProbe = _rcv.Wnd == 0 && seg.Seq == _rcv.Nxt && !seg.HasSyn;
        if (isWindowProbe) Heard();
        // "If an incoming segment is not acceptable, an acknowledgment should be sent in reply." A segment without text
        // asks for nothing, so two connections could answer each other for ever: those are counted.
        if (seg.Len > 0 && !seg.HasSyn) AcknowledgeNow();
        else Challenge();
        return isWindowProbe ? Verdict.Continue : Verdict.Done;
    }

    /// <summary>Second, check the RST bit, as RFC 5961 §3.2 has it.</summary>
    internal Verdict CheckReset(in Segment seg)
    {
        if (!seg.HasRst) return Verdict.Continue;
        if (seg.Seq != _rcv.Nxt)
        {
            // In the window but not exactly next: a guess, or a peer whose challenge will bring the exact number.
            Challenge();
            return Verdict.Done;
        }
        _tcp.Counters.ResetsReceived++;
        bool hasEnded = State is TcpState.Closing or TcpState.LastAck or TcpState.TimeWait;
        Die(hasEnded ? CloseReason.Normal : CloseReason.Reset);
        return Verdict.Done;
    }

    /// <summary>Fourth, check the SYN bit: RFC 5961 §4.2 answers it with a challenge, whatever its number.</summary>
    internal Verdict CheckSyn(in Segment seg)
    {
        if (!seg.HasSyn) return Verdict.Continue;
        Challenge();
        return Verdict.Done;
    }

    /// <summary>The SYN-SENT state (RFC 9293 §3.10.7.3).</summary>
    internal Verdict ArrivesInSynSent(in Segment seg)
    {
        // First, check the ACK bit.
        if (seg.HasAck && (seg.Ack <= _snd.Iss || seg.Ack > _snd.Nxt))
        {
            _tcp.Counters.AcksRejected++;
            _tcp.Replies.Refuse(in _flow, in seg);
            return Verdict.Done;
        }
        // Second, check the RST bit.
        if (seg.HasRst)
        {
            if (!seg.HasAck) return Verdict.Done;
            _tcp.Counters.ResetsReceived++;
            Die(CloseReason.Refused);
            return Verdict.Done;
        }
        // Fourth, check the SYN bit. Fifth, "if neither of the SYN or RST bits is set, then drop the segment".
        if (!seg.HasSyn) return Verdict.Done;
        TcpOptions options = seg.Options;
        Negotiate(in options);
        _rcv.Start(seg.Seq, InitialWindow);
        Heard();
        if (seg.HasAck)
        {
            Establish(in seg);
            AcknowledgeNow();
        }
        else
        {
            // Both sides opened at once: say the SYN again, this time with an acknowledgment.
            _snd.SetWindow(seg.WindowField, seg.Seq, _snd.Iss);
            Become(TcpState.SynReceived);
            RepeatSyn();
        }
        return Verdict.Done;
    }

    /// <summary>RFC 7323 §5.3 R1 and §3.2: false if the segment is dropped because of its timestamp or the lack of it.</summary>
    private bool CheckTimestamp(in Segment seg)
    {
        if (!_timestamps.IsEnabled) return true;
        if (seg.HasRst) return true;
        if (!seg.Options.HasTimestamps)
        {
            // A repeated SYN still has its option, so this is nobody we negotiated with.
            _tcp.Counters.TimestampsRejected++;
            return false;
        }
        if (!_timestamps.IsOld(seg.Options.TsVal)) return true;
        // §5.5: after 24 days of silence TS.Recent may have wrapped, and says nothing.
        if (_tcp.Now - _lastHeardAt > TimestampLifeMicros) return true;
        _tcp.Counters.TimestampsRejected++;
        if (seg.Len > 0 && !seg.HasSyn) AcknowledgeNow();
        else Challenge();
        return false;
    }

    /// <summary>
    /// RFC 7323 §4.3 (2). Only for a segment whose acknowledgment was found valid: one with a guessed sequence number must
    /// not set the clock ahead, or PAWS would drop what the peer itself sends.
    /// </summary>
    private void TakeTimestamp(in Segment seg)
    {
        if (_timestamps.IsEnabled && seg.Options.HasTimestamps) TakeTimestamp(seg.Seq, seg.Options.TsVal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeTimestamp(SeqNumber seq, uint tsVal)
    {
        if (seq <= _rcv.LastAckSent) _timestamps.Recent = tsVal;
    }

    /// <summary>The four cases of RFC 9293 table 6.</summary>
    private bool IsAcceptable(in Segment seg)
    {
        int len = seg.Len;
        if (len == 0) return seg.Seq == _rcv.Nxt || (seg.Seq >= _rcv.Nxt && seg.Seq < _rcv.Edge);
        if (_rcv.Wnd == 0) return false;
        return seg.Seq < _rcv.Edge && seg.End > _rcv.Nxt;
    }

    /// <summary>Answers what is probably forged with an acknowledgment, as far as the connection's share goes.</summary>
    private void Challenge()
    {
        if (!_challenges.TryTake(_tcp.Now))
        {
            _tcp.Counters.ChallengeAcksSuppressed++;
            return;
        }
        _tcp.Counters.ChallengeAcks++;
        AcknowledgeNow();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Heard()
    {
        _lastHeardAt = _tcp.Now;
        _keepaliveCount = 0;
    }
}
