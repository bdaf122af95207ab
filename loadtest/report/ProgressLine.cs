using System;
using System.IO;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Report;

/// <summary>A line each second, the same on a terminal and in a file.</summary>
internal static class ProgressLine
{
    public static void Write(TextWriter output, SecondSample second)
    {
        OperationSecond all = second.All;
        string errors = second.Errors == 0 ? "" : $"   {second.Errors} errors";
        output.WriteLine(FormattableString.Invariant(
            $"{second.Index + 1,4} s   {all.Requests,9} requests   ") +
            $"p50 {LatencyText.Of(all.Percentile(50)),8}   p99 {LatencyText.Of(all.Percentile(99)),8}   " +
            $"max {LatencyText.Of(all.MaxNanos),8}{errors}" +
            (second.Simulation == null ? "" : $"   {second.Simulation}"));
    }
}
