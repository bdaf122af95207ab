using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Wire;

public sealed class Ipv4HeaderWordsTests
{
    private static readonly IpProtocol[] s_protocols = [IpProtocol.Icmp, IpProtocol.Tcp, IpProtocol.Udp];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_template_of_one_packet_completed_for_another_is_the_header_of_the_other(ulong seed)
    {
        var random = new Prng(seed);
        byte[] first = new byte[Ipv4Header.MinSize];
        byte[] second = new byte[Ipv4Header.MinSize];
        byte[] completed = new byte[Ipv4Header.MinSize];
        for (int round = 0; round < 10_000; round++)
        {
            IpAddress source = IpAddress.FromV4((uint)random.Next());
            IpAddress destination = IpAddress.FromV4(random.Chance(1, 4) ? uint.MaxValue : (uint)random.Next());
            int length = 20 + (int)random.Below(ushort.MaxValue - 20);
            IpProtocol protocol = s_protocols[random.Below(3)];
            random.Fill(first);
            Ipv4Header.Emit(first, 20 + (int)random.Below(1480), 0, true, s_protocols[random.Below(3)], source, destination);
            Ipv4Header.Emit(second, length, 0, true, protocol, source, destination);
            Array.Fill(completed, (byte)0xA5);
            Ipv4HeaderWords template = Ipv4HeaderWords.Read(first).Template;
            Ipv4HeaderWords words = template.With(length, protocol, template.HalvesSum);
            words.Write(completed);
            Assert.Equal(second, completed);
            Assert.True(words.IsPlain);
            Assert.True(words.IsChecksumValid);
            Assert.Equal(length, words.TotalLength);
            Assert.Equal(protocol, words.Protocol);
            Assert.Equal(source, words.Source);
            Assert.Equal(destination, words.Destination);
            Assert.Equal(Ipv4HeaderWords.WordOf(source), words.SourceWord);
            Assert.Equal(Ipv4HeaderWords.WordOf(destination), words.DestinationWord);
        }
    }

    [Fact]
    public void Every_altered_bit_is_noticed()
    {
        byte[] header = Convert.FromHexString("45000073000040004011B861C0A80001C0A800C7");
        Assert.True(Ipv4HeaderWords.Read(header).IsChecksumValid);
        for (int bit = 0; bit < header.Length * 8; bit++)
        {
            header[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(Ipv4HeaderWords.Read(header).IsChecksumValid);
            header[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
