using System;
using System.Diagnostics.CodeAnalysis;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>A segment that arrived, taken apart: SEG.SEQ, SEG.ACK and so on of RFC 9293 §3.3.1.</summary>
internal ref struct Segment
{
    private TcpOptions _options;

    /// <summary>The source port above the destination port.</summary>
    public uint Ports { get; private set; }

    public SeqNumber Seq { get; private set; }

    public SeqNumber Ack { get; private set; }

    /// <summary>The window as it stands in the header, not scaled.</summary>
    public ushort WindowField { get; private set; }

    public TcpFlags Flags { get; private set; }

    public ReadOnlySpan<byte> Text { get; private set; }

    [UnscopedRef]
    public readonly ref readonly TcpOptions Options => ref _options;

    public readonly bool HasSyn => (Flags & TcpFlags.Syn) != 0;

    public readonly bool HasAck => (Flags & TcpFlags.Ack) != 0;

    public readonly bool HasRst => (Flags & TcpFlags.Rst) != 0;

    public readonly bool HasFin => (Flags & TcpFlags.Fin) != 0;

    /// <summary>SEG.LEN: the sequence numbers it occupies, SYN and FIN counted.</summary>
    public readonly int Len => Text.Length + (HasSyn ? 1 : 0) + (HasFin ? 1 : 0);

    /// <summary>One past its last sequence number.</summary>
    public readonly SeqNumber End => Seq + Len;

    /// <summary>Fails if the header or an option is malformed.</summary>
    public static bool TryParse(Span<byte> octets, out Segment segment)
    {
        segment = default;
        if (!TcpHeader.TryParse(octets, out TcpHeader header)) return false;
        if (!TcpOptions.TryParse(header.Options, out segment._options)) return false;
        segment.Ports = header.Ports;
        segment.Seq = header.Seq;
        segment.Ack = header.Ack;
        segment.WindowField = header.Window;
        segment.Flags = header.Flags;
        segment.Text = header.Text;
        return true;
    }
}
