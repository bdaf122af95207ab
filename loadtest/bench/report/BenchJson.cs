using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;

namespace Memcachier.Bench.Report;

/// <summary>A report for programs.</summary>
public static class BenchJson
{
    public static void Write(BenchReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("qemu", report.Conditions.QemuVersion);
        json.WriteString("host", report.Conditions.Host);
        json.WriteString("build", report.Conditions.BuildId);
        json.WriteStartArray("requests");
        foreach (WorkloadCost each in report.Costs) Write(json, each);
        json.WriteEndArray();
        if (report.Boot != null) Write(json, report.Boot);
        if (report.Comparison != null) Write(json, report.Comparison);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, WorkloadCost cost)
    {
        json.WriteStartObject();
        json.WriteString("operation", cost.Workload.Operation.ToString().ToLowerInvariant());
        json.WriteNumber("connections", cost.Workload.Connections);
        json.WriteNumber("depth", cost.Workload.Depth);
        json.WriteNumber("value_bytes", cost.Workload.ValueSize);
        json.WriteNumber("instructions", cost.Budget.Instructions);
        json.WriteNumber("repetitions", cost.Budget.Repetitions);
        json.WriteNumber("notifications", cost.Measured.NotificationsPerRequest);
        json.WriteNumber("interrupts", cost.Measured.InterruptsPerRequest);
        json.WriteNumber("copied_bytes", cost.Measured.CopiedBytesPerRequest);
        json.WriteNumber("rounds", cost.RoundsPerRequest);
        json.WriteNumber("frames_received", cost.FramesInPerRequest);
        json.WriteNumber("frames_sent", cost.FramesOutPerRequest);
        json.WriteStartObject("layers");
        foreach (string layer in Layers.All) json.WriteNumber(layer, cost.Budget.OfLayer(layer));
        json.WriteEndObject();
        json.WriteStartObject("functions");
        foreach (FunctionCost function in cost.Budget.Functions) json.WriteNumber(function.Name, function.Instructions);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PeerComparison comparison)
    {
        json.WriteStartObject("comparison");
        json.WriteString("peer", comparison.Peer);
        json.WriteStartArray("requests");
        foreach (ComparedWorkload each in comparison.Rows)
        {
            json.WriteStartObject();
            json.WriteString("operation", each.Workload.Operation.ToString().ToLowerInvariant());
            json.WriteNumber("connections", each.Workload.Connections);
            json.WriteNumber("depth", each.Workload.Depth);
            json.WriteNumber("value_bytes", each.Workload.ValueSize);
            Write(json, "image", each.Image);
            Write(json, "peer", each.Peer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<ComparedRun> runs)
    {
        json.WriteStartArray(name);
        foreach (ComparedRun run in runs)
        {
            json.WriteStartObject();
            json.WriteNumber("requests_per_second", Math.Round(run.RequestsPerSecond, 1));
            json.WriteNumber("p50_micros", run.P50Nanos / 1000);
            json.WriteNumber("p99_micros", run.P99Nanos / 1000);
            if (run.Counted is { } counted) Write(json, counted);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, CountedRequests counted)
    {
        json.WriteNumber("notifications", 1 / counted.RequestsPerNotification);
        json.WriteNumber("interrupts", counted.InterruptsPerRequest);
        json.WriteNumber("copied_bytes", counted.CopiedBytesPerRequest);
    }

    private static void Write(Utf8JsonWriter json, BootCost boot)
    {
        json.WriteStartObject("boot");
        json.WriteNumber("image_bytes", boot.ImageBytes);
        json.WriteNumber("ready_instructions", boot.ReadyInstructions);
        json.WriteNumber("store_bytes_of_64_mib", boot.StoreBytesOf64);
        json.WriteNumber("store_bytes_of_256_mib", boot.StoreBytesOf256);
        json.WriteEndObject();
    }
}
