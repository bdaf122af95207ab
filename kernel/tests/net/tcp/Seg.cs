using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>A segment as a test writes it down. What is null is not compared.</summary>
public sealed record Seg(TcpFlags Flags, uint Seq, uint Ack, string Text = "")
{
    /// <summary>The window field; segments to the machine say 65535 if nothing else is given.</summary>
    public ushort? Window { get; init; }

    public ushort? Mss { get; init; }

    public byte? WindowScale { get; init; }

    public uint? TsVal { get; init; }

    public uint? TsEcr { get; init; }

    public byte[] ToOctets(ushort sourcePort, ushort destinationPort)
    {
        var options = new TcpOptions
        {
            Mss = Mss ?? 0,
            HasWindowScale = WindowScale.HasValue,
            WindowScale = WindowScale ?? 0,
            HasTimestamps = TsVal.HasValue,
            TsVal = TsVal ?? 0,
            TsEcr = TsEcr ?? 0,
        };
        int size = TcpHeader.MinSize + options.Size;
        byte[] octets = new byte[size + Text.Length];
        TcpHeader header = TcpHeader.Begin(octets, size);
        header.SourcePort = sourcePort;
        header.DestinationPort = destinationPort;
        header.Seq = new SeqNumber(Seq);
        header.Ack = new SeqNumber(Ack);
        header.Flags = Flags;
        header.Window = Window ?? 65535;
        options.Write(header.Options);
        _ = Encoding.Latin1.GetBytes(Text, header.Text);
        return octets;
    }

    public static Seg Parse(byte[] octets)
    {
        Xunit.Assert.True(TcpHeader.TryParse(octets, out TcpHeader header));
        Xunit.Assert.True(TcpOptions.TryParse(header.Options, out TcpOptions options));
        Xunit.Assert.Equal(0, BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(TcpHeader.ChecksumOffset)));
        return new Seg(header.Flags, header.Seq.Value, header.Ack.Value, Encoding.Latin1.GetString(header.Text))
        {
            Window = header.Window,
            Mss = options.Mss == 0 ? null : options.Mss,
            WindowScale = options.HasWindowScale ? options.WindowScale : null,
            TsVal = options.HasTimestamps ? options.TsVal : null,
            TsEcr = options.HasTimestamps ? options.TsEcr : null,
        };
    }

    /// <summary>True if everything that this one gives is the same in <paramref name="actual"/>; PSH does not matter.</summary>
    public bool Describes(Seg actual) =>
        (Flags & ~TcpFlags.Psh) == (actual.Flags & ~TcpFlags.Psh) &&
        Seq == actual.Seq && Ack == actual.Ack && Text == actual.Text &&
        (Window is null || Window == actual.Window) &&
        (Mss is null || Mss == actual.Mss) &&
        (WindowScale is null || WindowScale == actual.WindowScale) &&
        (TsVal is null || TsVal == actual.TsVal) &&
        (TsEcr is null || TsEcr == actual.TsEcr);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"<SEQ={Seq}><ACK={Ack}><CTL={Flags & ~TcpFlags.Psh}> window {Window}, {Text.Length} bytes '{(Text.Length > 20 ? Text[..20] + "..." : Text)}'");
}
