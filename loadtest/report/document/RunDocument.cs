using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Memcachier.LoadTest.Metrics;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>
/// A run as <c>--json</c> writes it. Every other report is made of this, so each can be made later, too. Durations are in
/// microseconds unless a name says otherwise.
/// </summary>
public sealed record RunDocument
{
    /// <summary>Goes up when a member changes its meaning or goes away. One more is no reason.</summary>
    public const int CurrentFormat = 2;

    internal static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
    };

    public required int Format { get; init; }

    /// <summary>When the measurement began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Which load; in the order in which they are to be shown.</summary>
    public required OrderedDictionary<string, JsonElement> Settings { get; init; }

    /// <summary>True if the run was ended before it was over.</summary>
    public bool IsInterrupted { get; init; }

    public required double ElapsedSeconds { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Requests that were due and had not been sent when the time was over.</summary>
    public required long Unsent { get; init; }

    public required OperationFigures Total { get; init; }

    /// <summary>In the order of the mix.</summary>
    public required OrderedDictionary<string, OperationFigures> Operations { get; init; }

    /// <summary>Connections that were made anew; see <see cref="Connect"/>.</summary>
    public long Connects { get; init; }

    /// <summary>How long that took, as <see cref="OperationFigures.LatencyMicros"/>; null if nobody did.</summary>
    public OrderedDictionary<string, double>? ConnectMicros { get; init; }

    /// <summary>One after the other; none in a file that was written before there were any.</summary>
    public IReadOnlyList<SimulationFigures> Simulations { get; init; } = [];

    public required ErrorFigures Errors { get; init; }

    public required ErrorFigures PreloadErrors { get; init; }

    /// <summary>Counters that were compared with the updates that were acknowledged.</summary>
    public long CountersChecked { get; init; }

    /// <summary>Counters that were not there any more at the end, of whose updates nothing is known.</summary>
    public long CountersGone { get; init; }

    public required ClientFigures Client { get; init; }

    public IReadOnlyList<ThresholdFigures> Thresholds { get; init; } = [];

    /// <summary>What the server said of itself; null if it was not asked.</summary>
    public ServerFigures? Server { get; init; }

    public required IReadOnlyList<SecondFigures> Seconds { get; init; }

    /// <summary>Connecting anew as if it were an operation; null if nobody did.</summary>
    [JsonIgnore]
    public OperationFigures? Connect => ConnectMicros == null
        ? null
        : new OperationFigures { Requests = Connects, Hits = 0, Misses = 0, LatencyMicros = ConnectMicros };

    /// <summary>The scenario's name; null if it had none or there was none.</summary>
    [JsonIgnore]
    public string? Scenario =>
        Settings.TryGetValue("scenario", out JsonElement name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    /// <summary>How long a second of <see cref="Seconds"/> was: 1 but for the last one.</summary>
    public double LengthOf(SecondFigures second) =>
        ReferenceEquals(second, Seconds[^1]) ? Math.Max(ElapsedSeconds - (second.Second - 1), 0.001) : 1;

    /// <exception cref="LoadTestException">It cannot be read, or is something else.</exception>
    public static RunDocument ReadFile(string path)
    {
        try
        {
            return Read(File.ReadAllBytes(path), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"cannot read {path}: {problem.Message}", problem);
        }
    }

    /// <param name="json">What <see cref="LoadJson"/> wrote.</param>
    /// <param name="name">For the sentence that says what is wrong with it.</param>
    /// <exception cref="LoadTestException">It is something else.</exception>
    public static RunDocument Read(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            FormatOnly? head = JsonSerializer.Deserialize<FormatOnly>(json, Options);
            if (head?.Format is not { } format)
                throw new LoadTestException($"{name} is not a result of load --json: it has no format");
            if (format != CurrentFormat)
                throw new LoadTestException(
                    $"{name} is of format {format}: what is read here is format {CurrentFormat}, which load --json writes");
            return JsonSerializer.Deserialize<RunDocument>(json, Options)!;
        }
        catch (JsonException problem)
        {
            string place = problem.Path is { Length: > 0 } path ? $" in {path}" : "";
            string line = problem.LineNumber is { } number ? $", line {number + 1}" : "";
            throw new LoadTestException(
                $"{name} is not a result of load --json: something is wrong or missing{place}{line}", problem);
        }
    }

    /// <summary>Read first: a file of another format may lack anything else.</summary>
    private sealed record FormatOnly
    {
        [JsonPropertyName("format")]
        public int? Format { get; init; }
    }
}
