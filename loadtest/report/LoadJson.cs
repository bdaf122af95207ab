using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Report;

/// <summary>The result for programs. Durations are in microseconds.</summary>
public static class LoadJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(LoadResult result, LoadSettings settings, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        json.WriteStartObject();
        WriteSettings(settings, json);
        OperationCounts sum = result.Total.Sum();
        json.WriteNumber("elapsed_seconds", Math.Round(result.Elapsed.TotalSeconds, 6));
        json.WriteNumber("requests_per_second", Math.Round(result.RequestsPerSecond, 1));
        json.WriteNumber("unsent", result.Unsent);
        WriteCounts("total", sum, json);
        json.WriteStartObject("operations");
        for (int i = 0; i < result.Total.Operations.Length; i++)
            WriteCounts(settings.Mix.Entries[i].Name, result.Total.Operations[i], json);
        json.WriteEndObject();
        if (result.Total.Connects is { } connects)
        {
            json.WriteNumber("connects", connects.Count);
            WriteLatency("connect_micros", connects, json);
        }
        json.WriteStartArray("simulations");
        foreach (SimulationResult each in result.Simulations) WriteSimulation(each, json);
        json.WriteEndArray();
        WriteErrors("errors", result.Total.Errors, json);
        WriteErrors("preload_errors", result.PreloadErrors, json);
        json.WriteNumber("counters_checked", result.CountersChecked);
        json.WriteNumber("counters_gone", result.CountersGone);
        WriteClient(result, json);
        json.WriteStartArray("seconds");
        foreach (SecondSample second in result.Seconds) WriteSecond(second, json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSettings(LoadSettings settings, Utf8JsonWriter json)
    {
        json.WriteStartObject("settings");
        if (settings.ScenarioName != null) json.WriteString("scenario", settings.ScenarioName);
        json.WriteString("server", string.Join(',', settings.Servers));
        json.WriteString("protocol", settings.Protocol.ToString().ToLowerInvariant());
        json.WriteBoolean("udp", settings.IsUdp);
        json.WriteNumber("threads", settings.ThreadCount);
        json.WriteNumber("connections", settings.ConnectionCount);
        json.WriteNumber("depth", settings.Depth);
        if (settings.Churn > 0) json.WriteNumber("churn", settings.Churn);
        if (settings.Rate > 0) json.WriteNumber("rate", settings.Rate);
        json.WriteNumber("keys", settings.KeyCount);
        json.WriteNumber("key_size", settings.KeySize);
        json.WriteString("key_dist", settings.KeyDistribution);
        json.WriteString("value_size", settings.ValueSizes.ToString());
        json.WriteString("mix", settings.Mix.ToString());
        json.WriteNumber("ttl_seconds", settings.TtlSeconds);
        json.WriteBoolean("verify", settings.IsVerifying);
        json.WriteNumber("seed", settings.Seed);
        json.WriteEndObject();
    }

    private static void WriteCounts(string name, OperationCounts counts, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", counts.Requests);
        json.WriteNumber("hits", counts.Hits);
        json.WriteNumber("misses", counts.Misses);
        json.WriteNumber("not_stored", counts.NotStored);
        json.WriteNumber("bytes_read", counts.BytesRead);
        json.WriteNumber("bytes_written", counts.BytesWritten);
        WriteLatency("latency_micros", counts.Latency, json);
        json.WriteEndObject();
    }

    private static void WriteLatency(string name, Histogram latency, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteNumber("mean", Micros(latency.Mean));
        foreach (double percentile in LoadReport.Percentiles)
            json.WriteNumber(LoadReport.NameOf(percentile), Micros(latency.Percentile(percentile)));
        json.WriteNumber("max", Micros(latency.Max));
        json.WriteEndObject();
    }

    private static void WriteErrors(string name, ErrorCounts errors, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteNumber("total", errors.Total);
        foreach (ErrorKind kind in ErrorKinds.All.Where(kind => errors[kind] > 0))
        {
            json.WriteStartObject(ErrorKinds.NameOf(kind).Replace(' ', '_'));
            json.WriteNumber("count", errors[kind]);
            json.WriteString("first", errors.ExampleOf(kind));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteClient(LoadResult result, Utf8JsonWriter json)
    {
        json.WriteStartObject("client");
        json.WriteStartArray("cpu");
        foreach (double share in result.ClientCpu) json.WriteNumberValue(Math.Round(share, 3));
        json.WriteEndArray();
        WriteLatency("lag_micros", result.Total.Lag, json);
        json.WriteStartArray("warnings");
        foreach (string warning in result.Warnings) json.WriteStringValue(warning);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSimulation(SimulationResult result, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Simulation.Name);
        json.WriteString("kind", LoadSimulation.NameOf(result.Simulation.Kind));
        json.WriteNumber("start_seconds", Math.Round(result.Start.TotalSeconds, 6));
        json.WriteNumber("during_seconds", Math.Round(result.During.TotalSeconds, 6));
        json.WriteNumber("requests_per_second", Math.Round(result.RequestsPerSecond, 1));
        json.WriteNumber("unsent", result.Unsent);
        json.WriteNumber("errors", result.Counts.Errors.Total);
        WriteCounts("total", result.Counts.Sum(), json);
        json.WriteEndObject();
    }

    private static void WriteSecond(SecondSample second, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("second", second.Index + 1);
        if (second.Simulation != null) json.WriteString("simulation", second.Simulation);
        json.WriteNumber("requests", second.Counts.Requests);
        json.WriteNumber("misses", second.Counts.Misses);
        json.WriteNumber("errors", second.Errors);
        WriteLatency("latency_micros", second.Counts.Latency, json);
        json.WriteEndObject();
    }

    private static double Micros(double nanos) => Math.Round(nanos / 1000, 3);
}
