using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Memcachier.LoadTest.Traces;

namespace Memcachier.LoadTest.Replay;

/// <summary>Writes a result: for people as lines of name and number, for programs as JSON.</summary>
public static class ReplayReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Print(ReplayResult result, ReplaySettings settings, TextWriter output)
    {
        ReplayCounts counts = result.Counts;
        if (settings.Interval > 0) PrintIntervals(counts, settings.Interval, output);
        Line(output, "format", NameOf(result.Format));
        Line(output, "requests", $"{counts.Requests}");
        Line(output, "hits", $"{counts.Hits}");
        Line(output, "misses", $"{counts.Misses}");
        Line(output, "miss ratio", Ratio(counts.MissRatio));
        Line(output, "stores", $"{counts.Stores}");
        Line(output, "store failures", $"{counts.StoreFailures}");
        foreach ((string error, long count) in counts.StoreFailuresByError) Line(output, "", $"{count} x {error}");
        Line(output, "wrong values", $"{counts.WrongValues}");
        Line(output, "bytes read", $"{counts.BytesRead}");
        Line(output, "bytes stored", $"{counts.BytesStored}");
        Line(output, "elapsed", string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:0.000} s"));
        Line(output, "requests/s", string.Create(CultureInfo.InvariantCulture, $"{result.RequestsPerSecond:0}"));
    }

    public static void WriteJson(ReplayResult result, ReplaySettings settings, Stream output)
    {
        ReplayCounts counts = result.Counts;
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        json.WriteString("trace", settings.Trace);
        json.WriteString("format", NameOf(result.Format));
        json.WriteString("server", settings.Server.ToString());
        json.WriteNumber("connections", settings.ConnectionCount);
        json.WriteNumber("window", settings.Window);
        json.WriteNumber("requests", counts.Requests);
        json.WriteNumber("hits", counts.Hits);
        json.WriteNumber("misses", counts.Misses);
        WriteRatio(json, counts.MissRatio);
        json.WriteNumber("stores", counts.Stores);
        json.WriteNumber("store_failures", counts.StoreFailures);
        json.WriteStartObject("store_failures_by_error");
        foreach ((string error, long count) in counts.StoreFailuresByError) json.WriteNumber(error, count);
        json.WriteEndObject();
        json.WriteNumber("wrong_values", counts.WrongValues);
        json.WriteNumber("bytes_read", counts.BytesRead);
        json.WriteNumber("bytes_stored", counts.BytesStored);
        json.WriteNumber("elapsed_seconds", Math.Round(result.Elapsed.TotalSeconds, 6));
        json.WriteNumber("requests_per_second", Math.Round(result.RequestsPerSecond));
        if (settings.Interval > 0) WriteIntervals(counts.Intervals, settings.Interval, json);
        json.WriteEndObject();
    }

    private static void PrintIntervals(ReplayCounts counts, long interval, TextWriter output)
    {
        output.WriteLine("from request   requests   miss ratio");
        for (int i = 0; i < counts.Intervals.Count; i++)
        {
            IntervalCounts each = counts.Intervals[i];
            output.WriteLine($"{i * interval,12}   {each.Requests,8}   {Ratio(each.MissRatio),10}");
        }
        output.WriteLine();
    }

    private static void WriteIntervals(IReadOnlyList<IntervalCounts> intervals, long interval, Utf8JsonWriter json)
    {
        json.WriteStartArray("intervals");
        for (int i = 0; i < intervals.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("from", i * interval);
            json.WriteNumber("requests", intervals[i].Requests);
            json.WriteNumber("misses", intervals[i].Misses);
            WriteRatio(json, intervals[i].MissRatio);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>With the same four decimals as for people.</summary>
    private static void WriteRatio(Utf8JsonWriter json, double ratio)
    {
        json.WritePropertyName("miss_ratio");
        json.WriteRawValue(Ratio(ratio));
    }

    private static string Ratio(double ratio) => ratio.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>As the user writes it.</summary>
    private static string NameOf(TraceFormat format) => format.ToString().ToLowerInvariant();

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-15} {value}");
}
