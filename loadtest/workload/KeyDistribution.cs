using System;
using System.Globalization;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest.Workload;

/// <summary>Which of the keys is asked for next. Each thread has its own, since it has a state.</summary>
public abstract class KeyDistribution
{
    private const string Shapes =
        "write uniform, sequential, zipf:EXPONENT (above 0, say 0.99) or hot:KEYS%,REQUESTS% (say hot:10%,90%)";

    /// <summary>Hot: once per key. The index of a key, 0 up to their count.</summary>
    public abstract long Draw(ref Prng prng);

    /// <summary>Reads what the user writes.</summary>
    /// <param name="text">Say <c>zipf:0.99</c>.</param>
    /// <param name="keyCount">How many keys there are, at least 1.</param>
    /// <param name="lane">Of those who share the keys, which one: a sequence leaves the others' keys out.</param>
    /// <param name="laneCount">How many share the keys.</param>
    public static KeyDistribution Parse(string text, long keyCount, int lane = 0, int laneCount = 1)
    {
        string[] words = text.Split(':');
        double[] p = words.Length == 2 ? Numbers(words[1]) : [];
        return (words[0], words.Length, p.Length) switch
        {
            ("uniform", 1, _) => new UniformKeys(keyCount),
            ("sequential", 1, _) => new SequentialKeys(keyCount, lane, laneCount),
            ("zipf", 2, 1) when p[0] is > 0 and <= 10 => new ZipfKeys(keyCount, p[0]),
            ("hot", 2, 2) when p[0] is > 0 and <= 100 && p[1] is >= 0 and <= 100 =>
                new HotKeys(keyCount, p[0] / 100, p[1] / 100),
            _ => throw new LoadTestException($"'{text}' is not a distribution of keys: {Shapes}"),
        };
    }

    /// <summary>A number from 0 up to <paramref name="limit"/>, all equally likely.</summary>
    protected static long Below(ref Prng prng, long limit) =>
        (long)Math.BigMul(prng.Next(), (ulong)limit, out _);

    private static double[] Numbers(string text)
    {
        string[] words = text.Split(',');
        double[] numbers = new double[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!double.TryParse(
                words[i].TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out numbers[i]))
                return [];
        }
        return numbers;
    }

    private sealed class UniformKeys(long keyCount) : KeyDistribution
    {
        public override long Draw(ref Prng prng) => Below(ref prng, keyCount);
    }

    private sealed class SequentialKeys(long keyCount, int lane, int laneCount) : KeyDistribution
    {
        private readonly long _first = lane % keyCount;
        private long _next = lane % keyCount;

        public override long Draw(ref Prng prng)
        {
            long index = _next;
            _next += laneCount;
            if (_next >= keyCount) _next = _first;
            return index;
        }
    }

    /// <summary>The first keys are asked for more often than the rest; uniform in both.</summary>
    private sealed class HotKeys(long keyCount, double keyShare, double requestShare) : KeyDistribution
    {
        private readonly long _hotCount = Math.Clamp((long)Math.Round(keyCount * keyShare), 1, keyCount);
        private readonly ulong _threshold = (ulong)(requestShare * (1L << 53));

        public override long Draw(ref Prng prng)
        {
            bool isHot = prng.Next() >> 11 < _threshold || _hotCount == keyCount;
            return isHot ? Below(ref prng, _hotCount) : _hotCount + Below(ref prng, keyCount - _hotCount);
        }
    }
}
