using System;
using System.IO;
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

    private const string JavaClasses = "/usr/share/java/spymemcached.jar";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a script of <c>clients/</c> against <paramref name="server"/>; what kind it is, its name says.
    /// </summary>
    public static Task RunAsync(string script, IPEndPoint server, params string[] more)
    {
        string[] arguments = [PathOf(script), $"{server.Address}", $"{server.Port}", .. more];
        return Path.GetExtension(script) switch
        {
            ".py" => RunAsync(Python, arguments),
            ".php" => RunAsync("php", arguments),
            ".pl" => RunAsync("perl", arguments),
            ".rb" => RunAsync("ruby", arguments),
            ".sh" => RunAsync("bash", arguments),
            ".js" => RunAsync("env", [$"NODE_PATH={NodeModules.Directory}", "node", .. arguments]),
            ".java" => RunAsync("java", ["-Dfile.encoding=UTF-8", "-cp", JavaClasses, .. arguments]),
            _ => throw new ArgumentException($"nobody knows how to run {script}", nameof(script)),
        };
    }

    /// <summary>One request of a visitor, in a PHP that keeps its sessions in <paramref name="server"/>.</summary>
    public static Task PhpSessionAsync(IPEndPoint server, bool isBinary, params string[] arguments) => RunAsync(
        "php",
        [
            "-d", "session.save_handler=memcached", "-d", $"session.save_path={server}",
            "-d", $"memcached.sess_binary_protocol={(isBinary ? 1 : 0)}", "-d", "memcached.sess_lock_retries=200",
            PathOf("php_session.php"), .. arguments,
        ]);

    /// <param name="protocol">-a for the text protocol, -b for the binary one.</param>
    public static Task<string> CapableAsync(IPEndPoint server, string protocol) =>
        RunAsync("memccapable", "-h", $"{server.Address}", "-p", $"{server.Port}", protocol, "-t", "30");

    private static string PathOf(string script) =>
        Path.Combine(Repository.Find().Root, "appliance", "boottests", "clients", script);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Bound);
        (int exitCode, string output) = await ToolProcess.RunAsync(
            program, arguments, Repository.Find().Root, null, limit.Token);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
