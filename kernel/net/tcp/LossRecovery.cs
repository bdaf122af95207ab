using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// What was lost and should be sent again: fast retransmit (RFC 5681 §3.2), NewReno (RFC 6582) and limited transmit
/// (RFC 3042). It decides what to send again; how much may be on its way is <see cref="CongestionControl"/>'s business.
/// </summary>
internal struct LossRecovery
{
    private const int DuplicateAckThreshold = 3;

    private SeqNumber _recover;
    private int _duplicateAcks;

    /// <summary>True from the third duplicate acknowledgment until everything sent before it is acknowledged.</summary>
    public bool IsRecovering { get; private set; }

    /// <summary>The segment at SND.UNA should be sent again now.</summary>
    public bool WantsRetransmission { get; private set; }

    /// <summary>RFC 3042: each of the first two duplicate acknowledgments lets one new segment out, beyond CWND.</summary>
    public readonly uint LimitedTransmitCount =>
        !IsRecovering && _duplicateAcks < DuplicateAckThreshold ? (uint)_duplicateAcks : 0;

    public void Start(SeqNumber iss)
    {
        this = default;
        _recover = iss;
    }

    /// <summary>An acknowledgment that repeats SND.UNA: something behind a gap has arrived.</summary>
    public void DuplicateAck(in SendSequence snd, ref CongestionControl congestion)
    {
        _duplicateAcks++;
        if (IsRecovering)
        {
            congestion.Inflate();
            return;
        }
        if (_duplicateAcks != DuplicateAckThreshold) return;
        // RFC 6582 §3.2 step 2: the acknowledgment must cover more than recover, or the duplicates may come from segments
        // that the last recovery sent without need.
        if (snd.Una <= _recover) return;
        _recover = snd.Nxt;
        IsRecovering = true;
        WantsRetransmission = true;
        congestion.EnterFastRecovery(snd.FlightSize);
    }

    /// <summary>SND.UNA has advanced by <paramref name="acked"/>.</summary>
    /// <param name="snd">Already advanced.</param>
    /// <param name="acked">By how many sequence numbers.</param>
    /// <param name="congestion">The window that goes with it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void NewAck(in SendSequence snd, uint acked, ref CongestionControl congestion)
    {
        _duplicateAcks = 0;
        WantsRetransmission = false;
        if (!IsRecovering)
        {
            congestion.Acked(acked, snd.FlightSize + acked);
            // Keeps recover close behind, or it would seem to lie ahead once 2^31 bytes were sent without a loss.
            if (snd.Una > _recover) _recover = snd.Una - 1;
        }
        else if (snd.Una >= _recover)
        {
            IsRecovering = false;
            congestion.LeaveFastRecovery(snd.FlightSize);
        }
        else
        {
            // RFC 6582 §3.2 step 3: a partial acknowledgment points at the next segment that was lost.
            WantsRetransmission = true;
            congestion.Deflate(acked);
        }
    }

    /// <summary>The segment was sent.</summary>
    public void Retransmitted() => WantsRetransmission = false;

    /// <summary>The retransmission timer expired (RFC 6582 §3.2 step 4).</summary>
    public void TimedOut(SeqNumber nxt)
    {
        _recover = nxt;
        _duplicateAcks = 0;
        IsRecovering = false;
        WantsRetransmission = false;
    }
}
