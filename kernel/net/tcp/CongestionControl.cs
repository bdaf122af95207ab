using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The congestion window: slow start and congestion avoidance of RFC 5681 with its reaction to loss, and the initial
/// window of RFC 6928. What was lost is <see cref="LossRecovery"/>'s business.
/// </summary>
internal struct CongestionControl
{
    private const uint InitialWindowOctets = 14_600;
    private const uint CwndMax = 1u << 30;

    private uint _ackedInWindow;

    public uint Cwnd { get; private set; }

    public uint SsThresh { get; private set; }

    /// <summary>Sender maximum segment size: the largest text that a segment carries.</summary>
    public uint Smss { get; private set; }

    /// <summary>IW of RFC 6928 §2: min (10*MSS, max (2*MSS, 14600)).</summary>
    private uint InitialWindow { get; set; }

    /// <summary>False if <see cref="Idled"/> would change nothing.</summary>
    public readonly bool HasGrown
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Cwnd > InitialWindow;
    }

    public void Start(uint smss, bool wasSynLost)
    {
        Smss = smss;
        InitialWindow = Math.Min(10 * smss, Math.Max(2 * smss, InitialWindowOctets));
        // RFC 5681 §3.1: if the SYN or SYN/ACK is lost, the initial window is one segment.
        Cwnd = wasSynLost ? smss : InitialWindow;
        SsThresh = CwndMax;
        _ackedInWindow = 0;
    }

    /// <summary>New data was acknowledged, and no loss is being repaired.</summary>
    /// <param name="acked">How many bytes.</param>
    /// <param name="flightSize">How many bytes were on their way before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acked(uint acked, uint flightSize)
    {
        // RFC 5681 §4.3, RFC 7661: a window that is not in use says nothing about the path and does not grow.
        if (flightSize < Cwnd / 2) return;
        if (Cwnd < SsThresh)
        {
            Cwnd = Math.Min(Cwnd + Math.Min(acked, Smss), CwndMax);           // (2)
            return;
        }
        // §3.1: count the acknowledged bytes, and add a segment for each window of them.
        _ackedInWindow += acked;
        if (_ackedInWindow < Cwnd) return;
        _ackedInWindow -= Cwnd;
        Cwnd = Math.Min(Cwnd + Smss, CwndMax);
    }

    /// <summary>§3.2 steps 2 and 3: a segment was lost, and three later ones have left the network.</summary>
    public void EnterFastRecovery(uint flightSize)
    {
        SsThresh = Math.Max(flightSize / 2, 2 * Smss);                        // (4)
        Cwnd = SsThresh + 3 * Smss;
        _ackedInWindow = 0;
    }

    /// <summary>§3.2 step 4: another segment has left the network.</summary>
    public void Inflate() => Cwnd = Math.Min(Cwnd + Smss, CwndMax);

    /// <summary>RFC 6582 §3.2 step 3, partial acknowledgments: deflate by what was acknowledged, add a segment.</summary>
    public void Deflate(uint acked)
    {
        Cwnd = acked < Cwnd ? Cwnd - acked : 0;
        if (acked >= Smss) Cwnd += Smss;
        Cwnd = Math.Max(Cwnd, Smss);
    }

    /// <summary>RFC 6582 §3.2 step 3, full acknowledgments, option 1: no burst after the recovery.</summary>
    public void LeaveFastRecovery(uint flightSize) => Cwnd = Math.Min(SsThresh, Math.Max(flightSize, Smss) + Smss);

    /// <summary>§3.1: the retransmission timer expired; the loss window is one segment.</summary>
    /// <param name="flightSize">How many bytes were on their way.</param>
    /// <param name="isFirst">False if this segment was sent again by a timeout before: SSTHRESH is held constant.</param>
    public void TimedOut(uint flightSize, bool isFirst)
    {
        if (isFirst) SsThresh = Math.Max(flightSize / 2, 2 * Smss);
        Cwnd = Smss;
        _ackedInWindow = 0;
    }

    /// <summary>§4.1: nothing was sent for longer than the retransmission timeout; begin again.</summary>
    public void Idled() => Cwnd = Math.Min(Cwnd, InitialWindow);
}
