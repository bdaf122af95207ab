using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Wire;

public sealed class InternetChecksumTests
{
    [Fact]
    public void The_example_of_rfc_1071_section_3()
    {
        byte[] octets = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        Assert.Equal(unchecked((ushort)~0xDDF2), InternetChecksum.Compute(octets, 0));
    }

    [Fact]
    public void A_captured_ipv4_header()
    {
        byte[] header = Convert.FromHexString("45000073000040004011B861C0A80001C0A800C7");
        Assert.Equal(0, InternetChecksum.Compute(header, 0));
        header[10] = header[11] = 0;
        Assert.Equal(0xB861, InternetChecksum.Compute(header, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Equals_the_sum_taken_word_by_word_for_every_length(ulong seed)
    {
        var random = new Prng(seed);
        byte[] octets = new byte[600];
        for (int length = 0; length <= octets.Length; length++)
        {
            random.Fill(octets);
            if (length % 3 == 0) Array.Fill(octets, (byte)0xFF);
            uint initial = (uint)random.Next();
            Assert.Equal(Reference(octets.AsSpan(0, length), initial),
                InternetChecksum.Compute(octets.AsSpan(0, length), initial));
        }
    }

    [Fact]
    public void The_pseudo_header_of_ipv4_is_the_one_of_rfc_9293()
    {
        byte[] pseudo = Convert.FromHexString("C0A80001" + "C0A800C7" + "00" + "06" + "0014");
        uint sum = InternetChecksum.PseudoHeaderSum(
            IpAddress.FromV4(192, 168, 0, 1), IpAddress.FromV4(192, 168, 0, 199), 6, 20);
        Assert.Equal(InternetChecksum.Compute(pseudo, 0), InternetChecksum.Compute(default, sum));
    }

    [Fact]
    public void Storing_the_checksum_makes_the_sum_zero()
    {
        var random = new Prng(7);
        byte[] octets = new byte[101];
        for (int round = 0; round < 1000; round++)
        {
            random.Fill(octets);
            uint pseudo = InternetChecksum.PseudoHeaderSum(IpAddress.FromV4((uint)random.Next()),
                IpAddress.FromV4((uint)random.Next()), 17, octets.Length);
            octets[16] = octets[17] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(16), InternetChecksum.Compute(octets, pseudo));
            Assert.Equal(0, InternetChecksum.Compute(octets, pseudo));
        }
    }

    private static ushort Reference(ReadOnlySpan<byte> octets, uint initialSum)
    {
        ulong sum = initialSum;
        for (int i = 0; i < octets.Length; i++) sum += (ulong)octets[i] << (i % 2 == 0 ? 8 : 0);
        while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
