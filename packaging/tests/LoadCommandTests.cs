using System;
using System.Collections.Generic;
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

    /// <summary>Every command of the page, against memcached, and shorter.</summary>
    [ProgramFact(ReferenceServer.Program)]
    public async Task The_examples_of_the_page_run()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Find().Root, "docs", "loadtest.md"));
        string[] examples = [.. page.Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => $"{line} ".StartsWith(Example, StringComparison.Ordinal))];
        Assert.True(examples.Length >= 5, "the page has no examples");
        using var directory = new TemporaryDirectory();
        foreach (string example in examples)
        {
            using var server = new ReferenceServer();
            List<string> args = [.. $"{example} "[Example.Length..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim('\'').Replace("/tmp/", directory.Path + "/", StringComparison.Ordinal))];
            Replace(args, "--server", server.Address.ToString());
            int scenario = args.IndexOf("--scenario");
            if (scenario >= 0)
            {
                args[scenario + 1] = Path.Combine(Repository.Find().Root, args[scenario + 1]);
                Replace(args, "--time-scale", "0.01");
                Replace(args, "--keys", "1000");
            }
            else
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
            Assert.Contains("\nerrors      0", output.ToString());
        }
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
