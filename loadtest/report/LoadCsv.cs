using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Report;

/// <summary>The seconds of a run, a row each, for spreadsheets. Durations are in microseconds.</summary>
public static class LoadCsv
{
    public static void Write(LoadResult result, TextWriter output)
    {
        string percentiles = string.Join(',', LoadReport.Percentiles.Select(p => $"{LoadReport.NameOf(p)}_micros"));
        output.Write($"second,requests,hits,misses,errors,bytes_read,bytes_written,{percentiles},max_micros,simulation\n");
        foreach (SecondSample second in result.Seconds)
        {
            OperationSecond all = second.All;
            string latencies = string.Join(',', all.PercentileNanos.Select(Micros));
            output.Write(FormattableString.Invariant(
                $"{second.Index + 1},{all.Requests},{all.Hits},{all.Misses},{second.Errors},") +
                FormattableString.Invariant($"{all.BytesRead},{all.BytesWritten},") +
                $"{latencies},{Micros(all.MaxNanos)},{Quoted(second.Simulation)}\n");
        }
    }

    /// <summary>A name may have any character (RFC 4180).</summary>
    private static string Quoted(string? text) => text == null || text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text ?? ""
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Micros(long nanos) => (nanos / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
}
