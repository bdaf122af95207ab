using System;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>A segment that arrived, taken apart: SEG.SEQ, SEG.ACK and so on of RFC 9293 §3.3.1.</summary>
internal readonly ref struct Segment
{
    public Segment(TcpHeader header, in TcpOptions options)
    {
        Seq = header.Seq;
        Ack = header.Ack;
        WindowField = header.Window;
        Flags = header.Flags;
        Text = header.Text;
        Options = options;
    }

    public SeqNumber Seq { get; }

    public SeqNumber Ack { get; }

    /// <summary>The window as it stands in the header, not scaled.</summary>
    public ushort WindowField { get; }

    public TcpFlags Flags { get; }

    public ReadOnlySpan<byte> Text { get; }

    public TcpOptions Options { get; }

    public bool HasSyn => (Flags & TcpFlags.Syn) != 0;

    public bool HasAck => (Flags & TcpFlags.Ack) != 0;

    public bool HasRst => (Flags & TcpFlags.Rst) != 0;

    public bool HasFin => (Flags & TcpFlags.Fin) != 0;

    /// <summary>SEG.LEN: the sequence numbers it occupies, SYN and FIN counted.</summary>
    public int Len => Text.Length + (HasSyn ? 1 : 0) + (HasFin ? 1 : 0);

    /// <summary>One past its last sequence number.</summary>
    public SeqNumber End => Seq + Len;
}
