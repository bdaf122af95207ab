using Memcachier.Cache;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>What the API tells of, and changes.</summary>
public sealed class ApiSources
{
    public ApiSources(
        SessionContext context,
        Connections connections,
        Ipv4Interface network,
        NetCounters net,
        TcpCounters tcp,
        RoundCounters rounds,
        PacketCapture capture,
        HotKeys hotKeys,
        LiveSettings settings,
        LogRing log,
        ArpCache neighbours,
        TcpConnectionList tcpConnections)
    {
        Context = context;
        Connections = connections;
        Network = network;
        Net = net;
        Tcp = tcp;
        Rounds = rounds;
        Capture = capture;
        HotKeys = hotKeys;
        Settings = settings;
        Log = log;
        Neighbours = neighbours;
        TcpConnections = tcpConnections;
    }

    public SessionContext Context { get; }

    public Connections Connections { get; }

    public Ipv4Interface Network { get; }

    public NetCounters Net { get; }

    public TcpCounters Tcp { get; }

    public RoundCounters Rounds { get; }

    public PacketCapture Capture { get; }

    public HotKeys HotKeys { get; }

    public LiveSettings Settings { get; }

    /// <summary>The last lines of the console.</summary>
    public LogRing Log { get; }

    public ArpCache Neighbours { get; }

    public TcpConnectionList TcpConnections { get; }

    public Store Store => Context.Store;

    public Statistics Statistics => Context.Statistics;

    public ChunkPool Chunks => Context.Chunks;
}
