using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli;
using Xunit;

namespace Memcachier.BootTests;

/// <summary>The scripts in <c>clients/</c>, and the programs of libmemcached-tools.</summary>
internal static class ClientScript
{
    /// <summary>Debian's modules belong to Debian's interpreter.</summary>
    private const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    public static Task PythonAsync(string script, IPEndPoint server) =>
        RunAsync(Python, Path(script), $"{server.Address}", $"{server.Port}");

    public static Task PhpAsync(string script, IPEndPoint server) =>
        RunAsync("php", Path(script), $"{server.Address}", $"{server.Port}");

    /// <summary>One request of a visitor, in a PHP that keeps its sessions in <paramref name="server"/>.</summary>
    public static Task PhpSessionAsync(IPEndPoint server, params string[] arguments) => RunAsync(
        "php",
        [
            "-d", "session.save_handler=memcached", "-d", $"session.save_path={server}",
            "-d", "memcached.sess_binary_protocol=0",
            Path("php_session.php"), .. arguments,
        ]);

    /// <param name="protocol">-a for the text protocol, -b for the binary one.</param>
    public static Task<string> CapableAsync(IPEndPoint server, string protocol) =>
        RunAsync("memccapable", "-h", $"{server.Address}", "-p", $"{server.Port}", protocol, "-t", "30");

    private static string Path(string script) =>
        System.IO.Path.Combine(Repository.Find().Root, "appliance", "boottests", "clients", script);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Bound);
        (int exitCode, string output) = await ToolProcess.RunAsync(
            program, arguments, Repository.Find().Root, null, limit.Token);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
