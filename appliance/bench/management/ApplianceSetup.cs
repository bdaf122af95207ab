using System;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Management.Metrics;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Appliance.Bench;

/// <summary>The appliance above its device, put together as its own Program does.</summary>
internal static class ApplianceSetup
{
    private const int ConnectionCountMax = 1024;
    private const int ChunkCount = 3072;
    private const long StoreLength = 16 << 20;
    private const int PageSize = 4096;
    private const ulong Secret = 0x6D65_6D63_6163_6865;

    public static Node Build(Hardware hardware, PausedClock clock, CableDevice device)
    {
        var settings = new Settings();
        var remarks = new Remarks();
        CommandLine.Apply("api.token=correct-horse-battery"u8, settings, remarks);
        var chunks = new ChunkPool(BootArena.TakeUncleared(ChunkCount * MemoryPlan.ChunkSize, PageSize), MemoryPlan.ChunkSize);
        TcpSettings tcpSettings = TcpSettings.Default;
        int slotCount = MemcachedServer.SlotCountFor(ConnectionCountMax) + ManagementServer.SlotCount;
        tcpSettings.ConnectionCountMax = slotCount;
        var statistics = new Statistics();
        var server = new MemcachedServer(ConnectionCountMax, statistics, ManagementServer.SlotCount);
        var servers = new ApplianceServers();
        Span<byte> secret = stackalloc byte[TcpStack<ApplianceApplication>.SecretSize];
        secret.Fill(5);
        var tcp = new TcpStack<ApplianceApplication>(in tcpSettings, chunks, new ApplianceApplication(server, servers), secret);
        _ = tcp.TryListen(settings.Port);
        var net = new NetStack<PausedClock, CableDevice, ApplianceApplication, MemcachedDatagrams>(
            clock, device, tcp, new MemcachedDatagrams(server),
            NetSettings.Static(CableEnd.ApplianceAddress, 24, IpAddress.FromV4(0)), Secret);
        Region memory = BootArena.TakeUncleared(StoreLength, PageSize);
        StoreOptions options = settings.OptionsOfStore(memory.Length, Secret);
        options.Events = new EventLog(settings.EventLogLength, statistics);
        var store = new Store(memory, in options, statistics);
        Fill(store);
        server.Open(store, chunks, settings.OptionsOfServer());
        var node = new Node(clock, device, default, net, server, store, statistics);
        var control = new ApplianceControl();
        node.Drain = new Drain(control, server, statistics);
        var capture = new PacketCapture(chunks, net.Counters);
        net.Attach(capture);
        var sources = new ApiSources(
            server.Context, server.Sessions, net.Interface, net.Counters, tcp.Counters, node.Counters,
            capture, new HotKeys(Secret), new LiveSettings(settings, server.Context.Settings, store),
            hardware.LogLines, net.Neighbours, tcp.Connections);
        var counted = new MetricsSources(
            store, statistics, server.Context.Tuning, chunks, node.Counters, net.Counters, tcp.Counters, new VirtioNetCounters());
        var metrics = new MetricsPage(counted, new MetricsFacts([], (long)hardware.Ram.TotalBytes));
        var security = new ApiSecurity(settings, [], Secret);
        var api = new ManagementApi(sources, security, control, metrics, ManagementServer.ConnectionCount);
        node.Management = new ManagementServer(api, control, server, slotCount, (long)chunks.Count * chunks.ChunkSize);
        servers.Serve(node.Management, settings.ApiPort);
        _ = tcp.TryListen(settings.ApiPort);
        return node;
    }

    private static void Fill(Store store)
    {
        Span<byte> key = stackalloc byte[Crowd.KeyLength];
        Span<byte> value = stackalloc byte[Crowd.ValueLength];
        value.Fill((byte)'v');
        for (int i = 0; i < Crowd.KeyCount; i++)
        {
            Crowd.WriteKey(i, key);
            StoreResult result = store.TryReserve(StoreMode.Set, key, flags: 0, exptime: 0, value.Length, out Reservation reservation);
            Invariant.Holds(result == StoreResult.Stored);
            bool isFilled = store.TryFill(ref reservation, value);
            Invariant.Holds(isFilled);
            result = store.Commit(ref reservation, StoreMode.Set, cas: 0);
            Invariant.Holds(result == StoreResult.Stored);
        }
    }
}
