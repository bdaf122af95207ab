using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Workload;

/// <summary>
/// A workload that somebody measured and published. Of Twitter's clusters the means of a week are known: sizes of keys and
/// values, the shares of the operations, the exponent of the keys' popularity and the most frequent TTL (Yang, Yue and
/// Rashmi, "A large scale analysis of hundreds of in-memory cache clusters at Twitter", OSDI 2020; figures of
/// github.com/twitter/cache-trace, stat/2020Mar.md). Of Facebook's ETC pool the laws of the sizes and the share of gets
/// are (Atikoglu et al., "Workload Analysis of a Large-Scale Key-Value Store", SIGMETRICS 2012).
/// </summary>
/// <param name="Name">As the user writes it.</param>
/// <param name="KeySize">Bytes of a key, in the mean.</param>
/// <param name="ValueSize">As <see cref="Sizes.SizeDistribution.Parse"/> reads it.</param>
/// <param name="Mix">As <see cref="OperationMix.Parse"/> reads it.</param>
/// <param name="ZipfExponent">Of the keys' popularity; null if it was not published.</param>
/// <param name="TtlSeconds">The most frequent one; null if none was published.</param>
public sealed record WorkloadPreset(
    string Name, int KeySize, string ValueSize, string Mix, string? ZipfExponent, int? TtlSeconds)
{
    private const int Hour = 60 * 60;
    private const int Day = 24 * Hour;

    public static IReadOnlyList<WorkloadPreset> All { get; } =
    [
        // The mean of a generalized extreme value distribution (30.7984, 8.20449, 0.078688), rounded.
        new("facebook-etc", 36, "etc", "get=30,set=1", null, null),
        new("twitter-12", 44, "fixed:1030", "set=80,get=20", "0.3048", 300),
        new("twitter-14", 96, "fixed:414", "get=65,delete=22,set=13", "1.2959", Day),
        new("twitter-29", 36, "fixed:799", "get=86,set=13", "1.2323", Hour),
        new("twitter-37", 72, "fixed:20134", "set=37,get=63", "0.4251", 20),
        new("twitter-40", 44, "fixed:155", "set=50,get=50", "0.8551", 8 * Hour),
        new("twitter-47", 44, "fixed:267", "get=100", "2.0637", 2 * Day),
        new("twitter-51", 44, "fixed:221", "get=90,set=10", "1.9745", 2 * Day),
    ];

    /// <summary>What the switches of the command line would say.</summary>
    public IEnumerable<(string Name, string Text)> Switches
    {
        get
        {
            yield return ("--key-size", $"{KeySize}");
            yield return ("--value-size", ValueSize);
            yield return ("--mix", Mix);
            if (ZipfExponent != null) yield return ("--key-dist", $"zipf:{ZipfExponent}");
            if (TtlSeconds != null) yield return ("--ttl", $"{TtlSeconds}");
        }
    }

    public static WorkloadPreset Parse(string name) =>
        All.FirstOrDefault(each => each.Name == name) ?? throw new LoadTestException(
            $"'{name}' is not a preset: write {string.Join(", ", All.Select(each => each.Name))}");
}
