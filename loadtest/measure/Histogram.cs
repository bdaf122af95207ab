using System;
using System.Collections.Generic;
using System.Numerics;

namespace Memcachier.LoadTest.Measure;

/// <summary>
/// How long things took, in nanoseconds, in the log-linear buckets of HdrHistogram (hdrhistogram.org): 256 to each
/// power of two. So a value is known to 0.4 %, whatever its size; below 512 ns exactly. Recording is a few instructions.
/// </summary>
/// <remarks>
/// <code>
///   bucket   0 .. 511   512 .. 767                    768 .. 1023                    ...
///   nanos    0 .. 511   512 .. 1023, two in each      1024 .. 2047, four in each     ...  up to 2^40
/// </code>
/// </remarks>
public sealed class Histogram
{
    /// <summary>2^40 ns, 18 minutes; what took longer counts as this.</summary>
    public const long NanosMax = (1L << ValueBits) - 1;

    private const int ValueBits = 40;
    private const int PrecisionBits = 8;
    private const int Divisions = 1 << PrecisionBits;
    private const int BucketCount = (ValueBits - PrecisionBits + 1) * Divisions;

    private readonly long[] _counts = new long[BucketCount];
    private double _sum;

    public long Count { get; private set; }

    /// <summary>The longest, exactly; 0 if there is none.</summary>
    public long Max { get; private set; }

    /// <summary>In nanoseconds; 0 if there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Hot: once per request. A negative value counts as 0.</summary>
    public void Record(long nanos)
    {
        nanos = Math.Clamp(nanos, 0, NanosMax);
        _counts[BucketOf(nanos)]++;
        Count++;
        _sum += nanos;
        if (nanos > Max) Max = nanos;
    }

    public void Add(Histogram other)
    {
        int used = other.UsedCount;
        for (int i = 0; i < used; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        _sum += other._sum;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>
    /// The smallest value that at least this share of all does not exceed, rounded up to its bucket's end.
    /// </summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        if (Count == 0) return 0;
        // What is a whole number in decimals is to be one in binary, too: 99.9 % of 1000 are 999, not 1000.
        long rank = Math.Max(1, (long)Math.Ceiling(Math.Round(percent / 100 * Count, 6)));
        long seen = 0;
        for (int i = 0; i < BucketCount; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Math.Min(LastOf(i), Max);
        }
        return Max;
    }

    /// <summary>The buckets that are not empty, from short to long: the last value of each, and how many it has.</summary>
    public IEnumerable<(long UpToNanos, long Count)> Buckets()
    {
        for (int i = 0; i < BucketCount; i++)
        {
            if (_counts[i] > 0) yield return (Math.Min(LastOf(i), Max), _counts[i]);
        }
    }

    /// <summary>From here on, all buckets are empty.</summary>
    private int UsedCount => Count == 0 ? 0 : BucketOf(Max) + 1;

    private static int BucketOf(long nanos)
    {
        if (nanos < Divisions) return (int)nanos;
        int shift = BitOperations.Log2((ulong)nanos) - PrecisionBits;
        return (shift << PrecisionBits) + (int)(nanos >> shift);
    }

    private static long LastOf(int bucket)
    {
        if (bucket < 2 * Divisions) return bucket;
        int shift = (bucket >> PrecisionBits) - 1;
        long division = bucket - (shift << PrecisionBits);
        return ((division + 1) << shift) - 1;
    }
}
