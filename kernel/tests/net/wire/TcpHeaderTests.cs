using System;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Wire;

public sealed class TcpHeaderTests
{
    /// <summary>A SYN of Linux: MSS 1460, SACK permitted, timestamps, window scale 7.</summary>
    private static readonly byte[] LinuxSyn = Convert.FromHexString(
        "D1C4" + "2BCB" + "8A3F1C02" + "00000000" + "A002" + "FAF0" + "0000" + "0000" +
        "020405B4" + "0402" + "080A" + "3C5A7F10" + "00000000" + "01" + "030307");

    /// <summary>A segment of a conversation: PSH, ACK, timestamps, "get a\r\n".</summary>
    private static readonly byte[] Request = Convert.FromHexString(
        "D1C4" + "2BCB" + "8A3F1C03" + "10203040" + "8018" + "01F6" + "BEEF" + "0000" +
        "0101080A" + "3C5A7F11" + "0A0B0C0D" + "67657420610D0A");

    [Fact]
    public void A_syn_is_taken_apart()
    {
        Assert.True(TcpHeader.TryParse(LinuxSyn, out TcpHeader header));
        Assert.Equal(53700, header.SourcePort);
        Assert.Equal(11211, header.DestinationPort);
        Assert.Equal(new SeqNumber(0x8A3F1C02), header.Seq);
        Assert.Equal(new SeqNumber(0), header.Ack);
        Assert.Equal(40, header.Size);
        Assert.Equal(TcpFlags.Syn, header.Flags);
        Assert.Equal(64240, header.Window);
        Assert.Equal(0, header.Text.Length);
        Assert.True(TcpOptions.TryParse(header.Options, out TcpOptions options));
        Assert.Equal(1460, options.Mss);
        Assert.True(options.HasWindowScale);
        Assert.Equal(7, options.WindowScale);
        Assert.True(options.HasTimestamps);
        Assert.Equal(0x3C5A7F10u, options.TsVal);
        Assert.Equal(0u, options.TsEcr);
    }

    [Fact]
    public void A_request_is_taken_apart_and_rebuilt()
    {
        Assert.True(TcpHeader.TryParse(Request, out TcpHeader header));
        Assert.Equal(TcpFlags.Psh | TcpFlags.Ack, header.Flags);
        Assert.Equal(0xBEEF, header.Checksum);
        Assert.True(header.Text.SequenceEqual("get a\r\n"u8));
        Assert.True(TcpOptions.TryParse(header.Options, out TcpOptions options));

        byte[] built = new byte[Request.Length];
        Array.Fill(built, (byte)0xA5);
        TcpHeader copy = TcpHeader.Begin(built, TcpHeader.MinSize + options.Size);
        copy.SourcePort = header.SourcePort;
        copy.DestinationPort = header.DestinationPort;
        copy.Seq = header.Seq;
        copy.Ack = header.Ack;
        copy.Flags = header.Flags;
        copy.Window = header.Window;
        copy.Checksum = header.Checksum;
        copy.UrgentPointer = header.UrgentPointer;
        options.Write(copy.Options);
        header.Text.CopyTo(copy.Text);
        Assert.Equal(Request, built);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_header_written_at_once_is_what_its_fields_make_it(ulong seed)
    {
        var random = new Prng(seed);
        byte[] expected = new byte[TcpHeader.MaxSize];
        byte[] actual = new byte[TcpHeader.MaxSize];
        for (int size = TcpHeader.MinSize; size <= TcpHeader.MaxSize; size += 4)
        {
            Array.Fill(expected, (byte)0xA5);
            Array.Fill(actual, (byte)0xA5);
            ushort source = (ushort)random.Next();
            ushort destination = (ushort)random.Next();
            TcpHeader header = TcpHeader.Begin(expected, size);
            header.SourcePort = source;
            header.DestinationPort = destination;
            header.Seq = new SeqNumber((uint)random.Next());
            header.Ack = new SeqNumber((uint)random.Next());
            header.Flags = (TcpFlags)random.Next();
            header.Window = (ushort)random.Next();
            header.Options.Fill(0xA5);
            uint ports = (uint)source << 16 | destination;
            TcpHeader.Emit(actual, size, ports, header.Seq, header.Ack, header.Flags, header.Window);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Size_reserved_bits_and_flags_are_one_number_without_psh()
    {
        byte[] octets = new byte[TcpHeader.MaxSize];
        for (int word = 0; word <= ushort.MaxValue; word++)
        {
            octets[12] = (byte)(word >> 8);
            octets[13] = (byte)word;
            if (!TcpHeader.TryParse(octets, out TcpHeader header)) continue;
            bool hasReserved = (octets[12] & 0xF) != 0;
            ushort expected = TcpHeader.SizeAndFlagsOf(header.Size, header.Flags & ~TcpFlags.Psh);
            Assert.Equal(!hasReserved, header.SizeAndFlags == expected);
        }
    }

    [Theory]
    [InlineData("alone", "0101080A0102030405060708", true)]
    [InlineData("not aligned", "080A01020304050607080101", false)]
    [InlineData("with another", "0101080A01020304050607080101", false)]
    [InlineData("cut off", "0101080A01020304050607", false)]
    [InlineData("none", "", false)]
    public void Timestamps_alone_are_read_at_once(string what, string octets, bool areAlone)
    {
        byte[] options = Convert.FromHexString(octets);
        Assert.True(areAlone == TcpOptions.TryReadAlone(options, out ulong timestamps), what);
        if (!areAlone) return;
        Assert.Equal(0x0102_0304_0506_0708UL, timestamps);
        Assert.True(TcpOptions.TryParse(options, out TcpOptions read));
        Assert.Equal(timestamps, (ulong)read.TsVal << 32 | read.TsEcr);
    }

    [Fact]
    public void Every_prefix_of_a_header_is_refused()
    {
        for (int length = 0; length < 40; length++)
            Assert.False(TcpHeader.TryParse(LinuxSyn.AsSpan(0, length), out _));
        for (int length = 32; length <= Request.Length; length++)
        {
            Assert.True(TcpHeader.TryParse(Request.AsSpan(0, length), out TcpHeader header));
            Assert.Equal(length - 32, header.Text.Length);
        }
    }

    [Fact]
    public void A_data_offset_below_five_is_refused()
    {
        byte[] octets = [.. Request];
        for (int offset = 0; offset < 5; offset++)
        {
            octets[12] = (byte)(offset << 4);
            Assert.False(TcpHeader.TryParse(octets, out _));
        }
    }

    [Fact]
    public void Options_are_written_as_they_are_read()
    {
        var options = new TcpOptions
        {
            Mss = 1460,
            HasWindowScale = true,
            WindowScale = 3,
            HasTimestamps = true,
            TsVal = 0x01020304,
            TsEcr = 0x05060708,
        };
        byte[] octets = new byte[options.Size];
        Array.Fill(octets, (byte)0xA5);
        options.Write(octets);
        Assert.Equal(Convert.FromHexString("020405B4" + "01030303" + "0101080A" + "01020304" + "05060708"), octets);
        Assert.True(TcpOptions.TryParse(octets, out TcpOptions read));
        Assert.Equal(options, read);
    }

    [Theory]
    [InlineData("nothing", "", true)]
    [InlineData("end of list, then anything", "0002FF", true)]
    [InlineData("no-operations", "010101", true)]
    [InlineData("an unknown option", "FD04ABCD", true)]
    [InlineData("an unknown option without its length", "FD", false)]
    [InlineData("a length of zero", "FD00", false)]
    [InlineData("a length of one", "FD01", false)]
    [InlineData("a length beyond the header", "FD05ABCD", false)]
    [InlineData("a maximum segment size of three bytes", "0203AA", false)]
    [InlineData("a window scale of two bytes", "030400AA", false)]
    [InlineData("timestamps cut short", "080901020304050607", false)]
    public void Options_are_parsed_or_refused(string what, string octets, bool isFine)
    {
        Assert.True(isFine == TcpOptions.TryParse(Convert.FromHexString(octets), out _), what);
    }

    [Fact]
    public void Every_prefix_of_the_options_is_parsed_or_refused_but_never_misread()
    {
        byte[] options = LinuxSyn[20..];
        int[] fine = [0, 4, 6, 16, 17, 20];
        for (int length = 0; length <= options.Length; length++)
            Assert.Equal(fine.Contains(length), TcpOptions.TryParse(options.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_window_scale_above_14_counts_as_14()
    {
        Assert.True(TcpOptions.TryParse(Convert.FromHexString("03030F00"), out TcpOptions options));
        Assert.Equal(14, options.WindowScale);
    }
}
