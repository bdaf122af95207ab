using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Memcachier.Cli.Testing;

/// <summary>Reads the results that <c>dotnet test --logger trx</c> writes.</summary>
public static class TrxReport
{
    private const string MeasurementPrefix = "measured: ";

    private static readonly XNamespace Schema = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>
    /// No file means no results: the caller knows from the exit code whether that is as it should be.
    /// </summary>
    public static IReadOnlyList<TestResult> Read(string path) => File.Exists(path) ? Parse(XDocument.Load(path)) : [];

    public static IReadOnlyList<TestResult> Parse(XDocument document) =>
        [.. document.Descendants(Schema + "UnitTestResult").Select(Result)];

    private static TestResult Result(XElement element)
    {
        string name = (string?)element.Attribute("testName") ?? "?";
        TestOutcome outcome = Outcome((string?)element.Attribute("outcome"));
        string message = (Texts(element, "Message").FirstOrDefault() ?? "").Trim();
        // What a failed test printed is evidence: the console of a guest, the seed of a simulation.
        string printed = string.Join('\n', Texts(element, "StdOut")).Trim();
        if (outcome == TestOutcome.Failed && printed.Length > 0)
            message += "\noutput:\n" + printed;
        string[] measurements = [.. Texts(element, "StdOut")
            .SelectMany(text => text.Split('\n', StringSplitOptions.TrimEntries))
            .Where(line => line.StartsWith(MeasurementPrefix, StringComparison.Ordinal))
            .Select(line => line[MeasurementPrefix.Length..])];
        return new TestResult(name, outcome, message, measurements);
    }

    private static IEnumerable<string> Texts(XElement element, string name) =>
        element.Descendants(Schema + name).Select(each => each.Value);

    /// <summary>Whatever is neither passed nor left out has failed: an aborted or a timed-out test, too.</summary>
    private static TestOutcome Outcome(string? outcome) => outcome switch
    {
        "Passed" => TestOutcome.Passed,
        "NotExecuted" => TestOutcome.Skipped,
        _ => TestOutcome.Failed,
    };
}
