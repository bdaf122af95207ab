using System;

namespace Memcachier.BootTests.Load;

/// <summary>
/// The items that live in Twitter's caches: those of all clusters whose working set is published, as often as they are
/// in it.
/// </summary>
/// <remarks>
/// Yang, Yue, Rashmi, "A large scale analysis of hundreds of in-memory cache clusters at Twitter", OSDI 2020; the
/// figures are those of the traces, github.com/twitter/cache-trace, stat/2020Mar.md: mean sizes of key and value,
/// working set under the TTLs, and the most common TTL (where there is a range of them, one in its middle). A cluster's
/// share of the items is its working set / (key + value). That makes 42 + 188 bytes an item on average; the paper has
/// 230 for the median cluster. Only means are published, so values are drawn from half to one and a half times that: no
/// size class fits by luck. All clusters use TTLs; none uses client flags that the table would tell of.
/// </remarks>
internal static class TwitterMix
{
    private const int Minute = 60;
    private const int Hour = 60 * Minute;
    private const int Day = 24 * Hour;

    /// <summary>protocol.txt: what is more than that is no interval but Unix time.</summary>
    private const int IntervalMax = 30 * Day;

    private static readonly Cluster[] s_clusters =
    [
        // number, key, value, working set in MB, TTL in seconds
        new(6, 44, 252, 128, 540),
        new(7, 17, 1936, 85, 108 * Minute),
        new(9, 32, 39, 16, 2 * Hour),
        new(10, 22, 2333, 1232, 2 * Hour),
        new(11, 24, 170, 1751, 5 * Day),
        new(12, 44, 1030, 986, 300),
        new(13, 44, 4266, 1035, 300),
        new(14, 96, 414, 8732, 1 * Day),
        new(15, 18, 102, 15, 30),
        new(16, 18, 115, 18, 1 * Hour),
        new(17, 19, 212, 1162, 5 * Day),
        new(18, 18, 37, 41, 12 * Hour),
        new(19, 42, 101, 3448, 7 * Hour),
        new(20, 26, 55, 2147, 5 * Day),
        new(21, 25, 1, 239, 132 * Minute),
        new(22, 54, 4, 1682, 1 * Day),
        new(23, 35, 224, 91, 120),
        new(24, 32, 699, 5071, 14 * Day),
        new(25, 49, 28, 327, 30 * Day),
        new(26, 122, 1745, 30, 60),
        new(27, 66, 8, 4372, 2222 * Hour),
        new(28, 45, 85, 725, 3 * Hour),
        new(29, 36, 799, 891, 1 * Hour),
        new(30, 22, 689, 775, 12 * Hour),
        new(31, 41, 15, 5, 60),
        new(32, 41, 138, 74, 60),
        new(33, 24, 1118, 1390, 11 * Hour),
        new(34, 33, 322, 210, 10 * Hour),
        new(35, 19, 1796, 9, 60),
        new(36, 23, 78, 2696, 30 * Day),
        new(37, 72, 20134, 551, 20),
        new(38, 41, 185, 21, 60),
        new(39, 41, 80, 12, 60),
        new(40, 44, 155, 1021, 8 * Hour),
        new(41, 44, 171, 849, 8 * Hour),
        new(42, 40, 4703, 212, 600),
        new(43, 44, 304, 1391, 8 * Hour),
        new(44, 25, 22, 536, 30 * Day),
        new(45, 10, 120, 1046, 15 * Day),
        new(46, 44, 928, 16437, 12 * Hour),
        new(47, 44, 267, 434, 2 * Day),
        new(48, 44, 70, 4057, 1 * Day),
        new(49, 44, 10658, 41, 1 * Day),
        new(50, 18, 67485, 153, 900),
        new(51, 44, 221, 258, 2 * Day),
        new(52, 20, 273, 12583, 1 * Day),
        new(53, 36, 9213, 4122, 30 * Day),
        new(54, 19, 246, 457, 216 * Minute),
    ];

    private static readonly double[] s_sums = Sums();

    // Of one moment, so that every server gets the same items.
    private static readonly long s_now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public static ItemShape Draw(Random random)
    {
        int index = Array.BinarySearch(s_sums, random.NextDouble() * s_sums[^1]);
        Cluster cluster = s_clusters[index < 0 ? ~index : index];
        int value = (int)((0.5 + random.NextDouble()) * cluster.ValueLength);
        long exptime = cluster.Ttl <= IntervalMax ? cluster.Ttl : s_now + cluster.Ttl;
        return new ItemShape(cluster.KeyLength, Math.Max(value, 1), exptime);
    }

    private static double[] Sums()
    {
        double[] sums = new double[s_clusters.Length];
        double sum = 0;
        for (int i = 0; i < sums.Length; i++) sums[i] = sum += s_clusters[i].ItemCount;
        return sums;
    }

    private readonly record struct Cluster(int Number, int KeyLength, int ValueLength, int WorkingSet, long Ttl)
    {
        /// <summary>In millions.</summary>
        public double ItemCount => (double)WorkingSet / (KeyLength + ValueLength);
    }
}
