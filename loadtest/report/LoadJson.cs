using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Metrics;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Report;

/// <summary>The result for programs; <see cref="RunDocument"/> reads it. Durations are in microseconds.</summary>
public static class LoadJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(LoadResult result, LoadSettings settings, Stream output) =>
        Write(result, settings, [], output);

    /// <param name="result">How it went.</param>
    /// <param name="settings">With what.</param>
    /// <param name="verdicts">What became of the limits.</param>
    /// <param name="output">Where to.</param>
    public static void Write(
        LoadResult result, LoadSettings settings, IReadOnlyList<ThresholdVerdict> verdicts, Stream output)
    {
        using var json = new Utf8JsonWriter(output, Indented);
        var line = new ArrayBufferWriter<byte>();
        using var lineJson = new Utf8JsonWriter(line);
        json.WriteStartObject();
        json.WriteNumber("format", RunDocument.CurrentFormat);
        json.WriteString("started", result.Started);
        WriteSettings(settings, json);
        OperationCounts sum = result.Total.Sum();
        if (result.IsInterrupted) json.WriteBoolean("is_interrupted", true);
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
        WriteThresholds(verdicts, json);
        if (result.Server is { } server) WriteServer(server, json);
        json.WriteStartArray("seconds");
        foreach (SecondSample second in result.Seconds)
        {
            // A line for each.
            line.ResetWrittenCount();
            lineJson.Reset();
            WriteSecond(second, settings, lineJson);
            lineJson.Flush();
            json.WriteRawValue(line.WrittenSpan, skipInputValidation: true);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSettings(LoadSettings settings, Utf8JsonWriter json)
    {
        json.WriteStartObject("settings");
        if (settings.ScenarioName != null) json.WriteString("scenario", settings.ScenarioName);
        json.WriteString("server", string.Join(',', settings.Servers));
        json.WriteString("protocol", settings.Protocol.ToString().ToLowerInvariant());
        if (settings.IsUdp) json.WriteBoolean("udp", true);
        json.WriteNumber("threads", settings.ThreadCount);
        json.WriteNumber("connections", settings.ConnectionCount);
        json.WriteNumber("depth", settings.Depth);
        if (settings.Churn > 0) json.WriteNumber("churn", settings.Churn);
        if (settings.Rate > 0) json.WriteNumber("rate", settings.Rate);
        if (settings.RequestCount > 0) json.WriteNumber("requests", settings.RequestCount);
        else json.WriteNumber("duration_seconds", settings.MeasuredTime.TotalSeconds);
        json.WriteNumber("warm_up_seconds", settings.WarmUpTime.TotalSeconds);
        json.WriteBoolean("preload", settings.IsPreloading);
        json.WriteNumber("keys", settings.KeyCount);
        if (settings.KeyFile is { } file)
        {
            json.WriteString("key_file", file.Path);
            json.WriteString("key_file_hash", file.Hash.ToString("x16", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNumber("key_size", settings.KeySize);
        }
        json.WriteString("key_dist", settings.KeyDistribution);
        json.WriteString("value_size", settings.ValueSizes.ToString());
        json.WriteString("mix", settings.Mix.ToString());
        json.WriteNumber("ttl_seconds", settings.TtlSeconds);
        json.WriteBoolean("verify", settings.IsVerifying);
        json.WriteNumber("timeout_seconds", settings.Timeout.TotalSeconds);
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
        json.WriteStartObject("histogram");
        json.WritePropertyName("up_to_micros");
        WriteLine(counts.Latency.Buckets().Select(bucket => Micros(bucket.UpToNanos)), json);
        json.WritePropertyName("counts");
        WriteLine(counts.Latency.Buckets().Select(bucket => (double)bucket.Count), json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Hundreds of numbers are easier to scroll past in one line.</summary>
    private static void WriteLine(IEnumerable<double> numbers, Utf8JsonWriter json) => json.WriteRawValue(
        $"[{string.Join(',', numbers.Select(each => each.ToString("0.###", CultureInfo.InvariantCulture)))}]");

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
            json.WriteStartObject(JsonNameOf(kind));
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

    private static void WriteThresholds(IReadOnlyList<ThresholdVerdict> verdicts, Utf8JsonWriter json)
    {
        json.WriteStartArray("thresholds");
        foreach (ThresholdVerdict verdict in verdicts)
        {
            json.WriteStartObject();
            json.WriteString("fail_if", verdict.Text);
            json.WriteString("actual", verdict.Actual);
            json.WriteBoolean("is_failed", verdict.IsFailed);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteServer(ServerFigures server, Utf8JsonWriter json)
    {
        json.WriteStartObject("server");
        json.WriteString("url", server.Url);
        json.WriteNumber("failures", server.Failures);
        if (server.FirstFailure != null) json.WriteString("first_failure", server.FirstFailure);
        json.WriteStartArray("samples");
        foreach (ServerSample sample in server.Samples)
            json.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes(sample, RunDocument.Options));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSecond(SecondSample second, LoadSettings settings, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("second", second.Index + 1);
        if (second.Simulation != null) json.WriteString("simulation", second.Simulation);
        json.WriteNumber("requests", second.All.Requests);
        json.WriteNumber("hits", second.All.Hits);
        json.WriteNumber("misses", second.All.Misses);
        json.WriteNumber("errors", second.Errors);
        json.WriteStartObject("error_kinds");
        foreach (ErrorKind kind in ErrorKinds.All.Where(kind => second.ErrorsByKind[kind] > 0))
            json.WriteNumber(JsonNameOf(kind), second.ErrorsByKind[kind]);
        json.WriteEndObject();
        json.WriteNumber("client_cpu", Math.Round(second.ClientCpu, 3));
        WriteLatency(second.All, json);
        json.WriteStartObject("operations");
        for (int i = 0; i < second.Operations.Count && second.Operations.Count > 1; i++)
            WriteSecond(settings.Mix.Entries[i].Name, second.Operations[i], json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSecond(string name, OperationSecond second, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteNumber("requests", second.Requests);
        json.WriteNumber("hits", second.Hits);
        json.WriteNumber("misses", second.Misses);
        WriteLatency(second, json);
        json.WriteEndObject();
    }

    private static void WriteLatency(OperationSecond second, Utf8JsonWriter json)
    {
        json.WriteStartObject("latency_micros");
        json.WriteNumber("mean", Micros(second.MeanNanos));
        for (int i = 0; i < OperationSecond.Percentiles.Length; i++)
            json.WriteNumber(LoadReport.NameOf(OperationSecond.Percentiles[i]), Micros(second.PercentileNanos[i]));
        json.WriteNumber("max", Micros(second.MaxNanos));
        json.WriteEndObject();
    }

    private static string JsonNameOf(ErrorKind kind) => ErrorKinds.NameOf(kind).Replace(' ', '_');

    private static double Micros(double nanos) => Math.Round(nanos / 1000, 3);
}
