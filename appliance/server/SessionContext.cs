using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>What all the sessions of a reactor share.</summary>
public sealed class SessionContext
{
    /// <param name="store">Its items.</param>
    /// <param name="chunks">Lends a chunk for a request that arrives in pieces.</param>
    /// <param name="statistics">The reactor's counters.</param>
    /// <param name="settings">What was chosen; some of it may change later.</param>
    public SessionContext(Store store, ChunkPool chunks, Statistics statistics, ServerSettings settings)
    {
        Store = store;
        Chunks = chunks;
        Statistics = statistics;
        Settings = settings;
        // Nobody gets around a login by speaking the other protocol.
        Invariant.Holds(!settings.IsSaslEnabled || settings.Protocol != BindingProtocol.Auto);
        Invariant.Holds(!settings.IsAsciiAuthEnabled || settings.Protocol == BindingProtocol.Ascii);
        if (settings.IsSaslEnabled || settings.IsAsciiAuthEnabled)
        {
            Gate = new LoginGate(settings.Credentials ?? new Credentials(), store.Lifetime, statistics);
        }
        Dump = new ItemDump(store);
        CacheDump = new CacheDump(store);
        byte delimiter = settings.PrefixDelimiter != 0 ? settings.PrefixDelimiter : (byte)':';
        Prefixes = new PrefixStatistics(delimiter, settings.CountsPrefixes);
        Report = new StatsReport(store, chunks, statistics, settings, Tuning, Prefixes);
        Events = store.Events ?? new EventLog(EventLog.LengthMin, statistics);
        Watchers = new Watchers(Events, statistics, settings.WatcherOutputMax);
        Cluster = settings.Cluster ?? new ClusterNodes();
        Observer = new Observer(store, Events);
    }

    public Store Store { get; }

    public ChunkPool Chunks { get; }

    public Statistics Statistics { get; }

    public ServerSettings Settings { get; }

    public StatsReport Report { get; }

    public Tuning Tuning { get; } = new();

    /// <summary>Whether a client was allowed to end the machine, and did.</summary>
    public bool IsShutDown { get; set; }

    public PrefixStatistics Prefixes { get; }

    internal ItemDump Dump { get; }

    internal CacheDump CacheDump { get; }

    /// <summary>Where passwords are looked at; null if nobody has to log in.</summary>
    internal LoginGate? Gate { get; }

    /// <summary>What happens, for those who watch.</summary>
    public EventLog Events { get; }

    public Watchers Watchers { get; }

    public ClusterNodes Cluster { get; }

    internal Observer Observer { get; }
}
