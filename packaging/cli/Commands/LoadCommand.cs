using System;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.LoadTest;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;

namespace Memcachier.Cli.Commands;

/// <summary><c>load</c>: the load tester.</summary>
public static class LoadCommand
{
    public static Command Create(TextWriter output) => new("load", "Puts load on a memcached server.")
    {
        CreateReplay(output),
    };

    private static Command CreateReplay(TextWriter output)
    {
        Argument<string> trace = new("TRACE") { Description = "the file with the requests, .xz or plain" };
        Option<string> format = Text("--format", "auto", "auto|int32|int64|text", "how the requests are written");
        Option<string> server = Text("--server", "127.0.0.1:11211", "HOST:PORT", "who is asked");
        Option<string?> sizes = new("--sizes")
        {
            HelpName = "SPEC",
            Description = "the values' sizes: fixed:N, uniform:A-B, etc, gpd:LOCATION,SCALE,SHAPE or " +
                "lognormal:MEDIAN,SIGMA, with *FACTOR behind it if wanted [default: the trace's own, or etc]",
        };
        Option<string?> limit = new("--limit") { HelpName = "N", Description = "stop after N requests" };
        Option<string> connections = Text("--connections", "1", "N", "connections that share the keys");
        Option<string> window = Text("--window", "1", "N", "gets on their way at once on a connection");
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
        command.SetAction((parsed, cancel) => Explained(() =>
        {
            var settings = new ReplaySettings
            {
                Trace = parsed.GetRequiredValue(trace),
                Format = ParseFormat(parsed.GetRequiredValue(format)),
                Server = ServerAddress.Parse(parsed.GetRequiredValue(server)),
                Sizes = parsed.GetValue(sizes) is { } spec ? SizeDistribution.Parse(spec) : null,
                RequestCountMax = ParseCount(parsed.GetValue(limit), "--limit", long.MaxValue) ?? long.MaxValue,
                ConnectionCount = (int)ParseCount(
                    parsed.GetRequiredValue(connections), "--connections", ReplaySettings.ConnectionCountMax)!,
                Window = (int)ParseCount(parsed.GetRequiredValue(window), "--window", ReplaySettings.WindowMax)!,
                Interval = ParseCount(parsed.GetValue(interval), "--interval", long.MaxValue) ?? 0,
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

    /// <summary>The replay blocks; so Ctrl-C is heard only if it runs elsewhere.</summary>
    private static Task<int> Explained(Func<int> action) => Task.Run(() =>
    {
        try
        {
            return action();
        }
        catch (LoadTestException problem)
        {
            throw new UserErrorException(problem.Message, problem);
        }
    });

    private static TraceFormat ParseFormat(string text) => text switch
    {
        "auto" => TraceFormat.Auto,
        "int32" => TraceFormat.Int32,
        "int64" => TraceFormat.Int64,
        "text" => TraceFormat.Text,
        _ => throw new UserErrorException($"'{text}' is not a trace format: write auto, int32, int64 or text"),
    };

    private static long? ParseCount(string? text, string option, long most)
    {
        if (text == null)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long count) &&
            count >= 1 && count <= most)
            return count;
        string range = most == long.MaxValue ? "1 or more" : $"1 to {most}";
        throw new UserErrorException($"'{text}' is not a count: {option} takes {range}");
    }

    private static Option<string> Text(string name, string preset, string values, string description) => new(name)
    {
        HelpName = values,
        Description = description,
        DefaultValueFactory = _ => preset,
    };
}
