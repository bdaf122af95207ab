using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>The statistics that say how much of every pool is in use.</summary>
internal static class Pools
{
    private const string OwnPrefix = "memcachier_";

    private static readonly string[] GaugeSuffixes = ["_free", "_used", "_held"];

    private static readonly TimeSpan RestBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// What <c>stats</c> says once the closed connections are gone, with the one that asks as the only one left: a
    /// reading that stays the same for two polls.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string>> AtRestAsync(IPEndPoint server, TimeSpan bound)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, bound);
        IReadOnlyDictionary<string, string> last = await connection.StatsAsync();
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < RestBound;)
        {
            await Task.Delay(Poll);
            IReadOnlyDictionary<string, string> now = await connection.StatsAsync();
            if (now["curr_connections"] == "1" && Describe(now) == Describe(last))
                return now;
            last = now;
        }
        return last;
    }

    /// <summary>The gauges, by name; counters only ever grow and are left out.</summary>
    public static string Describe(IReadOnlyDictionary<string, string> stats) =>
        string.Join(", ", stats.Where(stat => IsGauge(stat.Key)).Select(stat => $"{stat.Key} {stat.Value}").Order());

    private static bool IsGauge(string name) =>
        name is "curr_connections" or "curr_items" or "bytes"
        || (name.StartsWith(OwnPrefix, StringComparison.Ordinal)
            && Array.Exists(GaugeSuffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)));
}
