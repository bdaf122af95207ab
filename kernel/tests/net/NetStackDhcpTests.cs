using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Tests.Net.Dhcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A stack that gets its address from a model server on the same wire.</summary>
public sealed class NetStackDhcpTests
{
    private const long Second = 1_000_000;

    private StackUnderTest _host = new(NetSettings.Dhcp(Encoding.ASCII.GetBytes("cache-1"), mtuMax: 9000), mtu: 9000);
    private readonly ModelServer _server = new();
    private readonly List<byte[]> _others = [];

    [Fact]
    public void The_lease_becomes_address_routes_and_mtu_and_is_announced()
    {
        _server.Extra = Convert.FromHexString("1A0205B4"); // MTU 1460
        Run(0);
        Assert.True(_host.Stack.Interface.IsConfigured);
        Assert.Equal(_server.Offered, _host.Stack.Interface.Address);
        Assert.Equal(1460, _host.Stack.Interface.Mtu);
        Assert.Equal(1460, _host.Stack.Tcp.Mtu);
        Assert.Equal(_server.Self, NextHop("192.0.2.1"));
        Assert.Equal(Addresses.Parse("10.0.0.99"), NextHop("10.0.0.99"));
        Assert.Equal(_server.Self, _host.Stack.Lease?.Server);
        Assert.True(ArpPacket.TryParse(_others[0].AsSpan(14), out ArpPacket announcement));
        Assert.Equal(_server.Offered, announcement.SenderProtocol);
        Assert.Equal(_server.Offered, announcement.TargetProtocol);
        Assert.Equal(1, _host.Counters.DhcpLeases);
    }

    /// <summary>A lease outlives the stack that asked for it: the next one has the address at once.</summary>
    [Fact]
    public void Another_stack_goes_on_with_the_lease()
    {
        var client = new DhcpClient(Frames.HostMac, [], 1500, seed: 3);
        _host = new StackUnderTest(NetSettings.Dhcp([]), dhcp: client);
        Assert.Null(_host.Stack.Lease);
        Run(0);
        Assert.True(_host.Stack.Interface.IsConfigured);
        int askedCount = _server.Seen.Count;

        _host = new StackUnderTest(NetSettings.Dhcp([]), dhcp: client);
        Assert.Equal(_server.Offered, _host.Stack.Interface.Address);
        Assert.Equal(_server.Self, NextHop("192.0.2.1"));
        Run(0);
        Assert.Equal(askedCount, _server.Seen.Count);
    }

    [Fact]
    public void In_googles_cloud_the_gateway_is_outside_of_the_prefix()
    {
        _server.Self = Addresses.Parse("169.254.169.254");
        _server.HasMask = false;
        // Mask /32; the way to the gateway 10.128.0.1, and the way out through it.
        _server.Extra = Convert.FromHexString("0104FFFFFFFF" + "790E" + "200A800001" + "00000000" + "00" + "0A800001");
        _server.Offered = Addresses.Parse("10.128.0.5");
        Run(0);
        Assert.Equal(32, _host.Stack.Interface.PrefixLength);
        Assert.Equal(Addresses.Parse("10.128.0.1"), NextHop("10.128.0.1"));
        Assert.Equal(Addresses.Parse("10.128.0.1"), NextHop("10.128.0.6"));
        Assert.Equal(Addresses.Parse("10.128.0.1"), NextHop("8.8.8.8"));
    }

    [Fact]
    public void Before_there_is_a_lease_nobody_else_is_answered()
    {
        _server.IsDead = true;
        Run(0);
        _host.Nic.Arrived.Enqueue(Frames.Arp(ArpOperation.Request, StackUnderTest.Peer, StackUnderTest.Us));
        _host.Nic.Arrived.Enqueue(Frames.Echo(StackUnderTest.Peer, StackUnderTest.Us, 4));
        _host.Nic.Arrived.Enqueue(Frames.Syn(StackUnderTest.Peer, StackUnderTest.Us, 7));
        _host.Nic.Arrived.Enqueue(Frames.Udp(StackUnderTest.Peer, 5, StackUnderTest.Us, 9, [1]));
        _host.Nic.Arrived.Enqueue(Frames.Udp(StackUnderTest.Peer, 5, Addresses.Parse("0.0.0.0"), 9, [1]));
        Assert.Empty(_host.Poll());
        Assert.Null(_host.Stack.Lease);
    }

    [Fact]
    public void A_renewal_disturbs_nothing()
    {
        Run(0);
        Run(10 * Second);
        _others.Clear();
        Run(3600 * Second);
        Assert.InRange(_host.Counters.DhcpLeases, 2, 4);
        Assert.Empty(_others); // no new announcement
        Assert.Equal(0, _host.Counters.DhcpExpiries);
    }

    [Fact]
    public void Another_address_is_announced_too()
    {
        Run(0);
        Run(10 * Second);
        _others.Clear();
        _server.Offered = Addresses.Parse("10.0.0.8");
        Run(1900 * Second);
        Assert.Equal(_server.Offered, _host.Stack.Interface.Address);
        Assert.Equal(2, _others.Count);
    }

    [Fact]
    public void A_lease_that_runs_out_takes_the_address_away_and_the_next_one_brings_it_back()
    {
        Run(0);
        _server.IsDead = true;
        Run(3601 * Second);
        Assert.False(_host.Stack.Interface.IsConfigured);
        Assert.Equal(1, _host.Counters.DhcpExpiries);
        Assert.False(_host.Stack.Interface.Routes.TryFind(StackUnderTest.Far, out _));
        _server.IsDead = false;
        Run(3630 * Second);
        Assert.True(_host.Stack.Interface.IsConfigured);
    }

    /// <summary>Lets time pass until it is <paramref name="until"/> after the start.</summary>
    private void Run(long until)
    {
        until += Second;
        while (true)
        {
            foreach (SentFrame sent in _host.Poll()) Serve(sent.Octets);
            if (_host.Nic.Arrived.Count > 0) continue;
            long next = _host.Stack.NextTimerMicros;
            if (next > until) break;
            _host.Clock.Set(Math.Max(next, _host.Clock.NowMicros));
        }
        _host.Clock.Set(until);
    }

    private void Serve(byte[] frame)
    {
        bool isUdp = EthernetFrame.TryParse(frame, out EthernetFrame ethernet)
            & Ipv4Header.TryParse(ethernet.Payload, out Ipv4Header packet);
        if (!isUdp)
        {
            // The server answers for itself; everything else is kept for the test.
            Assert.True(ArpPacket.TryParse(ethernet.Payload, out ArpPacket arp));
            if (arp.TargetProtocol != _server.Self) _others.Add(frame);
            else _host.Nic.Arrived.Enqueue(Frames.Arp(ArpOperation.Reply, _server.Self, arp.SenderProtocol, isBroadcast: false));
            return;
        }
        Assert.True(UdpHeader.TryParse(packet.Payload, out UdpHeader udp));
        Assert.True(udp.IsChecksumValid(packet.Source, packet.Destination));
        Assert.Equal(DhcpMessage.ServerPort, udp.DestinationPort);
        Assert.True(DhcpMessage.TryParse(udp.Payload, out DhcpMessage message));
        bool isBroadcast = message.IsBroadcast;
        IpAddress unicast = message.Ciaddr.IsUnspecifiedV4 ? _server.Offered : message.Ciaddr;
        byte[]? answer = _server.Arrives(udp.Payload.ToArray());
        if (answer is null) return;
        IpAddress destination = isBroadcast ? Addresses.Parse("255.255.255.255") : unicast;
        _host.Nic.Arrived.Enqueue(
            Frames.Udp(_server.Self, DhcpMessage.ServerPort, destination, DhcpMessage.ClientPort, answer));
    }

    private IpAddress NextHop(string destination)
    {
        Assert.True(_host.Stack.Interface.Routes.TryFind(Addresses.Parse(destination), out IpAddress nextHop));
        return nextHop;
    }
}
