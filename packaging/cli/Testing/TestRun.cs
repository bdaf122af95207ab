using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Building;

namespace Memcachier.Cli.Testing;

/// <summary>Runs suites one after the other, reports as it goes, and adds up.</summary>
public sealed partial class TestRun
{
    /// <summary>
    /// A suite that takes this long hangs: it is ended and counts as one failure. The long soak takes 45 minutes.
    /// </summary>
    private static readonly TimeSpan SuiteBound = TimeSpan.FromMinutes(60);

    /// <summary>A failure is printed this far; all of it is in the .trx file.</summary>
    private const int MessageLineCountMax = 60;
    private const int MessageLineLengthMax = 500;
    private const int TailLineCount = 30;

    private readonly Repository _repository;
    private readonly TextWriter _output;
    private readonly List<TestResult> _results = [];

    public TestRun(Repository repository, TextWriter output)
    {
        _repository = repository;
        _output = output;
    }

    /// <summary>The last line of a run, which scripts read, and whether all is well.</summary>
    public static (string Line, bool Green) Summary(IReadOnlyCollection<TestResult> results)
    {
        int passed = results.Count(result => result.Outcome == TestOutcome.Passed);
        int failed = results.Count(result => result.Outcome == TestOutcome.Failed);
        int skipped = results.Count(result => result.Outcome == TestOutcome.Skipped);
        string line = $"{passed} passed, {failed} failed" + (skipped == 0 ? "" : $", {skipped} skipped");
        return (line, failed == 0 && passed > 0);
    }

    public async Task<bool> RunAsync(bool quick, string? nameFilter, CancellationToken cancel)
    {
        foreach (TestSuite suite in TestSuite.Discover(_repository))
        {
            if (!quick || !suite.NeedsVirtualMachine)
                await RunSuiteAsync(suite, Filter(quick, nameFilter), cancel);
        }
        foreach (TestResult skipped in _results.Where(result => result.Outcome == TestOutcome.Skipped))
            await _output.WriteLineAsync($"skipped: {skipped.Name}: {skipped.Message}");
        foreach (string measurement in _results.SelectMany(result => result.Measurements))
            await _output.WriteLineAsync($"measured: {measurement}");
        (string line, bool green) = Summary(_results);
        await _output.WriteLineAsync(line);
        return green;
    }

    /// <summary>
    /// The <c>Long</c> tests are minutes of simulation. A filter that is no plain name is passed on as one of dotnet
    /// test's expressions, say <c>DisplayName~Kvm</c>.
    /// </summary>
    public static string? Filter(bool quick, string? nameFilter)
    {
        bool isExpression = nameFilter != null && nameFilter.AsSpan().IndexOfAny("=~&|()") >= 0;
        string?[] parts =
        [
            quick ? "Category!=Long" : null,
            nameFilter == null ? null : isExpression ? $"({nameFilter})" : $"FullyQualifiedName~{nameFilter}",
        ];
        string all = string.Join('&', parts.OfType<string>());
        return all.Length == 0 ? null : all;
    }

    private async Task RunSuiteAsync(TestSuite suite, string? filter, CancellationToken cancel)
    {
        string directory = Path.Combine(_repository.OutputDirectory, "test-results");
        string trx = suite.Name.Replace('/', '-') + ".trx";
        _ = Directory.CreateDirectory(directory);
        File.Delete(Path.Combine(directory, trx));
        string[] arguments =
        [
            "test", suite.Project, "--no-build", "--nologo", "-c", ImageBuilder.Configuration,
            "--results-directory", directory,
            "--logger", $"trx;LogFileName={trx}", "--logger", "console;verbosity=normal",
            .. filter == null ? Array.Empty<string>() : ["--filter", filter],
        ];
        await _output.WriteLineAsync($"{suite.Name} ...");
        long start = Stopwatch.GetTimestamp();
        string? abnormalEnd = await TestAsync(arguments, cancel);
        List<TestResult> results = [.. TrxReport.Read(Path.Combine(directory, trx))];
        if (abnormalEnd != null && results.TrueForAll(result => result.Outcome != TestOutcome.Failed))
            results.Add(new TestResult(suite.Name, TestOutcome.Failed, abnormalEnd, []));
        _results.AddRange(results);
        foreach (TestResult failed in results.Where(result => result.Outcome == TestOutcome.Failed))
            await _output.WriteLineAsync($"FAILED {failed.Name}\n    {Excerpt(failed.Message)}");
        await _output.WriteLineAsync(
            $"{suite.Name}: {Summary(results).Line} in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    private static string Excerpt(string message) =>
        string.Join("\n    ", message.ReplaceLineEndings("\n").Split('\n').Take(MessageLineCountMax).Select(Cut));

    private static string Cut(string line) =>
        line.Length <= MessageLineLengthMax ? line : line[..MessageLineLengthMax] + " ...";

    /// <summary>Null, or what other than a failed test made the suite end badly.</summary>
    private async Task<string?> TestAsync(string[] arguments, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(SuiteBound);
        try
        {
            (int exitCode, string output) = await ToolProcess.RunAsync(
                "dotnet", arguments, _repository.Root, ShowSlowTest, limit.Token);
            string tail = string.Join('\n', output.Split('\n').TakeLast(TailLineCount));
            return exitCode == 0 ? null : $"the suite ended with exit code {exitCode}\n{tail}";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"the suite did not end within {SuiteBound.TotalMinutes:0} minutes";
        }
    }

    /// <summary>Tests that take seconds are shown as they end, so that a long suite is seen to move.</summary>
    private void ShowSlowTest(string line)
    {
        if (SlowTest().IsMatch(line))
            _output.WriteLine(line.TrimEnd());
    }

    [GeneratedRegex(@"^\s+(Passed|Failed) .*\[\d+ (m|s|m \d+ s)\]\s*$")]
    private static partial Regex SlowTest();
}
