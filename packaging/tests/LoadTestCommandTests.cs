using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class LoadTestCommandTests
{
    [Fact]
    public async Task A_replay_prints_its_result_and_writes_it_as_json()
    {
        (int exitCode, string output, string error, JsonElement json) = await ReplayAsync("END\r\n");
        Assert.Equal("", error);
        Assert.Equal(CommandLine.Success, exitCode);
        Assert.Contains("\nmisses          1\nmiss ratio      1.0000\nstores          1\n", output);
        Assert.Equal(1, json.GetProperty("misses").GetInt32());
    }

    [Fact]
    public async Task A_wrong_value_is_a_failure_though_everything_is_printed()
    {
        (int exitCode, string output, string error, JsonElement json) =
            await ReplayAsync("VALUE k:a 1 3\r\nxyz\r\nEND\r\n");
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.Equal($"memcachier: 1 of 1 hits had a wrong value, that of k:a for one{Environment.NewLine}", error);
        Assert.Contains("\nwrong values    1\n", output);
        Assert.Equal(1, json.GetProperty("wrong_values").GetInt32());
    }

    /// <summary>One request, against a server that answers a get with this.</summary>
    private static async Task<(int ExitCode, string Output, string Error, JsonElement Json)> ReplayAsync(string answer)
    {
        using var directory = new TemporaryDirectory();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, answer);
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(
        [
            "load", "replay", directory.Write("one.trace", "1 a 3\n"), "--server", listener.LocalEndpoint.ToString()!,
            "--json", directory.File("result.json"),
        ]);
        await serving;
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(directory.File("result.json")));
        return (exitCode, output.ToString(), error.ToString(), json.RootElement.Clone());
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync(CancellationToken.None);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        using var writer = new StreamWriter(client.GetStream()) { AutoFlush = true };
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("get ", StringComparison.Ordinal)) await writer.WriteAsync(answer);
            if (!line.StartsWith("set ", StringComparison.Ordinal)) continue;
            // The value may be any bytes: here it has three of them and CR LF.
            char[] value = new char[5];
            _ = await reader.ReadBlockAsync(value);
            await writer.WriteAsync("STORED\r\n");
        }
    }
}
