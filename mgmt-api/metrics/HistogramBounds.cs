using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Metrics;

/// <summary>
/// The upper bounds of the buckets in which times are exposed: each a bound of <see cref="LatencyHistogram"/>'s own
/// buckets, so that nothing is estimated. They are closest where requests usually are, from 4 to 256 µs.
/// </summary>
/// <remarks>
/// A bound is said to be inclusive. What took exactly as long is counted above it here, as no clock could tell.
/// </remarks>
public static class HistogramBounds
{
    private static ReadOnlySpan<int> InMicros =>
    [
        1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256,
        512, 1024, 2048, 4096, 8192, 16_384, 65_536, 262_144, 1_048_576,
    ];

    /// <summary>How many there are; the last bucket, of what is above all of them, has none.</summary>
    public static int Count => InMicros.Length;

    /// <summary>A bound in microseconds.</summary>
    public static int Micros(int index) => InMicros[index];

    /// <summary>
    /// A bound in seconds, written as Go's client library does: series of the same bound have the same name then, and
    /// OpenMetrics 1.0 §Canonical Numbers asks for it.
    /// </summary>
    public static ReadOnlySpan<byte> Text(int index) => index switch
    {
        0 => "1e-06"u8,
        1 => "2e-06"u8,
        2 => "4e-06"u8,
        3 => "6e-06"u8,
        4 => "8e-06"u8,
        5 => "1.2e-05"u8,
        6 => "1.6e-05"u8,
        7 => "2.4e-05"u8,
        8 => "3.2e-05"u8,
        9 => "4.8e-05"u8,
        10 => "6.4e-05"u8,
        11 => "9.6e-05"u8,
        12 => "0.000128"u8,
        13 => "0.000192"u8,
        14 => "0.000256"u8,
        15 => "0.000512"u8,
        16 => "0.001024"u8,
        17 => "0.002048"u8,
        18 => "0.004096"u8,
        19 => "0.008192"u8,
        20 => "0.016384"u8,
        21 => "0.065536"u8,
        22 => "0.262144"u8,
        _ => "1.048576"u8,
    };
}
