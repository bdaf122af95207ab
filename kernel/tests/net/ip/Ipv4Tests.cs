using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Ip;

public sealed class Ipv4Tests
{
    private static readonly IpAddress s_us = IpAddress.FromV4(10, 0, 0, 1);
    private static readonly IpAddress s_gateway = IpAddress.FromV4(10, 0, 0, 254);

    private readonly Ipv4Interface _interface = new(MacAddress.Read([2, 0, 0, 0, 0, 1]), 1500);

    public static TheoryData<string, string, string, Ipv4Verdict> Judgements => new()
    {
        { "to us", "10.0.0.2", "10.0.0.1", Ipv4Verdict.ForUs },
        { "to us, from far away", "192.0.2.1", "10.0.0.1", Ipv4Verdict.ForUs },
        { "from class E, which some clouds use", "240.0.0.1", "10.0.0.1", Ipv4Verdict.ForUs },
        { "to everyone on the link", "10.0.0.2", "255.255.255.255", Ipv4Verdict.ForEveryone },
        { "to everyone in the prefix", "10.0.0.2", "10.0.0.255", Ipv4Verdict.ForEveryone },
        { "to a neighbour", "10.0.0.2", "10.0.0.3", Ipv4Verdict.NotForUs },
        { "to a group", "10.0.0.2", "224.0.0.1", Ipv4Verdict.NotForUs },
        { "to another network's broadcast", "10.0.0.2", "10.0.1.255", Ipv4Verdict.NotForUs },
        { "from nobody", "0.0.0.0", "10.0.0.1", Ipv4Verdict.BadSource },
        { "from a loopback", "127.0.0.1", "10.0.0.1", Ipv4Verdict.BadSource },
        { "from a group", "239.1.2.3", "10.0.0.1", Ipv4Verdict.BadSource },
        { "from everyone", "255.255.255.255", "10.0.0.1", Ipv4Verdict.BadSource },
        { "from our broadcast", "10.0.0.255", "10.0.0.1", Ipv4Verdict.BadSource },
        { "from ourselves", "10.0.0.1", "10.0.0.1", Ipv4Verdict.BadSource },
    };

    [Theory]
    [MemberData(nameof(Judgements))]
    public void Sources_and_destinations(string name, string source, string destination, Ipv4Verdict verdict)
    {
        _interface.Configure(s_us, 24, 0);
        Assert.True(verdict == Judge(Packet(Ip(source), Ip(destination))), name);
    }

    [Fact]
    public void A_source_that_was_judged_is_judged_anew_when_our_address_changes()
    {
        _interface.Configure(s_us, 24, 0);
        Assert.Equal(Ipv4Verdict.ForUs, Judge(Packet(Ip("10.0.0.2"), s_us)));
        Assert.Equal(Ipv4Verdict.BadSource, Judge(Packet(Ip("0.0.0.0"), s_us)));
        _interface.Configure(Ip("10.0.0.2"), 24, 0);
        Assert.Equal(Ipv4Verdict.BadSource, Judge(Packet(Ip("10.0.0.2"), Ip("10.0.0.2"))));
        Assert.Equal(Ipv4Verdict.NotForUs, Judge(Packet(Ip("10.0.0.3"), s_us)));
        Assert.Equal(Ipv4Verdict.ForUs, Judge(Packet(Ip("10.0.0.3"), Ip("10.0.0.2"))));
        // The same source is a broadcast address in a smaller network.
        _interface.Configure(Ip("10.0.0.2"), 30, 0);
        Assert.Equal(Ipv4Verdict.BadSource, Judge(Packet(Ip("10.0.0.3"), Ip("10.0.0.2"))));
        _interface.Unconfigure();
        Assert.Equal(Ipv4Verdict.Unaddressed, Judge(Packet(Ip("10.0.0.1"), Ip("10.0.0.2"))));
    }

    [Fact]
    public void Without_an_address_every_destination_might_be_ours()
    {
        Assert.Equal(Ipv4Verdict.Unaddressed, Judge(Packet(Ip("10.0.2.2"), Ip("10.0.2.15"))));
        Assert.Equal(Ipv4Verdict.ForEveryone, Judge(Packet(Ip("10.0.2.2"), Ip("255.255.255.255"))));
        Assert.Equal(Ipv4Verdict.BadSource, Judge(Packet(Ip("0.0.0.0"), Ip("255.255.255.255"))));
    }

    [Fact]
    public void Damage_is_noticed()
    {
        _interface.Configure(s_us, 24, 0);
        byte[] packet = Packet(s_gateway, s_us);
        for (int bit = 0; bit < Ipv4Header.MinSize * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Judge(packet) is Ipv4Verdict.Malformed or Ipv4Verdict.BadChecksum, $"bit {bit}");
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(Ipv4Verdict.ForUs, Judge(packet));
    }

    [Theory]
    [InlineData("10.0.0.1", 24)]
    [InlineData("10.0.0.1", 31)]
    [InlineData("10.0.0.1", 32)]
    [InlineData("10.0.0.255", 24)]
    [InlineData("10.0.0.255", 1)]
    [InlineData("255.255.255.255", 32)]
    [InlineData("0.0.0.0", 0)]
    public void However_packets_are_altered_words_and_fields_are_judged_alike(string address, int prefixLength)
    {
        if (prefixLength > 0) _interface.Configure(Ip(address), prefixLength, 0);
        var random = new Prng((ulong)prefixLength);
        IpAddress[] addresses =
        [
            _interface.Address, s_us, s_gateway, Ip("10.0.0.255"), Ip("0.0.0.0"), Ip("127.0.0.1"), Ip("224.0.0.1"),
            Ip("255.255.255.255"), Ip("127.255.255.255"), IpAddress.FromV4((uint)random.Next()),
        ];
        int forUsCount = 0;
        for (int round = 0; round < 20_000; round++)
        {
            IpAddress source = addresses[random.Below((uint)addresses.Length)];
            IpAddress destination = addresses[random.Chance(1, 2) ? 0 : random.Below((uint)addresses.Length)];
            byte[] packet = Packet(source, destination);
            // Version, header length, total length and fragmentation, an octet of which is another one.
            if (random.Chance(1, 2)) packet[random.Below(8)] = (byte)random.Next();
            if (random.Chance(1, 4)) packet[0] = (byte)(0x44 + random.Below(4));
            if (random.Chance(3, 4)) FixChecksum(packet);
            if (random.Chance(1, 8)) packet = packet[..(int)random.Below(47)];
            if (Judge(packet) == Ipv4Verdict.ForUs) forUsCount++;
        }
        // Our address is everyone's there, or nobody's.
        bool isNoUnicast = address.StartsWith("255") || address == "0.0.0.0" || (address == "10.0.0.255" && prefixLength == 24);
        Assert.Equal(isNoUnicast, forUsCount == 0);
    }

    [Fact]
    public void A_time_to_live_of_zero_is_no_reason_to_drop()
    {
        _interface.Configure(s_us, 24, 0);
        byte[] packet = Packet(s_gateway, s_us);
        packet[8] = 0;
        FixChecksum(packet);
        Assert.Equal(Ipv4Verdict.ForUs, Judge(packet));
    }

    [Theory]
    [InlineData(0x2000)]
    [InlineData(0x0001)]
    public void Fragments_are_told_apart(int field)
    {
        _interface.Configure(s_us, 24, 0);
        byte[] packet = Packet(s_gateway, s_us);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)field);
        FixChecksum(packet);
        Assert.Equal(Ipv4Verdict.Fragment, Judge(packet));
    }

    [Fact]
    public void Neighbours_are_reached_directly_and_the_rest_through_the_gateway()
    {
        _interface.Configure(s_us, 24, 0);
        Assert.False(_interface.Routes.TryFind(Ip("192.0.2.1"), out _));
        _interface.AddGateway(s_gateway);
        Assert.Equal(Ip("10.0.0.77"), NextHop("10.0.0.77"));
        Assert.Equal(s_gateway, NextHop("192.0.2.1"));
        Assert.Equal(s_gateway, NextHop("10.0.0.254"));
    }

    [Fact]
    public void A_host_prefix_with_a_gateway_outside_of_it_works()
    {
        _interface.Configure(Ip("10.128.0.5"), 32, 1460);
        _interface.AddGateway(Ip("10.128.0.1"));
        Assert.Equal(1460, _interface.Mtu);
        Assert.Equal(Ip("10.128.0.1"), NextHop("10.128.0.6"));
        Assert.Equal(Ip("10.128.0.1"), NextHop("10.128.0.1"));
        Assert.False(_interface.IsBroadcast(Ip("10.128.0.5")));
    }

    [Fact]
    public void The_longest_prefix_decides_whatever_the_order_of_adding()
    {
        RouteTable routes = _interface.Routes;
        Assert.True(routes.TryAdd(Ip("0.0.0.0"), 0, Ip("10.0.0.1")));
        Assert.True(routes.TryAdd(Ip("10.1.2.3"), 32, Ip("10.0.0.4")));
        Assert.True(routes.TryAdd(Ip("10.0.0.0"), 8, Ip("10.0.0.2")));
        Assert.True(routes.TryAdd(Ip("10.1.0.0"), 16, Ip("0.0.0.0")));
        Assert.True(routes.TryAdd(Ip("10.0.0.0"), 8, Ip("10.0.0.99"))); // the first of two equals stays
        Assert.Equal(Ip("10.0.0.1"), NextHop("192.0.2.1"));
        Assert.Equal(Ip("10.0.0.2"), NextHop("10.200.0.1"));
        Assert.Equal(Ip("10.1.9.9"), NextHop("10.1.9.9"));
        Assert.Equal(Ip("10.0.0.4"), NextHop("10.1.2.3"));
    }

    [Fact]
    public void A_full_route_table_refuses()
    {
        for (int i = 0; i < RouteTable.CountMax; i++) Assert.True(_interface.Routes.TryAdd(Ip("10.0.0.0"), i, s_gateway));
        Assert.False(_interface.Routes.TryAdd(Ip("10.0.0.0"), 32, s_gateway));
    }

    [Theory]
    [InlineData(0, 1500)]
    [InlineData(1460, 1460)]
    [InlineData(9001, 1500)]
    [InlineData(20, Ipv4Interface.MtuMin)]
    public void The_mtu_stays_between_what_is_possible(int offered, int expected)
    {
        _interface.Configure(s_us, 24, offered);
        Assert.Equal(expected, _interface.Mtu);
        _interface.Unconfigure();
        Assert.Equal(1500, _interface.Mtu);
    }

    [Fact]
    public void Prefixes_of_31_and_32_bits_have_no_broadcast_address()
    {
        _interface.Configure(Ip("10.0.0.1"), 31, 0);
        Assert.False(_interface.IsBroadcast(Ip("10.0.0.1")));
        _interface.Configure(Ip("10.0.0.1"), 30, 0);
        Assert.True(_interface.IsBroadcast(Ip("10.0.0.3")));
    }

    [Fact]
    public void Narrow_paths_are_remembered_for_ten_minutes()
    {
        var table = new PathMtuTable();
        IpAddress far = Ip("192.0.2.1");
        Assert.False(table.IsTooLong(far, 1500, 1));
        table.Arrives(far, 1400, 1500, 1);
        Assert.True(table.IsTooLong(far, 1401, 2));
        Assert.False(table.IsTooLong(far, 1400, 2));
        Assert.False(table.IsTooLong(s_gateway, 1500, 2));
        Assert.True(table.IsTooLong(far, 1500, PathMtuTable.LifetimeMicros));
        Assert.False(table.IsTooLong(far, 1500, PathMtuTable.LifetimeMicros + 1));
    }

    [Theory]
    [InlineData("silent about its MTU", 0, 1500, 1492)]
    [InlineData("silent, small packet", 0, 300, 296)]
    [InlineData("silent, tiny packet", 0, 200, 68)]
    [InlineData("a plausible value", 1280, 1500, 1280)]
    public void Routers_say_how_narrow(string name, int nextHopMtu, int packetLength, int expected)
    {
        var table = new PathMtuTable();
        table.Arrives(s_gateway, nextHopMtu, packetLength, 1);
        Assert.True(table.IsTooLong(s_gateway, expected + 1, 1), name);
        Assert.False(table.IsTooLong(s_gateway, expected, 1), name);
    }

    [Fact]
    public void A_message_about_a_packet_that_fits_is_nonsense()
    {
        var table = new PathMtuTable();
        table.Arrives(s_gateway, 1500, 1500, 1);
        table.Arrives(s_gateway, 0, 40, 1);
        Assert.False(table.IsTooLong(s_gateway, 65535, 1));
    }

    [Fact]
    public void The_least_recent_path_makes_room()
    {
        var table = new PathMtuTable();
        for (uint i = 0; i < 65; i++) table.Arrives(IpAddress.FromV4(i + 1), 1000, 1500, i);
        Assert.False(table.IsTooLong(IpAddress.FromV4(1), 1500, 100));
        for (uint i = 1; i < 65; i++) Assert.True(table.IsTooLong(IpAddress.FromV4(i + 1), 1500, 100));
    }

    private static IpAddress Ip(string text) => Addresses.Parse(text);

    private static byte[] Packet(IpAddress source, IpAddress destination)
    {
        byte[] packet = new byte[46];
        Ipv4Header.Emit(packet, 40, 1, true, IpProtocol.Udp, source, destination);
        return packet;
    }

    private static void FixChecksum(byte[] packet)
    {
        packet[10] = packet[11] = 0;
        int length = Math.Clamp((packet[0] & 0xF) * 4, 20, packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Compute(packet.AsSpan(0, length), 0));
    }

    /// <summary>What is judged in words at once is judged alike.</summary>
    private Ipv4Verdict Judge(byte[] packet)
    {
        Ipv4Verdict verdict = Ipv4Input.Judge(packet, _interface, out Ipv4Header header);
        bool isPlain = verdict == Ipv4Verdict.ForUs && header.HeaderLength == Ipv4Header.MinSize;
        Assert.Equal(isPlain, Ipv4Input.IsPlainlyForUs(packet, _interface, out Ipv4HeaderWords words));
        // Whoever was judged last is not judged again.
        Assert.Equal(isPlain, Ipv4Input.IsPlainlyForUs(packet, _interface, out words));
        if (!isPlain) return verdict;
        Assert.Equal(header.Source, words.Source);
        Assert.Equal(header.Destination, words.Destination);
        Assert.Equal(header.Protocol, words.Protocol);
        Assert.Equal(header.TotalLength, words.TotalLength);
        return verdict;
    }

    private IpAddress NextHop(string destination)
    {
        Assert.True(_interface.Routes.TryFind(Ip(destination), out IpAddress nextHop));
        return nextHop;
    }
}
