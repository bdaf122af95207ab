using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A stack on a <see cref="TestDevice"/>: 10.0.0.1/24, gateway 10.0.0.254; echo on TCP port 7 and UDP port 7.</summary>
internal sealed class StackUnderTest
{
    public static readonly IpAddress Us = Addresses.Parse("10.0.0.1");
    public static readonly IpAddress Peer = Addresses.Parse("10.0.0.2");
    public static readonly IpAddress Gateway = Addresses.Parse("10.0.0.254");
    public static readonly IpAddress Far = Addresses.Parse("192.0.2.9");

    public StackUnderTest(
        NetSettings? settings = null,
        int mtu = 1500,
        bool canOffloadChecksum = false,
        ulong seed = 1,
        DhcpClient? dhcp = null)
    {
        Nic = new TestNic(mtu) { CanOffloadChecksum = canOffloadChecksum };
        TcpSettings tcpSettings = TcpSettings.Default;
        tcpSettings.ConnectionCountMax = 64;
        tcpSettings.SynReceivedCountMax = 32;
        Pool = new ChunkPool(HostMemory.Allocate(1 << 20), 2048);
        byte[] secret = new byte[TcpStack<EchoApplication>.SecretSize];
        var random = new Prng(seed);
        random.Fill(secret);
        var tcp = new TcpStack<EchoApplication>(in tcpSettings, Pool, new EchoApplication(), secret);
        Stack = new NetStack<TestClock, TestDevice, EchoApplication, UdpEchoApplication>(
            Clock, new TestDevice(Nic), tcp, UdpApplication, settings ?? NetSettings.Static(Us, 24, Gateway), seed,
            dhcp);
        Assert.True(tcp.TryListen(7));
        Assert.True(Stack.TryOpenUdp(7, 42));
        Assert.False(Stack.TryOpenUdp(7, 43));
    }

    public TestClock Clock { get; } = new(1_000_000);

    public TestNic Nic { get; }

    public ChunkPool Pool { get; }

    public UdpEchoApplication UdpApplication { get; } = new();

    public NetStack<TestClock, TestDevice, EchoApplication, UdpEchoApplication> Stack { get; }

    public NetCounters Counters => Stack.Counters;

    /// <summary>Sends what a new stack sends unasked, and makes the peer known.</summary>
    public StackUnderTest Settled()
    {
        _ = Exchange(Frames.Arp(ArpOperation.Request, Peer, Us));
        return this;
    }

    /// <summary>Lets a frame arrive; returns what is sent because of it.</summary>
    public List<SentFrame> Exchange(params ReadOnlySpan<byte[]> frames)
    {
        foreach (byte[] frame in frames) Nic.Arrived.Enqueue(frame);
        return Poll();
    }

    /// <summary>Lets time pass.</summary>
    public List<SentFrame> Wait(long micros)
    {
        Clock.Set(Clock.NowMicros + micros);
        return Poll();
    }

    /// <summary>Polls until there is nothing to do; every lent buffer must be back then.</summary>
    public List<SentFrame> Poll()
    {
        Nic.Sent.Clear();
        for (int round = 0; Stack.Poll(); round++) Assert.True(round < 100, "the stack never comes to rest");
        Assert.Equal(0, Nic.ReceivedLent);
        Assert.Equal(0, Nic.TransmitLent);
        Assert.Equal(TestNic.TransmitCount, Nic.TransmitFree);
        return [.. Nic.Sent];
    }

    /// <summary>The only frame of <paramref name="sent"/>, which must be an IPv4 packet that is right in every way.</summary>
    public static byte[] SinglePacket(List<SentFrame> sent, IpProtocol protocol, IpAddress destination)
    {
        SentFrame frame = Assert.Single(sent);
        Assert.True(EthernetFrame.TryParse(frame.Octets, out EthernetFrame ethernet));
        Assert.Equal(Frames.HostMac, ethernet.Source);
        Assert.Equal(EtherType.Ipv4, ethernet.EtherType);
        Assert.True(Ipv4Header.TryParse(ethernet.Payload, out Ipv4Header packet));
        Assert.True(packet.IsChecksumValid);
        Assert.Equal(packet.TotalLength, ethernet.Payload.Length);
        Assert.Equal(protocol, packet.Protocol);
        Assert.Equal(Us, packet.Source);
        Assert.Equal(destination, packet.Destination);
        return frame.Octets;
    }
}
