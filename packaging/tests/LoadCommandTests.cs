using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Memcachier.LoadTest.Tests;
using Memcachier.LoadTest.Tests.Replay;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class LoadCommandTests
{
    private const string Example = "./memcachier load ";
    private const string Publishing = Example + "publish ";

    [Fact]
    public async Task A_run_prints_its_table_and_writes_its_files()
    {
        using var directory = new TemporaryDirectory();
        (int exitCode, string output, string error) = await RunAsync(
            "END\r\n", "--json", directory.File("a.json"), "--csv", directory.File("a.csv"),
            "--html", directory.File("a.html"), "--markdown", directory.File("a.md"), "--fail-if", "errors>0");
        Assert.Equal("", error);
        Assert.Equal(CommandLine.Success, exitCode);
        Assert.Contains($"\n{"get",-14}{50,11} ", output);
        Assert.Contains("\nerrors      0", output);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(directory.File("a.json")));
        Assert.Equal(50, json.RootElement.GetProperty("total").GetProperty("misses").GetInt32());
        Assert.StartsWith("second,requests,", await File.ReadAllTextAsync(directory.File("a.csv")));
        Assert.Contains("<h2 id=\"limits\">", await File.ReadAllTextAsync(directory.File("a.html")));
        Assert.StartsWith("### Load test: passed\n", await File.ReadAllTextAsync(directory.File("a.md")));
    }

    [Theory]
    [InlineData("END\r\n", "misses>50%", "misses is 100%, which --fail-if 'misses>50%' forbids")]
    [InlineData("SERVER_ERROR out of memory\r\n", "errors>0", "errors is 50, which --fail-if 'errors>0' forbids")]
    public async Task A_limit_that_is_missed_is_a_failure_though_everything_is_printed(
        string answer, string limit, string sentence)
    {
        (int exitCode, string output, string error) = await RunAsync(answer, "--fail-if", limit);
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.Equal($"memcachier: {sentence}{Environment.NewLine}", error);
        Assert.Contains($"\n{"get",-14}{50,11} ", output);
    }

    [Theory]
    [InlineData("END\r\n", 0)]
    [InlineData("SERVER_ERROR out of memory\r\n", 0)]
    [InlineData("VALUE k:00000000000009 0 1\r\nx\r\nEND\r\n", 1)]
    public async Task A_server_that_lies_is_a_failure_without_a_limit(string answer, int expected)
    {
        (int exitCode, _, string error) = await RunAsync(answer, "--verify", "--keys", "1");
        Assert.Equal(expected, exitCode);
        Assert.Equal(
            expected == 0
                ? ""
                : "memcachier: 50 replies were wrong: the value of k:00000000000009 came where that of " +
                    $"k:00000000000000 should{Environment.NewLine}",
            error);
    }

    [Fact]
    public async Task Results_are_compared()
    {
        using var directory = new TemporaryDirectory();
        string a = directory.File("a.json"), b = directory.File("b.json"), c = directory.File("c.json");
        _ = await RunAsync("END\r\n", "--json", a);
        _ = await RunAsync("END\r\n", "--json", b);
        _ = await RunAsync("SERVER_ERROR x\r\n", "--json", c, "--depth", "2");
        (int exitCode, string output, string error) = await CompareAsync(
            a, b, "--fail-if", "errors>+0%", "--html", directory.File("d.html"), "--markdown", directory.File("d.md"));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches("\nmisses +100.00% +100.00% ", output);
        Assert.Contains("<h1>b against a</h1>", await File.ReadAllTextAsync(directory.File("d.html")));
        Assert.StartsWith("### Comparison", await File.ReadAllTextAsync(directory.File("d.md")));
        (exitCode, output, error) = await CompareAsync(a, c);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.StartsWith("warning: the loads differ: depth is 1 in a, 2 in c", output);
    }

    [Theory]
    [InlineData("a.json", "", "{0} alone cannot be compared: name a baseline and one run or more")]
    [InlineData("a.json b.json", "errors>0", "'errors>0' is not a limit of a change: write FIGURE>+N% or")]
    [InlineData("a.json b.json", "errors>+1%", "errors is 100.00% in b and was 0.00%: +100.0%, which --fail-if 'errors>+1%' forbids")]
    [InlineData("a.json c.json", "errors>+1%", "runs of different loads cannot be judged: depth is 1 in a, 2 in c")]
    [InlineData("a.json d.json", "", "cannot read {1}: ")]
    public async Task What_cannot_be_compared_is_a_sentence(string files, string limit, string sentence)
    {
        using var directory = new TemporaryDirectory();
        _ = await RunAsync("END\r\n", "--json", directory.File("a.json"));
        _ = await RunAsync("SERVER_ERROR x\r\n", "--json", directory.File("b.json"));
        _ = await RunAsync("END\r\n", "--json", directory.File("c.json"), "--depth", "2");
        string[] paths = [.. files.Split(' ').Select(directory.File)];
        (int exitCode, _, string error) = await CompareAsync([.. paths, .. limit.Length == 0 ? [] : new[] { "--fail-if", limit }]);
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.StartsWith("memcachier: " + string.Format(CultureInfo.InvariantCulture, sentence, [.. paths, ""]), error);
    }

    /// <summary>Every command of the page, against memcached, and shorter.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public async Task The_examples_of_the_page_run()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Find().Root, "docs", "loadtest.md"));
        string[] examples = [.. page.Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => $"{line} ".StartsWith(Example, StringComparison.Ordinal))
            // Takes its time, and has a test of its own.
            .Where(line => !line.StartsWith(Publishing, StringComparison.Ordinal))];
        Assert.True(examples.Length >= 5, "the page has no examples");
        using var directory = new TemporaryDirectory();
        foreach (string example in examples)
        {
            using var server = new ReferenceServer();
            List<string> args = [.. $"{example} "[Example.Length..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim('\'').Replace("/tmp/", directory.Path + "/", StringComparison.Ordinal))];
            bool isLoad = !args.Contains("compare");
            int scenario = args.IndexOf("--scenario");
            int keys = args.IndexOf("--key-file");
            if (keys >= 0) args[keys + 1] = Path.Combine(Repository.Find().Root, args[keys + 1]);
            if (isLoad) Replace(args, "--server", server.Address.ToString());
            if (scenario >= 0)
            {
                args[scenario + 1] = Path.Combine(Repository.Find().Root, args[scenario + 1]);
                Replace(args, "--time-scale", "0.01");
                Replace(args, "--keys", "1000");
            }
            else if (isLoad)
            {
                Replace(args, "--duration", "300ms");
                Replace(args, "--warm-up", "0s");
            }
            // Whether a limit holds depends on the machine.
            for (int at; (at = args.IndexOf("--fail-if")) >= 0;) args.RemoveRange(at, 2);
            using var output = new StringWriter();
            using var error = new StringWriter();
            int exitCode = await new CommandLine(output, error).RunAsync(["load", .. args]);
            Assert.Equal(("", example, 0), (error.ToString(), example, exitCode));
            Assert.Contains("\nerrors ", output.ToString());
            if (isLoad) Assert.Contains("\nerrors      0", output.ToString());
        }
    }

    private static async Task<(int ExitCode, string Output, string Error)> CompareAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(["load", "compare", .. args]);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static void Replace(List<string> args, string option, string value)
    {
        int at = args.IndexOf(option);
        if (at >= 0) args.RemoveRange(at, 2);
        args.AddRange([option, value]);
    }

    /// <summary>Fifty gets, of which each is answered with this.</summary>
    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string answer, params string[] args)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, answer);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(
        [
            "load", "--server", listener.LocalEndpoint.ToString()!, "--no-preload", "--mix", "get", "--connections",
            "1", "--warm-up", "0s", "--requests", "50", .. args,
        ]);
        await serving;
        return (exitCode, output.ToString(), error.ToString());
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        while (await reader.ReadLineAsync() != null) await writer.WriteAsync(answer);
    }
}
