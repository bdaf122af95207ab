using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Wire;

/// <summary>Golden bytes: captured packets are taken apart, rebuilt on poisoned ground, and every prefix is refused.</summary>
public sealed class WireTests
{
    private static readonly IpAddress s_one = IpAddress.FromV4(10, 0, 0, 1), s_two = IpAddress.FromV4(10, 0, 0, 2);
    private static readonly MacAddress s_macOne = MacAddress.Read([2, 0, 0, 0, 0, 0xA]);
    private static readonly MacAddress s_macTwo = MacAddress.Read([2, 0, 0, 0, 0, 0xB]);

    [Fact]
    public void Ethernet()
    {
        byte[] octets = Captured.EchoRequest;
        Assert.True(EthernetFrame.TryParse(octets, out EthernetFrame frame));
        Assert.Equal(s_macTwo, frame.Destination);
        Assert.Equal(s_macOne, frame.Source);
        Assert.Equal(EtherType.Ipv4, frame.EtherType);
        Assert.Equal(octets.Length - 14, frame.Payload.Length);
        byte[] rebuilt = Poisoned(14);
        EthernetFrame.Emit(rebuilt, frame.Destination, frame.Source, frame.EtherType);
        Assert.Equal(octets[..14], rebuilt);
        for (int n = 0; n < 14; n++) Assert.False(EthernetFrame.TryParse(octets.AsSpan(0, n), out _));
    }

    [Fact]
    public void Arp()
    {
        byte[] octets = Captured.ArpReply[14..];
        Assert.True(ArpPacket.TryParse(octets, out ArpPacket packet));
        Assert.Equal(ArpOperation.Reply, packet.Operation);
        Assert.Equal(s_macTwo, packet.SenderHardware);
        Assert.Equal(s_two, packet.SenderProtocol);
        Assert.Equal(s_macOne, packet.TargetHardware);
        Assert.Equal(s_one, packet.TargetProtocol);
        byte[] rebuilt = Poisoned(28);
        ArpPacket.Emit(rebuilt, ArpOperation.Reply, s_macTwo, s_two, s_macOne, s_one);
        Assert.Equal(octets, rebuilt);
        ArpPacket.Emit(rebuilt, ArpOperation.Request, s_macOne, s_one, default, s_two);
        Assert.Equal(Captured.ArpRequest[14..], rebuilt);
        for (int n = 0; n < octets.Length; n++) Assert.False(ArpPacket.TryParse(octets.AsSpan(0, n), out _));
    }

    [Theory]
    [InlineData(1, "hardware type")]
    [InlineData(3, "protocol type")]
    [InlineData(4, "hardware length")]
    [InlineData(5, "protocol length")]
    public void Arp_about_other_protocols_is_refused(int offset, string field)
    {
        byte[] octets = Captured.ArpReply[14..];
        octets[offset] ^= 2;
        Assert.False(ArpPacket.TryParse(octets, out _), field);
    }

    [Fact]
    public void Ipv4()
    {
        byte[] octets = Captured.EchoRequest[14..];
        Assert.True(Ipv4Header.TryParse(octets, out Ipv4Header header));
        Assert.Equal(20, header.HeaderLength);
        Assert.Equal(60, header.TotalLength);
        Assert.Equal(0x1024, header.Identification);
        Assert.True(header.IsDontFragment);
        Assert.False(header.IsFragment);
        Assert.Equal(64, header.TimeToLive);
        Assert.Equal(IpProtocol.Icmp, header.Protocol);
        Assert.Equal(s_one, header.Source);
        Assert.Equal(s_two, header.Destination);
        Assert.True(header.IsChecksumValid);
        Assert.Equal(40, header.Payload.Length);
        byte[] rebuilt = Poisoned(20);
        Ipv4Header.Emit(rebuilt, 60, 0x1024, true, IpProtocol.Icmp, s_one, s_two);
        Assert.Equal(octets[..20], rebuilt);
        for (int n = 0; n < octets.Length; n++) Assert.False(Ipv4Header.TryParse(octets.AsSpan(0, n), out _));
    }

    [Fact]
    public void Ipv4_sees_neither_options_nor_link_padding_as_payload()
    {
        byte[] octets = Poisoned(60);
        Ipv4Header.Emit(octets, 33, 7, false, IpProtocol.Udp, s_one, s_two);
        octets[0] = 0x48; // IHL 8: three words of options.
        Assert.True(Ipv4Header.TryParse(octets, out Ipv4Header header));
        Assert.Equal(32, header.HeaderLength);
        Assert.Equal(1, header.Payload.Length);
        octets[0] = 0x49;
        Assert.False(Ipv4Header.TryParse(octets, out _)); // header beyond the total length
        octets[0] = 0x44;
        Assert.False(Ipv4Header.TryParse(octets, out _)); // IHL below five
        octets[0] = 0x65;
        Assert.False(Ipv4Header.TryParse(octets, out _)); // version 6
    }

    [Theory]
    [InlineData(0x0000, false, true)]
    [InlineData(0x4000, false, true)]
    [InlineData(0x2000, true, true)]
    [InlineData(0x0001, true, false)]
    [InlineData(0x2001, true, false)]
    public void Ipv4_knows_fragments(int field, bool isFragment, bool hasOffsetZero)
    {
        byte[] octets = Captured.EchoRequest[14..];
        octets[6] = (byte)(field >> 8);
        octets[7] = (byte)field;
        Assert.True(Ipv4Header.TryParse(octets, out Ipv4Header header));
        Assert.Equal(isFragment, header.IsFragment);
        Assert.Equal(hasOffsetZero, header.HasOffsetZero);
    }

    [Fact]
    public void Icmp_echo()
    {
        byte[] octets = Captured.EchoRequest[34..];
        Assert.True(IcmpV4Message.TryParse(octets, out IcmpV4Message message));
        Assert.Equal(IcmpV4Type.EchoRequest, message.Type);
        Assert.True(message.IsChecksumValid);
        Assert.False(message.IsError);
        Assert.Equal(32, message.Body.Length);
        byte[] reply = Poisoned(octets.Length);
        Assert.Equal(reply.Length, IcmpV4Message.EmitEchoReply(reply, in message));
        Assert.Equal(Captured.EchoReply[34..], reply);
        for (int n = 0; n < 8; n++) Assert.False(IcmpV4Message.TryParse(octets.AsSpan(0, n), out _));
        for (int n = 8; n < octets.Length; n++)
        {
            Assert.True(IcmpV4Message.TryParse(octets.AsSpan(0, n), out IcmpV4Message cut));
            Assert.False(cut.IsChecksumValid);
        }
    }

    [Fact]
    public void Icmp_port_unreachable()
    {
        byte[] octets = Captured.PortUnreachable[34..];
        Assert.True(IcmpV4Message.TryParse(octets, out IcmpV4Message message));
        Assert.Equal(IcmpV4Type.DestinationUnreachable, message.Type);
        Assert.Equal(IcmpV4Message.PortUnreachable, message.Code);
        Assert.True(message.IsChecksumValid);
        Assert.True(message.IsError);
        Assert.True(Ipv4Header.TryParseQuoted(message.Body, out Ipv4Header quoted));
        Assert.Equal(s_one, quoted.Source);
        byte[] rebuilt = Poisoned(octets.Length);
        int length = IcmpV4Message.EmitError(rebuilt, message.Type, message.Code, quoted.Packet);
        Assert.Equal(octets, rebuilt[..length]);
        for (int n = 0; n < 20; n++) Assert.False(Ipv4Header.TryParseQuoted(message.Body[..n], out _));
    }

    [Fact]
    public void Icmp_errors_quote_no_more_than_fits_576_bytes()
    {
        byte[] room = Poisoned(1480);
        int length = IcmpV4Message.EmitError(room, IcmpV4Type.DestinationUnreachable, 3, new byte[1500]);
        Assert.Equal(556, length);
        Assert.Equal(0xA5, room[556]);
    }

    [Fact]
    public void Udp()
    {
        byte[] octets = Captured.DhcpOffer[34..];
        IpAddress server = IpAddress.FromV4(10, 0, 2, 2), everyone = IpAddress.FromV4(uint.MaxValue);
        Assert.True(UdpHeader.TryParse(octets, out UdpHeader header));
        Assert.Equal(67, header.SourcePort);
        Assert.Equal(68, header.DestinationPort);
        Assert.Equal(548, header.Payload.Length);
        Assert.True(header.HasChecksum);
        Assert.True(header.IsChecksumValid(server, everyone));
        Assert.False(header.IsChecksumValid(server, server));
        byte[] rebuilt = Poisoned(8);
        UdpHeader.Emit(rebuilt, 67, 68, 556);
        Assert.Equal([.. octets[..6], 0, 0], rebuilt);
        for (int n = 0; n < octets.Length; n++) Assert.False(UdpHeader.TryParse(octets.AsSpan(0, n), out _));
        octets[6] = octets[7] = 0;
        Assert.True(UdpHeader.TryParse(octets, out header));
        Assert.True(header.IsChecksumValid(server, server));
        octets[4] = 0;
        octets[5] = 7;
        Assert.False(UdpHeader.TryParse(octets, out _));
    }

    [Fact]
    public void Dhcp()
    {
        byte[] octets = Captured.DhcpOffer[42..];
        Assert.True(DhcpMessage.TryParse(octets, out DhcpMessage message));
        Assert.True(message.IsReply);
        Assert.Equal(0x3903F326u, message.Xid);
        Assert.Equal(IpAddress.FromV4(10, 0, 2, 15), message.Yiaddr);
        Assert.Equal(MacAddress.Read([0x52, 0x54, 0, 0x12, 0x34, 0x56]), message.Chaddr);

        byte[] rebuilt = Poisoned(548);
        DhcpMessage.EmitReply(rebuilt, message.Xid, message.Yiaddr, message.Chaddr);
        octets.AsSpan(20, 4).CopyTo(rebuilt.AsSpan(20)); // siaddr, which no client of ours reads
        var writer = new DhcpOptionWriter(rebuilt.AsSpan(240));
        var reader = new DhcpOptionReader(message.Options);
        while (reader.TryRead(out DhcpOption code, out ReadOnlySpan<byte> value)) writer.Write(code, value);
        writer.End();
        rebuilt.AsSpan(240 + writer.Length).Clear();
        Assert.Equal(octets, rebuilt);
        for (int n = 0; n < 240; n++) Assert.False(DhcpMessage.TryParse(octets.AsSpan(0, n), out _));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("ff", "")]
    [InlineData("00000000", "")]
    [InlineData("35", "")]
    [InlineData("3501", "")]
    [InlineData("350105", "53:05 ")]
    [InlineData("0000350105ff360100", "53:05 ")]
    [InlineData("3501053604c0a80001", "53:05 54:C0A80001 ")]
    [InlineData("3501053604c0a800", "53:05 ")]
    [InlineData("5000350105", "80: 53:05 ")]
    public void Dhcp_options(string octets, string expected)
    {
        var reader = new DhcpOptionReader(Convert.FromHexString(octets));
        string found = "";
        while (reader.TryRead(out DhcpOption code, out ReadOnlySpan<byte> value))
        {
            found += $"{(int)code}:{Convert.ToHexString(value)} ";
        }
        Assert.Equal(expected, found);
    }

    private static byte[] Poisoned(int length)
    {
        byte[] octets = new byte[length];
        Array.Fill(octets, (byte)0xA5);
        return octets;
    }
}
