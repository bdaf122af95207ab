using System;
using System.Collections.Generic;

namespace Memcachier.Kernel.Sim;

/// <summary>Hosts on a network, and the loop that moves time from one event to the next.</summary>
public sealed class SimWorld
{
    private readonly List<ISimHost> _hosts = [];

    /// <param name="seed">Decides every fault of the network.</param>
    /// <param name="prefixSize">See <see cref="SimNetwork"/>.</param>
    public SimWorld(ulong seed, int prefixSize = 0) => Network = new SimNetwork(Time, seed, prefixSize);

    public SimTime Time { get; } = new();

    public SimNetwork Network { get; }

    public void Add(ISimHost host) => _hosts.Add(host);

    /// <summary>Runs the next event. Fails if none comes before <paramref name="limitMicros"/>; time is then there.</summary>
    public bool TryStep(long limitMicros = long.MaxValue)
    {
        long next = Network.NextArrivalMicros;
        foreach (ISimHost host in _hosts) next = Math.Min(next, host.NextTimerMicros);
        if (next > limitMicros)
        {
            if (limitMicros > Time.NowMicros) Time.AdvanceTo(limitMicros);
            return false;
        }
        if (next == long.MaxValue) return false;
        if (next > Time.NowMicros) Time.AdvanceTo(next);
        RunHosts();
        return true;
    }

    /// <summary>Runs every event of the next <paramref name="micros"/>.</summary>
    public void RunFor(long micros)
    {
        long limit = Time.NowMicros + micros;
        RunHosts();
        while (TryStep(limit))
        {
        }
    }

    /// <summary>
    /// Runs until <paramref name="isDone"/>; fails if that takes longer than <paramref name="limitMicros"/> of virtual
    /// time, or if nothing happens any more.
    /// </summary>
    public bool TryRunUntil(Func<bool> isDone, long limitMicros)
    {
        long limit = Time.NowMicros + limitMicros;
        RunHosts();
        while (!isDone())
        {
            if (!TryStep(limit)) return false;
        }
        return true;
    }

    /// <summary>Lets every host run now, for what a test did to it from outside.</summary>
    public void RunHosts()
    {
        foreach (ISimHost host in _hosts) host.Run(Time.NowMicros);
    }
}
