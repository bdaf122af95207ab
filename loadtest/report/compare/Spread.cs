using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Report.Compare;

/// <summary>How far figures that should be equal are apart.</summary>
internal static class Spread
{
    /// <summary>Seconds from which a spread is known, at least.</summary>
    public const int CountMin = 3;

    /// <summary>The standard deviation, of a sample.</summary>
    public static double Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
