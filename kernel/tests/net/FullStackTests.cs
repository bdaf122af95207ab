using System;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Net.Dhcp;
using Memcachier.Kernel.Tests.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>Whole stacks on a simulated Ethernet that loses, duplicates, reorders and corrupts: every byte arrives.</summary>
public sealed class FullStackTests
{
    private const long Second = 1_000_000;
    private const ushort Port = 11211;
    private const int ConnectionCount = 8;
    private const long Size = 300_000;

    private static readonly IpAddress s_client = Addresses.Parse("10.0.0.1"), s_server = Addresses.Parse("10.0.0.2");
    private static readonly IpAddress s_none = Addresses.Parse("0.0.0.0");

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(2, 0, true)]
    [InlineData(3, 1, false)]
    [InlineData(4, 5, true)]
    [InlineData(5, 20, false)]
    [InlineData(6, 20, true)]
    public void Neighbours(ulong seed, uint lossPercent, bool canOffloadChecksum)
    {
        var world = new SimWorld(seed);
        (Transfer client, Transfer server) = Transfers(seed);
        var clientHost = new SimStackHost(
            world, 1, NetSettings.Static(s_client, 24, s_none), client, canOffloadChecksum);
        var serverHost = new SimStackHost(
            world, 2, NetSettings.Static(s_server, 24, s_none), server, canOffloadChecksum);
        world.Network.Connect(clientHost.Port, serverHost.Port, Bad(lossPercent));
        Transfer(world, clientHost, serverHost, s_server, client, server, seed);
    }

    [Theory]
    [InlineData(11, 0, 24)]
    [InlineData(12, 5, 24)]
    [InlineData(13, 5, 32)]
    public void Through_a_gateway(ulong seed, uint lossPercent, int serverPrefixLength)
    {
        var world = new SimWorld(seed);
        (Transfer client, Transfer server) = Transfers(seed);
        IpAddress near = Addresses.Parse("10.0.0.254"), far = Addresses.Parse("192.0.2.254");
        IpAddress serverAddress = Addresses.Parse("192.0.2.2");
        var router = new SimRouter(world);
        var clientHost = new SimStackHost(world, 1, NetSettings.Static(s_client, 24, near), client);
        var serverHost = new SimStackHost(
            world, 2, NetSettings.Static(serverAddress, serverPrefixLength, far), server, canOffloadChecksum: true);
        world.Network.Connect(clientHost.Port, router.AddSide(near), Bad(lossPercent));
        world.Network.Connect(serverHost.Port, router.AddSide(far), Bad(lossPercent));
        Transfer(world, clientHost, serverHost, serverAddress, client, server, seed);
        Assert.True(router.ForwardedCount > 1_000);
    }

    [Theory]
    [InlineData(21, 0, 120)]
    [InlineData(22, 10, 3600)]
    [InlineData(23, 15, 3600)]
    public void With_an_address_from_dhcp(ulong seed, uint lossPercent, uint leaseSeconds)
    {
        var world = new SimWorld(seed);
        (Transfer client, Transfer server) = Transfers(seed);
        IpAddress near = Addresses.Parse("10.0.0.254"), far = Addresses.Parse("192.0.2.254");
        var dhcp = new ModelServer { Extra = Convert.FromHexString("1A0205B4"), LeaseSeconds = leaseSeconds }; // MTU 1460
        var router = new SimRouter(world);
        var clientHost = new SimStackHost(world, 1, NetSettings.Static(s_client, 24, near), client);
        var serverHost = new SimStackHost(world, 2, NetSettings.Dhcp("cache"u8.ToArray()), server);
        world.Network.Connect(clientHost.Port, router.AddSide(near), Bad(lossPercent));
        world.Network.Connect(serverHost.Port, router.AddSide(far, dhcp), Bad(lossPercent));
        dhcp.Self = far;
        dhcp.Offered = Addresses.Parse("192.0.2.77");
        Assert.True(world.TryRunUntil(() => serverHost.Stack.Lease is not null, 600 * Second), $"seed {seed}");
        Assert.Equal(1460, serverHost.Stack.Tcp.Mtu);
        Transfer(world, clientHost, serverHost, dhcp.Offered, client, server, seed);
    }

    [Fact]
    public void Neighbours_that_answer_late_cost_no_segment()
    {
        var world = new SimWorld(31);
        (Transfer client, Transfer server) = Transfers(31);
        var clientHost = new SimStackHost(world, 1, NetSettings.Static(s_client, 24, s_none), client);
        var serverHost = new SimStackHost(world, 2, NetSettings.Static(s_server, 24, s_none), server);
        var wire = new SimLinkSettings { DelayMicros = 50_000 };
        world.Network.Connect(clientHost.Port, serverHost.Port, in wire);
        Transfer(world, clientHost, serverHost, s_server, client, server, 31, connectionCount: 4);
        Assert.Equal(0, clientHost.Stack.Counters.ArpPacketsDropped);
        Assert.Equal(0, clientHost.Stack.Tcp.Counters.Retransmissions);
        Assert.Equal(0, serverHost.Stack.Tcp.Counters.Retransmissions);
    }

    private static void Transfer(
        SimWorld world,
        SimStackHost clientHost,
        SimStackHost serverHost,
        IpAddress serverAddress,
        Transfer client,
        Transfer server,
        ulong seed,
        int connectionCount = ConnectionCount)
    {
        Assert.True(serverHost.Stack.Tcp.TryListen(Port));
        for (int i = 0; i < connectionCount; i++) clientHost.Connect(serverAddress, Port);
        bool isDone = world.TryRunUntil(
            () => client.CompletedCount == connectionCount && server.CompletedCount == connectionCount, 3600 * Second);
        Assert.True(isDone, $"seed {seed}: client {client.CompletedCount}, server {server.CompletedCount} completed");
        Assert.Equal(0, client.CorruptedCount + server.CorruptedCount);
        world.RunFor(300 * Second);
        Assert.Equal(clientHost.Pool.Count, clientHost.Pool.FreeCount);
        Assert.Equal(serverHost.Pool.Count, serverHost.Pool.FreeCount);
    }

    private static (Transfer Client, Transfer Server) Transfers(ulong seed)
    {
        var up = new Pattern(seed);
        var down = new Pattern(seed + 1);
        return (new Transfer(64, Size, up, Size, down), new Transfer(64, Size, down, Size, up));
    }

    private static SimLinkSettings Bad(uint lossPercent) => new()
    {
        DelayMicros = 300,
        Loss = Ratio.Percent(lossPercent),
        Duplication = Ratio.Percent(lossPercent / 4),
        Reordering = Ratio.Percent(lossPercent / 2),
        ReorderingMicros = 2_000,
        Corruption = Ratio.Percent(lossPercent / 4),
    };
}
