using System;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>
/// The appliance above its device, put together as Program.cs does, in a world of clients. The reactor's rounds make
/// the time go by: a microsecond each, and whatever it halts for.
/// </summary>
internal sealed class SimAppliance : IDisposable
{
    private readonly Region _memory = TestMemory.Rent(12 << 20);
    private readonly Region _chunkMemory;

    public SimAppliance(
        ulong seed, in SimLinkSettings wire, int connectionCountMax = 256, int chunkCount = 2048, bool isRacy = false)
    {
        World = new SimWorld(seed);
        int port = World.Network.AddPort();
        var device = new SimDevice(World.Network, port, MacAddress.Read([2, 0, 0, 0, 0, 1]), transmitBufferCount: 256);
        var racy = new RacyDevice(device, isRacy ? LetOthersRun : () => { });
        var clock = new SimClock(World.Time);
        Processor = new Processor(World, device, port);

        _chunkMemory = TestMemory.Rent((long)chunkCount * MemoryPlan.ChunkSize);
        Chunks = new ChunkPool(_chunkMemory, MemoryPlan.ChunkSize);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = MemcachedServer.SlotCountFor(connectionCountMax);
        settings.SynReceivedCountMax = connectionCountMax / 4;
        // A wire that loses a fifth of everything is silent for minutes now and then; this test does not give up.
        settings.UserTimeoutMicros = settings.SynTimeoutMicros = settings.SynReceivedTimeoutMicros = 3_600_000_000;
        byte[] secret = new byte[TcpStack<MemcachedApplication>.SecretSize];
        new SimEntropy(seed).Fill(secret);
        Server = new MemcachedServer(connectionCountMax, Statistics);
        MemcachedServer server = Server;
        var tcp = new TcpStack<MemcachedApplication>(in settings, Chunks, new MemcachedApplication(server), secret);
        Assert.True(tcp.TryListen(MemcachedServer.Port));
        NetSettings address = NetSettings.Static(Address, 24, IpAddress.FromV4(0));
        var net = new NetStack<SimClock, RacyDevice, MemcachedApplication, MemcachedDatagrams>(
            clock, racy, tcp, new MemcachedDatagrams(server), address, seed);
        Store = new Store(_memory, new StoreOptions(seed), Statistics);
        server.Open(Store, Chunks, new ServerSettings(MemcachedServer.Port));
        Node = new Reactor<SimClock, RacyDevice, SimIdle, MemcachedApplication, MemcachedDatagrams>(
            clock, racy, new SimIdle(Processor), net, server, Store, Statistics);

        Clients = new ClientHost(World, 2);
        World.Network.Connect(port, Clients.Port, in wire);
    }

    public static IpAddress Address => IpAddress.FromV4(10, 0, 0, 1);

    public SimWorld World { get; }

    public ClientHost Clients { get; }

    public Processor Processor { get; }

    public ChunkPool Chunks { get; }

    public MemcachedServer Server { get; }

    public Store Store { get; }

    public Statistics Statistics { get; } = new();

    public Reactor<SimClock, RacyDevice, SimIdle, MemcachedApplication, MemcachedDatagrams> Node { get; }

    public long NowMicros => World.Time.NowMicros;

    /// <summary>Fails if it takes longer than <paramref name="seconds"/> of the world's time.</summary>
    public bool TryRunUntil(Func<bool> isDone, int seconds)
    {
        long limit = NowMicros + (seconds * 1_000_000L);
        World.RunHosts();
        while (!isDone())
        {
            if (NowMicros >= limit) return false;
            _ = Node.Round();
            LetOthersRun();
        }
        return true;
    }

    public void RunFor(int seconds) => Assert.False(TryRunUntil(() => false, seconds));

    /// <summary>Everybody is gone: nothing is kept, not a chunk, not a segment, not a connection.</summary>
    public void ExpectNothingKept()
    {
        Assert.Equal(0, Statistics.CurrConnections);
        Assert.Equal(Chunks.Count, Chunks.FreeCount);
        Assert.Equal(0, Store.LeasedSegmentCount);
        Assert.Equal(Clients.Pool.Count, Clients.Pool.FreeCount);
    }

    public void Dispose()
    {
        Clients.Dispose();
        TestMemory.Return(_memory);
        TestMemory.Return(_chunkMemory);
    }

    /// <summary>A microsecond passes.</summary>
    private void LetOthersRun() => _ = World.TryStep(NowMicros + 1);
}
