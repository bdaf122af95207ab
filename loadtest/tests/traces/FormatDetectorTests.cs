using System;
using System.Linq;
using Memcachier.LoadTest.Traces;
using Xunit;

namespace Memcachier.LoadTest.Tests.Traces;

public sealed class FormatDetectorTests
{
    public static TheoryData<string, string, byte[], TraceFormat> Rows => new()
    {
        { "name says int32", "x.int32", "1 a 5\n"u8.ToArray(), TraceFormat.Int32 },
        { "name says int64, compressed", "x.INT64.xz", [], TraceFormat.Int64 },
        { "name says text", "x.txt", [0, 0, 0, 1], TraceFormat.Text },
        { "lines", "x.trace.xz", "1 0 68\n2 1 7454\n"u8.ToArray(), TraceFormat.Text },
        { "line without end", "x", "1 0 68"u8.ToArray(), TraceFormat.Text },
        { "small int32", "x", TraceBytes.Int32(0, 1, 2, 0, 1, 3, 4, 5, 6, 7), TraceFormat.Int32 },
        { "skewed int32", "x", TraceBytes.Int32(TraceBytes.SkewedKeys(5000, 2)), TraceFormat.Int32 },
        { "int32 with high bits", "x", TraceBytes.Int32(Hashes(300).Select(key => (int)key)), TraceFormat.Int32 },
        { "small int64", "x", TraceBytes.Int64(0, 1, 2, 3, 0, 1, 7), TraceFormat.Int64 },
        { "small int64, none twice", "x", TraceBytes.Int64(0, 1, 2, 3), TraceFormat.Int64 },
        { "hashes of eight bytes", "x", TraceBytes.Int64(Hashes(2000)), TraceFormat.Int64 },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Tells(string row, string name, byte[] sample, TraceFormat expected)
    {
        _ = row;
        Assert.True(FormatDetector.TryDetect(name, sample, out TraceFormat format));
        Assert.Equal(expected, format);
    }

    public static TheoryData<string, byte[]> Ambiguous => new()
    {
        { "no key twice", TraceBytes.Int32(5, 9, 1, 12, 7, 3) },
        { "one record", TraceBytes.Int64(1) },
        { "other text", "# Memcachier\n\nThis is no trace at all: words, words, words.\n"u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public void Does_not_guess(string row, byte[] sample)
    {
        _ = row;
        Assert.False(FormatDetector.TryDetect("x.trace", sample, out _));
    }

    /// <summary>Random keys, each of which comes back sooner or later.</summary>
    private static long[] Hashes(int distinct)
    {
        var random = new Random(7);
        long[] keys = [.. Enumerable.Range(0, distinct).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))];
        return [.. Enumerable.Range(0, 8000).Select(_ => keys[random.Next(distinct)])];
    }
}
