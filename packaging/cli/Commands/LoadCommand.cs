using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.LoadTest;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Report.Html;
using Memcachier.LoadTest.Report.Live;
using Memcachier.LoadTest.Scenarios;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Workload;

namespace Memcachier.Cli.Commands;

/// <summary><c>load</c>: the load tester.</summary>
public sealed class LoadCommand
{
    private const int KeySizeMax = 250;

    private const double TimeScaleMin = 0.00001;
    private const double TimeScaleMax = 1000;

    private readonly Option<string?> _scenario = new(LoadScenario.Switch)
    {
        HelpName = "FILE", Description = "a file that says what these switches say and more; they win over it",
    };

    private readonly Option<bool> _scenarioSchema = new(LoadScenario.SchemaSwitch)
    {
        Description = "print the JSON schema of scenarios, for editors, and do nothing else",
    };

    private readonly Option<string> _timeScale = LoadOptions.Text(
        "--time-scale", "1", "FACTOR", "multiplies warm-up and durations, to try a long load in a short time");

    private readonly Option<string> _server =
        LoadOptions.Text("--server", "127.0.0.1:11211", "HOST:PORT,...", "who is asked");

    private readonly Option<string> _protocol =
        LoadOptions.Text("--protocol", "text", "text|meta|binary", "what is spoken");

    private readonly Option<bool> _udp = new("--udp") { Description = "speak UDP instead of TCP" };

    private readonly Option<string?> _userName = new("--username")
    {
        HelpName = "NAME", Description = "who logs in on each connection, with --password-file",
    };

    private readonly Option<string?> _passwordFile = new("--password-file")
    {
        HelpName = "FILE", Description = "a file whose first line is the password",
    };

    private readonly Option<string> _threads = LoadOptions.Text("--threads", "1", "N", "threads of the client");

    private readonly Option<string> _connections = LoadOptions.Text("--connections", "8", "N", "connections in all");

    private readonly Option<string> _depth =
        LoadOptions.Text("--depth", "1", "N", "requests on their way at once on a connection");

    private readonly Option<string?> _churn = new("--churn")
    {
        HelpName = "N", Description = "close a connection after N requests and make it anew",
    };

    private readonly Option<string?> _rate = new("--rate")
    {
        HelpName = "N",
        Description = "open loop: N requests are due each second, and latency counts from then [default: closed " +
            "loop, the next request follows the answer]",
    };

    private readonly Option<string> _duration =
        LoadOptions.Text("--duration", "10s", "TIME", "how long is measured, as in 500ms, 10s or 5m");

    private readonly Option<string?> _requests = new("--requests")
    {
        HelpName = "N", Description = "measure N requests, however long it takes",
    };

    private readonly Option<string> _warmUp =
        LoadOptions.Text("--warm-up", "1s", "TIME", "load before the measurement");

    private readonly Option<string> _keys = LoadOptions.Text("--keys", "100000", "N", "how many keys there are");

    private readonly Option<string> _keySize = LoadOptions.Text("--key-size", "16", "N", "bytes of a key");

    private readonly Option<string?> _keyFile = new(LoadScenario.KeyFile)
    {
        HelpName = "FILE",
        Description = "the keys, in the place of numbered ones: one a line, and behind a blank, if wanted, the size of " +
            "its value",
    };

    private readonly Option<string> _keyDist = LoadOptions.Text(
        "--key-dist", "uniform", "DIST",
        "which key is next: uniform, sequential, zipf:EXPONENT or hot:KEYS%,REQUESTS%");

    private readonly Option<string> _valueSize = LoadOptions.Text(
        "--value-size", "fixed:100", "SPEC",
        "the values' sizes: fixed:N, uniform:A-B, etc, gpd:LOCATION,SCALE,SHAPE, lognormal:MEDIAN,SIGMA or " +
        "histogram:FILE, with *FACTOR behind it if wanted");

    private readonly Option<string?> _preset = new("--preset")
    {
        HelpName = "NAME",
        Description = "sizes, mix, distribution and TTL as published, where no other switch says them: " +
            string.Join(", ", WorkloadPreset.All.Select(each => each.Name)),
    };

    private readonly Option<string> _mix = LoadOptions.Text(
        "--mix", "get=9,set=1", "MIX", "operations and their weights: get, gets, multiget:N, gat, touch, set, add, " +
        "replace, append, prepend, delete, incr, decr, cas");

    private readonly Option<string> _ttl =
        LoadOptions.Text("--ttl", "0", "SECONDS", "after which what is stored or touched expires; 0 is never");

    private readonly Option<bool> _noPreload = new("--no-preload") { Description = "do not store every key first" };

    private readonly Option<bool> _verify = new("--verify")
    {
        Description = "compare every value and its key with what was stored",
    };

    private readonly Option<string> _timeout =
        LoadOptions.Text("--timeout", "5s", "TIME", "a request without an answer for so long is an error");

    private readonly Option<string> _seed = LoadOptions.Text("--seed", "1", "N", "of the random numbers");

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE", Description = "where the result goes as JSON",
    };

    private readonly Option<string?> _csv = new("--csv")
    {
        HelpName = "FILE", Description = "where the seconds go as CSV",
    };

    private readonly Option<string?> _html = new("--html")
    {
        HelpName = "FILE", Description = "where a report with charts goes, a page that needs no network",
    };

    private readonly Option<string?> _markdown = new("--markdown")
    {
        HelpName = "FILE", Description = "where the tables go as Markdown, for a pull request",
    };

    private readonly Option<bool> _plain = new("--plain")
    {
        Description = "a line each second, on a terminal, too",
    };

    private readonly Option<string?> _metrics = new("--metrics")
    {
        HelpName = "URL",
        Description = "the server's own metrics, asked for each second, as in http://127.0.0.1:8080/metrics",
    };

    private readonly Option<string?> _metricsToken = new("--metrics-token")
    {
        HelpName = "TOKEN", Description = "what opens them, if they are not for everybody",
    };

    private readonly Option<string[]> _failIf = new("--fail-if")
    {
        HelpName = "LIMIT",
        Description = "a limit that fails the command, as in 'p99>2ms', 'get.max>50ms', 'rate<10000', 'errors>0' or " +
            "'misses>5%'; may be repeated",
    };

    private readonly TextWriter _output;

    private LoadCommand(TextWriter output) => _output = output;

    public static Command Create(TextWriter output)
    {
        var load = new LoadCommand(output);
        var command = new Command("load", "Puts load on a memcached server and measures how it bears it.")
        {
            load._scenario, load._scenarioSchema, load._timeScale, load._preset,
            load._server, load._protocol, load._udp, load._userName, load._passwordFile, load._threads, load._connections,
            load._depth, load._churn, load._rate, load._duration,
            load._requests, load._warmUp, load._keys, load._keySize, load._keyFile, load._keyDist,
            load._valueSize, load._mix, load._ttl, load._noPreload, load._verify, load._timeout, load._seed, load._json,
            load._csv, load._html, load._markdown, load._failIf, load._metrics, load._metricsToken, load._plain,
        };
        command.Add(LoadReplayCommand.Create(output));
        command.Add(LoadCompareCommand.Create(output));
        command.Add(LoadPublishCommand.Create(output));
        command.SetAction((parsed, cancel) => LoadOptions.Explained(() => load.Run(parsed, cancel)));
        return command;
    }

    private int Run(ParseResult given, CancellationToken cancel)
    {
        if (given.GetValue(_scenarioSchema))
        {
            _output.Write(ScenarioSchema.Text(LoadScenario.SwitchesOf(given.CommandResult.Command)));
            return CommandLine.Success;
        }
        LoadScenario? scenario = given.GetValue(_scenario) is { } file ? LoadScenario.Read(file, given) : null;
        try
        {
            ParseResult parsed = scenario?.Parsed ?? given;
            if (parsed.GetValue(_preset) is { } preset)
                parsed = LoadScenario.With(parsed, WorkloadPreset.Parse(preset).Switches);
            return Run(parsed, scenario, cancel);
        }
        catch (Exception problem) when (scenario != null && problem is UserErrorException or LoadTestException)
        {
            throw new UserErrorException(scenario!.Located(problem.Message), problem);
        }
    }

    private int Run(ParseResult parsed, LoadScenario? scenario, CancellationToken cancel)
    {
        LoadSettings settings = SettingsOf(parsed);
        settings = scenario?.Complete(settings) ?? settings;
        Threshold[] thresholds = [.. (parsed.GetValue(_failIf) ?? []).Select(text => Threshold.Parse(text, settings))];
        string? jsonFile = RunSettings.ParseOutputFile(parsed.GetValue(_json), "--json");
        string? csvFile = RunSettings.ParseOutputFile(parsed.GetValue(_csv), "--csv");
        string? htmlFile = RunSettings.ParseOutputFile(parsed.GetValue(_html), "--html");
        string? markdownFile = RunSettings.ParseOutputFile(parsed.GetValue(_markdown), "--markdown");
        LoadResult result = IsLive(parsed)
            ? LiveView.Show(settings, _output, view => LoadRunner.Run(settings, view, cancel))
            : LoadRunner.Run(settings, _output, cancel);
        LoadReport.Print(result, settings, _output);
        ThresholdVerdict[] verdicts = [.. thresholds.Select(each => each.VerdictOn(result, settings))];
        using var json = new MemoryStream();
        LoadJson.Write(result, settings, verdicts, json);
        if (jsonFile != null) File.WriteAllBytes(jsonFile, json.ToArray());
        if (csvFile != null)
        {
            using StreamWriter file = File.CreateText(csvFile);
            LoadCsv.Write(result, file);
        }
        // The other reports are made of the JSON, as they can be later.
        RunDocument document = RunDocument.Read(json.ToArray(), "the result");
        if (htmlFile != null)
        {
            using StreamWriter file = File.CreateText(htmlFile);
            HtmlReport.Write(document, file);
        }
        if (markdownFile != null)
        {
            using StreamWriter file = File.CreateText(markdownFile);
            MarkdownReport.Write(document, file);
        }
        if (result.IsInterrupted) throw new UserErrorException("interrupted");
        List<string> failures = [.. verdicts.Select(each => each.Sentence).OfType<string>()];
        // A server that lies has failed any test.
        ErrorCounts errors = result.Total.Errors;
        if (errors.Corruptions > 0)
        {
            ErrorKind first = ErrorKinds.All.First(kind => ErrorKinds.IsCorruption(kind) && errors[kind] > 0);
            failures.Insert(0, $"{errors.Corruptions} replies were wrong: {errors.ExampleOf(first)}");
        }
        return failures.Count == 0 ? CommandLine.Success : throw new UserErrorException(string.Join("; ", failures));
    }

    private bool IsLive(ParseResult parsed) =>
        !parsed.GetValue(_plain) && ReferenceEquals(_output, Console.Out) && !Console.IsOutputRedirected;

    private LoadSettings SettingsOf(ParseResult parsed)
    {
        IReadOnlyList<ServerAddress> servers = ServerAddress.ParseList(parsed.GetRequiredValue(_server));
        var settings = new LoadSettings
        {
            Server = servers[0],
            Servers = servers,
            Protocol = ParseProtocol(parsed.GetRequiredValue(_protocol)),
            IsUdp = parsed.GetValue(_udp),
            Credentials = Credentials.Read(parsed.GetValue(_userName), parsed.GetValue(_passwordFile)),
            ThreadCount = (int)Count(parsed, _threads, LoadSettings.ThreadCountMax),
            ConnectionCount = (int)Count(parsed, _connections, LoadSettings.ConnectionCountMax),
            Depth = (int)Count(parsed, _depth, LoadSettings.DepthMax),
            Churn = LoadOptions.ParseCount(parsed.GetValue(_churn), "--churn", LoadSettings.ChurnMax) ?? 0,
            Rate = LoadOptions.ParseCount(parsed.GetValue(_rate), "--rate", LoadSettings.RateMax) ?? 0,
            Duration = ParsePositive(parsed.GetRequiredValue(_duration), "--duration"),
            RequestCount = LoadOptions.ParseCount(parsed.GetValue(_requests), "--requests", long.MaxValue) ?? 0,
            TimeScale = ParseTimeScale(parsed.GetRequiredValue(_timeScale)),
            WarmUp = DurationText.Parse(parsed.GetRequiredValue(_warmUp), "--warm-up"),
            KeyCount = Count(parsed, _keys, LoadSettings.KeyCountMax),
            KeySize = (int)Count(parsed, _keySize, KeySizeMax, KeyFormat.LengthMin),
            KeyFile = ReadKeyFile(parsed),
            KeyDistribution = parsed.GetRequiredValue(_keyDist),
            ValueSizes = SizeDistribution.Parse(parsed.GetRequiredValue(_valueSize)),
            Mix = OperationMix.Parse(parsed.GetRequiredValue(_mix)),
            TtlSeconds = (int)Count(parsed, _ttl, LoadSettings.TtlSecondsMax, 0),
            IsPreloading = !parsed.GetValue(_noPreload),
            IsVerifying = parsed.GetValue(_verify),
            Timeout = ParsePositive(parsed.GetRequiredValue(_timeout), "--timeout"),
            Metrics = ParseMetrics(parsed.GetValue(_metrics)),
            MetricsToken = parsed.GetValue(_metricsToken),
            Seed = ParseSeed(parsed.GetRequiredValue(_seed)),
        };
        // What cannot be read is to be said before anything happens.
        _ = KeyDistribution.Parse(settings.KeyDistribution, settings.KeyCount);
        return settings;
    }

    private KeyFile? ReadKeyFile(ParseResult parsed)
    {
        if (parsed.GetValue(_keyFile) is not { } file) return null;
        return LoadScenario.IsGiven(parsed, _keys) || LoadScenario.IsGiven(parsed, _keySize)
            ? throw new UserErrorException(
                "--key-file says what the keys are, so --keys and --key-size do not go with it; write one or the other")
            : KeyFile.Read(file);
    }

    private static long Count(ParseResult parsed, Option<string> option, long most, long least = 1) =>
        LoadOptions.ParseCount(parsed.GetRequiredValue(option), option.Name, most, least)!.Value;

    private static TimeSpan ParsePositive(string text, string option)
    {
        TimeSpan duration = DurationText.Parse(text, option);
        return duration > TimeSpan.Zero
            ? duration
            : throw new UserErrorException($"'{text}' is too short: {option} takes more than 0s");
    }

    private static double ParseTimeScale(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) &&
        factor is >= TimeScaleMin and <= TimeScaleMax
            ? factor
            : throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{text}' is not a factor: --time-scale takes {TimeScaleMin:0.#####} to {TimeScaleMax}"));

    private static ulong ParseSeed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new UserErrorException($"'{text}' is not a seed: --seed takes 0 to {ulong.MaxValue}");

    private static Uri? ParseMetrics(string? text)
    {
        if (text == null) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? url
            : throw new UserErrorException(
                $"'{text}' is not where metrics are: --metrics takes a URL like http://127.0.0.1:8080/metrics");
    }

    private static WireProtocol ParseProtocol(string text) => text switch
    {
        "text" => WireProtocol.Text,
        "meta" => WireProtocol.Meta,
        "binary" => WireProtocol.Binary,
        _ => throw new UserErrorException($"'{text}' is not a protocol: write text, meta or binary"),
    };
}
