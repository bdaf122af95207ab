using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Server;

namespace Memcachier.Management.Metrics;

/// <summary>The objects that count what the metrics tell. They are read only.</summary>
public sealed class MetricsSources
{
    public MetricsSources(
        Store store,
        Statistics statistics,
        Tuning tuning,
        ChunkPool chunks,
        RoundCounters rounds,
        NetCounters net,
        TcpCounters tcp,
        VirtioNetCounters device)
    {
        Store = store;
        Statistics = statistics;
        Tuning = tuning;
        Chunks = chunks;
        Rounds = rounds;
        Net = net;
        Tcp = tcp;
        Device = device;
    }

    public Store Store { get; }

    public Statistics Statistics { get; }

    /// <summary>What was told to memcached's size classes and queues: shown, without effect.</summary>
    public Tuning Tuning { get; }

    public ChunkPool Chunks { get; }

    public RoundCounters Rounds { get; }

    public NetCounters Net { get; }

    public TcpCounters Tcp { get; }

    public VirtioNetCounters Device { get; }
}
