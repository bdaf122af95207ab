using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Report;
using Memcachier.Cli.Benching;
using Memcachier.Cli.Benching.Linux;
using Memcachier.Cli.Building;
using Memcachier.LoadTest;

namespace Memcachier.Cli.Commands;

/// <summary><c>bench</c>: what a request costs, and a boot.</summary>
public sealed class BenchCommand
{
    private const string Instructions = "instructions";
    private const string Boot = "boot";
    private const string Compare = "compare";

    /// <summary>Enough of them that one which the host disturbed does not count.</summary>
    private const int ComparedRunCount = 5;

    private static readonly string[] s_parts = [Instructions, Boot, Compare];

    private static readonly TimeSpan s_comparedDuration = TimeSpan.FromSeconds(1);

    private readonly Option<string[]> _only = new("--only")
    {
        HelpName = "PART", Description = $"{PartNames}, and not the rest; may be repeated",
    };

    private readonly Option<string?> _workload = new("--workload")
    {
        HelpName = "TEXT", Description = "only requests whose name contains this, as in \"GET 100 B, 1 x 32\"",
    };

    private readonly Option<string?> _json = new("--json")
    {
        HelpName = "FILE", Description = "where the result goes as JSON, with all functions",
    };

    private readonly Option<bool> _writeDocs = new("--write-docs")
    {
        Description = "write the tables to docs/performance.md",
    };

    private readonly Option<bool> _writeBaseline = new("--write-baseline")
    {
        Description = "make these figures the ones that the tests hold the image to",
    };

    private readonly TextWriter _output;

    private static string PartNames => $"{string.Join(", ", s_parts[..^1])} or {s_parts[^1]}";

    private BenchCommand(TextWriter output) => _output = output;

    public static Command Create(TextWriter output)
    {
        var bench = new BenchCommand(output);
        var command = new Command("bench", "Counts what requests and a boot cost, and compares with memcached in Linux.")
        {
            bench._only, bench._workload, bench._json, bench._writeDocs, bench._writeBaseline,
        };
        command.SetAction(bench.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        string[] parts = parsed.GetValue(_only) is { Length: > 0 } only ? only : s_parts;
        if (parts.FirstOrDefault(part => !s_parts.Contains(part)) is { } unknown)
            throw new UserErrorException($"'{unknown}' is not a part: --only takes {PartNames}");
        IReadOnlyList<Workload> workloads = WorkloadsNamed(parsed.GetValue(_workload));
        bool isWhole = s_parts.All(parts.Contains) && workloads.Count == Workloads.All.Count;
        if (!isWhole && (parsed.GetValue(_writeDocs) || parsed.GetValue(_writeBaseline)))
            throw new UserErrorException(
                "--write-docs and --write-baseline need everything: leave out --only and --workload");
        string? jsonFile = RunSettings.ParseOutputFile(parsed.GetValue(_json), "--json");
        var repository = Repository.Find();
        // What cannot be had is to be known now, not in ten minutes.
        LinuxGuestFiles? linux = parts.Contains(Compare) ? await LinuxGuestFiles.MakeAsync(repository, cancel) : null;
        await new ImageBuilder(repository).BuildImageAsync(cancel);
        BenchReport report = await MeasureAsync(repository, parts, workloads, linux, cancel);
        BenchMarkdown.Write(report, _output);
        if (jsonFile != null)
        {
            await using FileStream file = File.Create(jsonFile);
            BenchJson.Write(report, file);
        }
        if (parsed.GetValue(_writeBaseline)) Baseline.Save(report.Figures, repository.BenchBaseline);
        if (parsed.GetValue(_writeDocs)) await WriteDocsAsync(report, repository.PerformancePage, cancel);
        return CommandLine.Success;
    }

    private static List<Workload> WorkloadsNamed(string? text)
    {
        List<Workload> named =
            [.. Workloads.All.Where(each => each.Name.Contains(text ?? "", StringComparison.OrdinalIgnoreCase))];
        return named.Count > 0
            ? named
            : throw new UserErrorException(
                $"no request's name contains '{text}': they are as {Workloads.All[0].Name}");
    }

    private async Task<BenchReport> MeasureAsync(
        Repository repository, string[] parts, IReadOnlyList<Workload> workloads, LinuxGuestFiles? linux,
        CancellationToken cancel)
    {
        var run = new BenchRun(repository, _output);
        try
        {
            IReadOnlyList<WorkloadCost> costs =
                parts.Contains(Instructions) ? await run.MeasureRequestsAsync(workloads, cancel) : [];
            return new BenchReport
            {
                Conditions = await run.ConditionsAsync(cancel),
                Costs = costs,
                Boot = parts.Contains(Boot) ? await run.MeasureBootAsync(cancel) : null,
                Comparison = linux != null ? await CompareAsync(repository, workloads, linux, cancel) : null,
            };
        }
        catch (LoadTestException problem)
        {
            throw new UserErrorException(problem.Message, problem);
        }
        catch (SocketException problem)
        {
            throw new UserErrorException("QEMU has ended", problem);
        }
    }

    private async Task<PeerComparison?> CompareAsync(
        Repository repository, IReadOnlyList<Workload> workloads, LinuxGuestFiles linux, CancellationToken cancel)
    {
        Workload[] compared = [.. ComparisonBench.Workloads.Where(workloads.Contains)];
        return compared.Length == 0
            ? null
            : await new ComparisonRun(repository, linux, _output)
                .RunAsync(compared, ComparedRunCount, s_comparedDuration, cancel);
    }

    private static async Task WriteDocsAsync(BenchReport report, string page, CancellationToken cancel)
    {
        var part = new StringWriter();
        BenchMarkdown.Write(report, part);
        string text = GeneratedPart.Replace(await File.ReadAllTextAsync(page, cancel), part.ToString());
        await File.WriteAllTextAsync(page, text, cancel);
    }
}
