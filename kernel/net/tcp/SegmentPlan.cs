using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What kind of segment a connection says next.</summary>
internal enum SegmentKind : byte
{
    /// <summary>Nothing but the acknowledgment and the window.</summary>
    Ack,

    /// <summary>SYN or SYN,ACK.</summary>
    Syn,

    /// <summary>Text at the cursor, or our FIN, or both.</summary>
    Text,

    /// <summary>Text at SND.UNA that the loss recovery wants to send again; the cursor stays.</summary>
    Retransmission,

    /// <summary>An octet (or our FIN) beyond the window, so that the peer tells when it opens.</summary>
    WindowProbe,

    /// <summary>Nothing new, from below the window, so that the peer answers.</summary>
    KeepaliveProbe,

    Reset,
}

/// <summary>A segment to be written.</summary>
internal readonly struct SegmentPlan
{
    public SegmentPlan(SegmentKind kind, SeqNumber seq, TcpFlags flags, int textLength = 0)
        : this(kind, seq, flags, textLength, (flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1 : 0)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SegmentPlan(SegmentKind kind, SeqNumber seq, TcpFlags flags, int textLength, int controlCount)
    {
        Kind = kind;
        Seq = seq;
        Flags = flags;
        TextLength = textLength;
        End = seq + textLength + controlCount;
    }

    /// <summary>Text at the cursor without our FIN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SegmentPlan Text(SeqNumber seq, TcpFlags flags, int length) =>
        new(SegmentKind.Text, seq, flags, length, controlCount: 0);

    public SegmentKind Kind { get; }

    public TcpFlags Flags { get; }

    public SeqNumber Seq { get; }

    public int TextLength { get; }

    /// <summary>Whether it acknowledges. Text always does, which the compiler knows of a plan whose kind it knows.</summary>
    public bool HasAck
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Kind == SegmentKind.Text || (Flags & TcpFlags.Ack) != 0;
    }

    /// <summary>One past the last sequence number it occupies.</summary>
    public SeqNumber End { get; }
}
