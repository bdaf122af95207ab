using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Net;
using Memcachier.Kernel.Tests.Net.Dhcp;
using Memcachier.Metadata;

namespace Memcachier.Appliance.Tests.Metadata;

/// <summary>A machine that boots in a cloud: DHCP and the metadata service are behind the router at the end of its wire.</summary>
internal sealed class MetadataWorld : ISimHost, IDisposable
{
    private static readonly IpAddress s_router = IpAddress.FromV4(10, 0, 0, 254);
    private static readonly IpAddress s_backbone = IpAddress.FromV4(192, 0, 2, 1);

    private readonly Region _memory = TestMemory.Rent(MetadataStation<SimClock, SimDevice, NoIdle>.ChunkBytes);

    public MetadataWorld(
        MetadataChoice service, ulong seed = 1, SimLinkSettings wire = default, NetSettings? address = null)
    {
        // ARP has no checksum: a corrupted reply is believed, and the model's router never asks again.
        World = new SimWorld(seed, EthernetFrame.HeaderSize + ArpPacket.Size);
        var router = new SimRouter(World);
        int inside = router.AddSide(s_router, Dhcp);
        int outside = router.AddSide(s_backbone);
        Service = new FakeService(World, s_backbone);
        var clean = new SimLinkSettings { DelayMicros = 100 };
        World.Network.Connect(outside, Service.Port, in clean);

        int port = World.Network.AddPort();
        MacAddress mac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
        var device = new SimDevice(World.Network, port, mac, 64);
        World.Network.Connect(port, inside, in wire);
        NetSettings settings = address ?? NetSettings.Dhcp([]);
        Lease = settings.UseDhcp ? new DhcpClient(mac, [], 1500, seed) : null;
        byte[] secret = new byte[TcpStack<MetadataApplication>.SecretSize];
        new SimEntropy(seed).Fill(secret);
        Station = new MetadataStation<SimClock, SimDevice, NoIdle>(
            new SimClock(World.Time), device, default, new MetadataClient(service, World.Time.NowMicros), _memory,
            settings, Lease, secret, seed);
        World.Add(this);
        Service.Run(0);
    }

    public SimWorld World { get; }

    public ModelServer Dhcp { get; } = new();

    public FakeService Service { get; }

    /// <summary>Who has the lease; null without DHCP.</summary>
    public DhcpClient? Lease { get; }

    public MetadataStation<SimClock, SimDevice, NoIdle> Station { get; }

    public long NextTimerMicros => Station.IsOver ? long.MaxValue : Station.NextTimerMicros;

    public void Run(long nowMicros)
    {
        while (!Station.IsOver && Station.Round())
        {
        }
    }

    /// <summary>Boots; returns what came of it.</summary>
    public MetadataOutcome Boot()
    {
        _ = World.TryRunUntil(() => Station.IsOver, 20_000_000);
        return Station.Client.Outcome;
    }

    public void Dispose()
    {
        TestMemory.Return(_memory);
        Service.Dispose();
    }

    /// <summary>The world's loop waits.</summary>
    public readonly struct NoIdle : IIdle
    {
        public Interrupts Halt(long micros) => throw new InvalidOperationException();
    }
}
