using System.CommandLine;
using System.IO;
using System.Linq;
using Memcachier.LoadTest;
using Memcachier.LoadTest.Report.Compare;

namespace Memcachier.Cli.Commands;

/// <summary><c>load compare</c>: results of <c>load --json</c> against each other.</summary>
public static class LoadCompareCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string[]> files = new("FILES")
        {
            Description = "results of load --json; the first is the baseline; several runs of the same, with commas between",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string[]> failIf = new("--fail-if")
        {
            HelpName = "LIMIT",
            Description = "a change that fails the command if it is more than the noise, as in 'p99>+5%' or 'rate<-3%'; may " +
                "be repeated",
        };
        Option<string?> html = new("--html") { HelpName = "FILE", Description = "where the comparison goes as a page" };
        Option<string?> markdown = new("--markdown")
        {
            HelpName = "FILE", Description = "where the comparison goes as Markdown",
        };
        var command = new Command("compare", "Compares runs with the first one, and says what is more than noise.")
        {
            files, failIf, html, markdown,
        };
        command.SetAction((parsed, _) => LoadOptions.Explained(() =>
        {
            string? htmlFile = RunSettings.ParseOutputFile(parsed.GetValue(html), "--html");
            string? markdownFile = RunSettings.ParseOutputFile(parsed.GetValue(markdown), "--markdown");
            string[] sides = parsed.GetRequiredValue(files);
            if (sides.Length < 2)
                throw new LoadTestException($"{sides[0]} alone cannot be compared: name a baseline and one run or more");
            Comparison comparison = Comparison.Of(CompareSide.ReadFiles(sides));
            ChangeLimit[] limits =
                [.. (parsed.GetValue(failIf) ?? []).Select(text => ChangeLimit.Parse(text, comparison))];
            CompareReport.Print(comparison, output);
            Write(htmlFile, comparison, CompareReport.WriteHtml);
            Write(markdownFile, comparison, CompareReport.WriteMarkdown);
            return Judge(comparison, limits);
        }));
        return command;
    }

    private static void Write(string? path, Comparison comparison, System.Action<Comparison, TextWriter> write)
    {
        if (path == null) return;
        using StreamWriter file = File.CreateText(path);
        write(comparison, file);
    }

    private static int Judge(Comparison comparison, ChangeLimit[] limits)
    {
        if (limits.Length == 0) return CommandLine.Success;
        if (comparison.SettingsDifferences.Count > 0)
            throw new LoadTestException(
                $"runs of different loads cannot be judged: {string.Join("; ", comparison.SettingsDifferences)}");
        string[] failures =
        [
            .. comparison.Sides.Skip(1)
                .SelectMany(side => limits.Select(limit => limit.Judge(comparison, side)))
                .OfType<string>(),
        ];
        return failures.Length == 0
            ? CommandLine.Success
            : throw new UserErrorException(string.Join("; ", failures));
    }
}
