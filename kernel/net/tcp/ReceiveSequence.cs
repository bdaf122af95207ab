using System;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The receive sequence variables (RFC 9293 §3.3.1). Invariant: the right edge of the window never moves back, so
/// whatever the peer was ever promised is accepted.
/// </summary>
internal struct ReceiveSequence
{
    /// <summary>Initial receive sequence number.</summary>
    public SeqNumber Irs;

    /// <summary>Next sequence number expected.</summary>
    public SeqNumber Nxt;

    /// <summary>One past the last sequence number that the peer may send: RCV.NXT + RCV.WND.</summary>
    public SeqNumber Edge;

    /// <summary>Last.ACK.sent of RFC 7323.</summary>
    public SeqNumber LastAckSent;

    /// <summary>Where the peer's FIN stands; valid if <see cref="HasFin"/>.</summary>
    public SeqNumber Fin;

    /// <summary>A FIN has arrived, in order or ahead of missing text.</summary>
    public bool HasFin;

    /// <summary>Rcv.Wind.Shift of RFC 7323: how far our window field is shifted.</summary>
    public byte WindowScale;

    /// <summary>The longest text seen in a segment: what the peer takes for a full-sized one.</summary>
    public int TextLengthMax;

    public readonly uint Wnd => (uint)(Edge - Nxt);

    public void Start(SeqNumber irs, int window)
    {
        Irs = irs;
        Nxt = irs + 1;
        Edge = Nxt + window;
        LastAckSent = Nxt;
        HasFin = false;
    }

    /// <summary>By how much the edge would advance if all of the <paramref name="room"/> free bytes were announced.</summary>
    public readonly int Gain(int room) => EdgeOf(room) - Edge;

    /// <summary>Moves the edge to the end of the <paramref name="room"/> bytes that are free, if that is worth telling.</summary>
    /// <remarks>
    /// RFC 9293 §3.8.6.2.2 (MUST-39): the receiver avoids the silly window syndrome by advancing the edge only by at least
    /// a full segment or half of the buffer.
    /// </remarks>
    public void AdvanceEdge(int room, int bufferSize)
    {
        int gainMin = Math.Min(bufferSize >> 1, TextLengthMax);
        // In units of the window it may be less, never more.
        if (room - (Edge - Nxt) < gainMin) return;
        SeqNumber edge = EdgeOf(room);
        if (edge - Edge >= gainMin) Edge = edge;
    }

    /// <summary>The window field of a segment, which is unscaled in a SYN (RFC 7323 §2.2).</summary>
    public readonly ushort WindowField(bool isSyn) =>
        (ushort)Math.Min(isSyn ? Wnd : Wnd >> WindowScale, ushort.MaxValue);

    /// <summary>In multiples of the unit in which the window is announced, so that announcing it loses nothing.</summary>
    private readonly SeqNumber EdgeOf(int room) => Nxt + (room >> WindowScale << WindowScale);
}
