using System.CommandLine;
using System.IO;
using System.Threading;
using Memcachier.LoadTest;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;

namespace Memcachier.Cli.Commands;

/// <summary><c>load replay</c>: a trace against a memcached server.</summary>
public static class LoadReplayCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string> trace = new("TRACE") { Description = "the file with the requests, .xz or plain" };
        Option<string> format = LoadOptions.Text(
            "--format", "auto", "auto|int32|int64|text", "how the requests are written");
        Option<string> server = LoadOptions.Text("--server", "127.0.0.1:11211", "HOST:PORT", "who is asked");
        Option<string?> sizes = new("--sizes")
        {
            HelpName = "SPEC",
            Description = "the values' sizes: fixed:N, uniform:A-B, etc, gpd:LOCATION,SCALE,SHAPE, " +
                "lognormal:MEDIAN,SIGMA or histogram:FILE, with *FACTOR behind it if wanted [default: the trace's own, or etc]",
        };
        Option<string?> limit = new("--limit") { HelpName = "N", Description = "stop after N requests" };
        Option<string> connections = LoadOptions.Text("--connections", "1", "N", "connections that share the keys");
        Option<string> window = LoadOptions.Text("--window", "1", "N", "gets on their way at once on a connection");
        Option<string?> interval = new("--interval")
        {
            HelpName = "N", Description = "show the miss ratio of every N requests, too",
        };
        Option<string?> json = new("--json") { HelpName = "FILE", Description = "where the result goes as JSON" };
        Option<bool> flush = new("--flush") { Description = "empty the server first, with flush_all" };
        var command = new Command(
            "replay", "Replays a trace: get, and on a miss set. Every value that is hit is checked byte for byte.")
        {
            trace, format, server, sizes, limit, connections, window, interval, json, flush,
        };
        command.SetAction((parsed, cancel) => LoadOptions.Explained(() =>
        {
            var settings = new ReplaySettings
            {
                Trace = parsed.GetRequiredValue(trace),
                Format = ParseFormat(parsed.GetRequiredValue(format)),
                Server = ServerAddress.Parse(parsed.GetRequiredValue(server)),
                Sizes = parsed.GetValue(sizes) is { } spec ? SizeDistribution.Parse(spec) : null,
                RequestCountMax =
                    LoadOptions.ParseCount(parsed.GetValue(limit), "--limit", long.MaxValue) ?? long.MaxValue,
                ConnectionCount = (int)LoadOptions.ParseCount(
                    parsed.GetRequiredValue(connections), "--connections", ReplaySettings.ConnectionCountMax)!,
                Window = (int)LoadOptions.ParseCount(
                    parsed.GetRequiredValue(window), "--window", ReplaySettings.WindowMax)!,
                Interval = LoadOptions.ParseCount(parsed.GetValue(interval), "--interval", long.MaxValue) ?? 0,
                IsFlushing = parsed.GetValue(flush),
            };
            string? jsonFile = RunSettings.ParseOutputFile(parsed.GetValue(json), "--json");
            return Replay(settings, jsonFile, output, cancel);
        }));
        return command;
    }

    private static int Replay(ReplaySettings settings, string? jsonFile, TextWriter output, CancellationToken cancel)
    {
        ReplayResult result = Replayer.Run(settings, cancel);
        ReplayReport.Print(result, settings, output);
        if (jsonFile != null)
        {
            using FileStream file = File.Create(jsonFile);
            ReplayReport.WriteJson(result, settings, file);
        }
        ReplayCounts counts = result.Counts;
        return counts.WrongValues == 0
            ? CommandLine.Success
            : throw new UserErrorException(
                $"{counts.WrongValues} of {counts.Hits} hits had a wrong value, that of {counts.WrongKey} for one");
    }

    private static TraceFormat ParseFormat(string text) => text switch
    {
        "auto" => TraceFormat.Auto,
        "int32" => TraceFormat.Int32,
        "int64" => TraceFormat.Int64,
        "text" => TraceFormat.Text,
        _ => throw new UserErrorException($"'{text}' is not a trace format: write auto, int32, int64 or text"),
    };
}
