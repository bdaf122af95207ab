using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace Memcachier.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("frob", "unrecognized command or argument 'frob' (see --help)")]
    [InlineData("run --bogus", "unrecognized command or argument '--bogus' (see --help)")]
    [InlineData("run stray", "unrecognized command or argument 'stray' (see --help)")]
    [InlineData("run --memory 256X", "'256X' is not a memory size: write 256M or 2G")]
    [InlineData("run --memory 16M", "a memory size of 16M is outside 32M to 1024G")]
    [InlineData("run --cpus 0", "'0' is not a number of processors: --cpus takes 1 to 64")]
    [InlineData("run --cpus two", "'two' is not a number of processors: --cpus takes 1 to 64")]
    [InlineData("run --machine pc98", "'pc98' is not a machine: write q35 or microvm")]
    [InlineData("run --accel hvf", "'hvf' is not an accelerator: write auto, kvm or tcg")]
    [InlineData("run --port 65536", "'65536' is not a port: --port takes 1 to 65535, or 0 for any free one")]
    [InlineData("run --api-port http", "'http' is not a port: --api-port takes 1 to 65535, or 0 for any free one")]
    [InlineData("run --net bridge", "'bridge' is not a network: write user or tap:INTERFACE")]
    [InlineData("run --net tap:", "'tap:' is not a network: write user or tap:INTERFACE")]
    [InlineData("run --net tap:nosuchtap0",
        "there is no network interface nosuchtap0: create it with: ip tuntap add dev nosuchtap0 mode tap")]
    [InlineData("run --port 0 --api-port 0 --console /nowhere/at/all/x",
        "--console cannot write /nowhere/at/all/x: it is a directory, or lies in one that does not exist")]
    [InlineData("run --port 0 --api-port 0 --user-data /nowhere",
        "--user-data cannot read /nowhere: there is no such file")]
    [InlineData("run --port 0 --api-port 0 --pcap /tmp",
        "--pcap cannot write /tmp: it is a directory, or lies in one that does not exist")]
    [InlineData("load --connections 0", "'0' is not a count: --connections takes 1 to 10000")]
    [InlineData("load --connections 2 --threads 3 --server 127.0.0.1:1", "2 connections are too few for 3 threads")]
    [InlineData("load --depth 1025", "'1025' is not a count: --depth takes 1 to 1024")]
    [InlineData("load --rate fast", "'fast' is not a count: --rate takes 1 to 100000000")]
    [InlineData("load --duration 10",
        "'10' is not a duration: --duration takes a number and us, ms, s, m or h, say 10s")]
    [InlineData("load --duration 0s", "'0s' is too short: --duration takes more than 0s")]
    [InlineData("load --timeout 0ms", "'0ms' is too short: --timeout takes more than 0s")]
    [InlineData("load --requests -1", "'-1' is not a count: --requests takes 1 or more")]
    [InlineData("load --key-size 13", "'13' is not a count: --key-size takes 14 to 250")]
    [InlineData("load --key-dist zipf", "'zipf' is not a distribution of keys: write uniform, sequential, " +
        "zipf:EXPONENT (above 0, say 0.99) or hot:KEYS%,REQUESTS% (say hot:10%,90%)")]
    [InlineData("load --mix get=9,put=1", "'get=9,put=1' is not a mix: write get=9,set=1 with any of get, gets, " +
        "multiget:N, gat, touch, set, add, replace, append, prepend, delete, incr, decr and cas, each once, " +
        "N from 2 to 100, weights from 1 to 1000000")]
    [InlineData("load --ttl forever", "'forever' is not a count: --ttl takes 0 to 2592000")]
    [InlineData("load --protocol http", "'http' is not a protocol: write text, meta or binary")]
    [InlineData("load --username ann", "a login takes both, --username NAME and --password-file FILE")]
    [InlineData("load --metrics here", "'here' is not where metrics are: --metrics takes a URL like http://127.0.0.1:8080/metrics")]
    [InlineData("load --seed x", "'x' is not a seed: --seed takes 0 to 18446744073709551615")]
    [InlineData("load --csv /nowhere/at/all/x",
        "--csv cannot write /nowhere/at/all/x: it is a directory, or lies in one that does not exist")]
    [InlineData("load --fail-if p99", "'p99' is not a threshold: write FIGURE>LIMIT or FIGURE<LIMIT, where the figure " +
        "is p50, p99.9 or any other percentile, mean or max, with a limit like 2ms; or rate, errors or misses (in " +
        "percent, 5%); with get. or another operation in front if wanted, and the name of a load simulation in " +
        "front of that")]
    [InlineData("bench --only speed", "'speed' is not a part: --only takes instructions, boot or compare")]
    [InlineData("bench --only boot --write-baseline",
        "--write-docs and --write-baseline need everything: leave out --only and --workload")]
    [InlineData("bench --workload NOTHING", "no request's name contains 'NOTHING': they are as GET 2 B, 1 x 1")]
    [InlineData("bench --json /nowhere/at/all/x",
        "--json cannot write /nowhere/at/all/x: it is a directory, or lies in one that does not exist")]
    [InlineData("image --format iso", "'iso' is not a format: write raw, qcow2, vmdk, vhd, gce or all")]
    [InlineData("image --format raw,vhd", "'raw,vhd' is not a format: write raw, qcow2, vmdk, vhd, gce or all")]
    [InlineData("image --config /nowhere/at/all", "there is no file /nowhere/at/all")]
    [InlineData("load frob", "unrecognized command or argument 'frob' (see --help)")]
    [InlineData("load publish", "required argument 'FILE' missing for command: 'publish' (see --help)")]
    [InlineData("load publish x --runtime win-x64",
        "'win-x64' is not a system: write linux-x64 or linux-arm64")]
    [InlineData("load publish /nowhere/at/all/x",
        "/nowhere/at/all/x cannot be written: it is a directory, or lies in one that does not exist")]
    [InlineData("load replay", "required argument 'TRACE' missing for command: 'replay' (see --help)")]
    [InlineData("load replay x --format csv", "'csv' is not a trace format: write auto, int32, int64 or text")]
    [InlineData("load replay x --server here:0", "'here:0' is not a server: write HOST:PORT, say 127.0.0.1:11211")]
    [InlineData("load replay x --limit 0", "'0' is not a count: --limit takes 1 or more")]
    [InlineData("load replay x --interval -5", "'-5' is not a count: --interval takes 1 or more")]
    [InlineData("load replay x --connections 65", "'65' is not a count: --connections takes 1 to 64")]
    [InlineData("load replay x --window many", "'many' is not a count: --window takes 1 to 256")]
    [InlineData("load replay x --json /tmp",
        "--json cannot write /tmp: it is a directory, or lies in one that does not exist")]
    [InlineData("load replay x --sizes big", "'big' is not a distribution of sizes: write fixed:N, uniform:A-B, etc, " +
        "gpd:LOCATION,SCALE,SHAPE, lognormal:MEDIAN,SIGMA or histogram:FILE, and *FACTOR behind it if wanted")]
    [InlineData("load replay /nowhere/at/all", "there is no file /nowhere/at/all")]
    [InlineData("ps -- -m 64", "only run takes options after --")]
    [InlineData("stop memcachier-none", "no instance memcachier-none is running")]
    [InlineData("symbolize /nowhere/at/all", "there is no file /nowhere/at/all")]
    [InlineData("symbolize", "required argument 'FILE' missing for command: 'symbolize' (see --help)")]
    public async Task What_is_wrong_is_one_sentence_and_a_non_zero_exit(string line, string sentence)
    {
        (int exitCode, string output, string error) = await RunAsync(line.Split(' '));
        Assert.NotEqual(0, exitCode);
        Assert.Equal("", output);
        Assert.Equal($"memcachier: {sentence}{Environment.NewLine}", error);
    }

    [Theory]
    [InlineData("--port", "--api-port")]
    [InlineData("--api-port", "--port")]
    public async Task A_used_port_is_named_with_the_option_that_changes_it(string used, string other)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (int exitCode, _, string error) = await RunAsync("run", used, $"{port}", other, "0");
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.Equal(
            $"memcachier: port {port} of 127.0.0.1 is in use: choose another with {used}{Environment.NewLine}", error);
    }

    [Fact]
    public async Task A_guest_option_with_a_blank_is_refused_before_anything_is_built()
    {
        (int exitCode, _, string error) = await RunAsync("run", "--port", "0", "--api-port", "0", "--", "-o", "a b");
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.StartsWith("memcachier: the guest option 'a b' has a blank in it", error);
    }

    [Fact]
    public async Task A_configuration_with_a_mistake_is_refused_before_anything_is_built()
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("memcachier.conf", "-m 64\n-p 70000\n");
        (int exitCode, string output, string error) = await RunAsync("image", "--config", file, "--output", directory.File("d"));
        Assert.Equal(CommandLine.Failure, exitCode);
        Assert.Equal("", output);
        Assert.Equal(
            $"memcachier: {file}, line 2: -p 70000 is not between 1 and 65535{Environment.NewLine}", error);
        Assert.False(Directory.Exists(directory.File("d")));
    }

    [Fact]
    public async Task Help_lists_every_command()
    {
        (int exitCode, string output, string error) = await RunAsync("--help");
        Assert.Equal(CommandLine.Success, exitCode);
        Assert.Equal("", error);
        foreach (string command in new[] { "run", "build", "image", "stop", "ps", "console", "test", "load", "symbolize" })
            Assert.Contains($"\n  {command} ", output);
    }

    [Fact]
    public void A_lone_double_dash_ends_our_own_options()
    {
        (string[] ours, string[]? guest) = CommandLine.SplitAtDoubleDash(
            ["run", "--detach", "--", "-m", "64", "--", "-v"]);
        Assert.Equal(["run", "--detach"], ours);
        Assert.Equal(["-m", "64", "--", "-v"], guest!);
        Assert.Null(CommandLine.SplitAtDoubleDash(["run"]).GuestOptions);
        Assert.Empty(CommandLine.SplitAtDoubleDash(["run", "--"]).GuestOptions!);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await new CommandLine(output, error).RunAsync(args);
        return (exitCode, output.ToString(), error.ToString());
    }
}
