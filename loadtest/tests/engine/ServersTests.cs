using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

/// <summary>Several servers as if they were one.</summary>
public sealed class ServersTests
{
    private const int KeyCount = 1000;
    private const string Python = "/usr/bin/python3";
    private const string Pylibmc = "/usr/lib/python3/dist-packages/pylibmc/__init__.py";

    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text, 1, 1)]
    [InlineData(WireProtocol.Text, 4, 20)]
    [InlineData(WireProtocol.Meta, 4, 20)]
    [InlineData(WireProtocol.Binary, 4, 20)]
    public void Everything_is_right_on_three_servers(WireProtocol protocol, int connections, int depth)
    {
        using var servers = new Servers();
        LoadSettings settings = servers.Settings("get=5,set,multiget:20=3,incr=2,cas=2,delete") with
        {
            Protocol = protocol, ConnectionCount = connections, Depth = depth, RequestCount = 10_000,
        };
        LoadResult result = LoadRunner.Run(settings, TextWriter.Null, default);
        Assert.Equal((0, 10_000), (result.Total.Errors.Total, result.Total.Requests));
        Assert.Equal((KeyCount, 0), (result.CountersChecked, result.CountersGone));
        OperationCounts multiget = result.Total.Operations[2];
        Assert.Equal(20 * multiget.Requests, multiget.Hits + multiget.Misses);
        Assert.InRange(multiget.Hits, multiget.Misses, long.MaxValue);
    }

    [ProgramFact(ReferenceServer.Program)]
    public void Split_requests_do_not_allocate()
    {
        using var servers = new Servers();
        LoadResult result = LoadRunner.Run(servers.Settings("multiget:20") with
        {
            Depth = 16, RequestCount = 20_000, WarmUp = TimeSpan.FromMilliseconds(200),
        }, TextWriter.Null, default);
        // A table for each second, and no object for each of the requests.
        Assert.InRange(result.ClientAllocatedBytes, 0, (result.Seconds.Count * 2 * 68_000) + 200_000);
    }

    /// <summary>Every key is on one server, and it is the one where pylibmc looks.</summary>
    [ProgramFact(Pylibmc)]
    public void Another_client_finds_every_key()
    {
        using var servers = new Servers();
        _ = LoadRunner.Run(servers.Settings("get") with { RequestCount = 1 }, TextWriter.Null, default);
        string script =
            $$"""
            import pylibmc
            names = '{{servers.Names}}'.split(',')
            keys = ['k:%014d' % key for key in range({{KeyCount}})]
            client = pylibmc.Client(names, behaviors={'ketama_weighted': True})
            print(sum(client.touch(key, 0) for key in keys))
            print(sum(pylibmc.Client([name]).touch(key, 0) for name in names for key in keys))
            """;
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", script])
        {
            RedirectStandardOutput = true,
        })!;
        Assert.Equal($"{KeyCount}\n{KeyCount}\n", process.StandardOutput.ReadToEnd());
        process.WaitForExit();
    }

    [Fact]
    public void Too_many_connections_are_one_sentence() => Assert.Equal(
        "6000 connections to each of 2 servers are more than 10000",
        Assert.Throws<LoadTestException>(() => LoadRunner.Run(
            new LoadSettings
            {
                Server = new ServerAddress("a", 1),
                Servers = ServerAddress.ParseList("a:1,b:1"),
                ConnectionCount = 6000,
            },
            TextWriter.Null, default)).Message);

    private sealed class Servers : IDisposable
    {
        private readonly ReferenceServer[] _servers = [new(), new(), new()];

        public string Names => string.Join(',', _servers.Select(server => server.Address));

        public LoadSettings Settings(string mix) => new()
        {
            Server = _servers[0].Address,
            Servers = [.. _servers.Select(server => server.Address)],
            Mix = OperationMix.Parse(mix),
            KeyCount = KeyCount,
            WarmUp = TimeSpan.Zero,
            IsVerifying = true,
        };

        public void Dispose()
        {
            foreach (ReferenceServer server in _servers) server.Dispose();
        }
    }
}
