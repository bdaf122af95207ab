using System;
using System.IO;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class ChurnTests
{
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text, 1, 0)]
    [InlineData(WireProtocol.Text, 16, 0)]
    [InlineData(WireProtocol.Binary, 4, 0)]
    [InlineData(WireProtocol.Text, 4, 10_000)]
    public void Connections_are_made_anew(WireProtocol protocol, int depth, double rate)
    {
        using var server = new ReferenceServer();
        LoadSettings settings = Settings(server.Address) with
        {
            Protocol = protocol, Depth = depth, Rate = rate, WarmUp = TimeSpan.FromMilliseconds(200),
        };
        LoadResult result = LoadRunner.Run(settings, TextWriter.Null, default);
        Assert.Equal((4000, 0), (result.Total.Requests, result.Total.Errors.Total));
        Assert.Equal(100, result.CountersChecked);
        // 80, but for what the connections began with; and the last ones may not be there yet.
        Assert.InRange(result.Total.Connects!.Count, 70, 85);
        Assert.InRange(result.Total.Connects.Max, 1000, 5_000_000_000);
        using var output = new StringWriter { NewLine = "\n" };
        LoadReport.Print(result, settings, output);
        Assert.Contains($"\nconnect       {result.Total.Connects.Count,11} ", output.ToString());
    }

    [Fact]
    public void Each_of_them_logs_in()
    {
        using var server = new FaultyServer();
        LoadResult result = LoadRunner.Run(Settings(server.Address) with
        {
            Protocol = WireProtocol.Binary,
            Credentials = new Credentials("ann", "password"),
            Mix = OperationMix.Parse("set"),
        }, TextWriter.Null, default);
        Assert.Equal((4000, 0), (result.Total.Requests, result.Total.Errors.Total));
        Assert.InRange(server.Logins.Count, 5 + (int)result.Total.Connects!.Count, 5 + 82);
        Assert.All(server.Logins, login => Assert.Equal("PLAIN |ann|password", login));
    }

    [ProgramFact(ReferenceServer.Program)]
    public void On_several_servers_too()
    {
        using ReferenceServer first = new(), second = new();
        LoadResult result = LoadRunner.Run(Settings(first.Address) with
        {
            Servers = [first.Address, second.Address], Mix = OperationMix.Parse("get,multiget:10"), Depth = 4,
        }, TextWriter.Null, default);
        Assert.Equal((4000, 0), (result.Total.Requests, result.Total.Errors.Total));
        Assert.InRange(result.Total.Connects!.Count, 140, 164);
    }

    [Fact]
    public void A_server_that_is_gone_ends_the_run()
    {
        using var server = new FaultyServer();
        ServerAddress address = server.Address;
        int count = 0;
        server.BeforeGet = () =>
        {
            if (++count == 30) server.Dispose();
        };
        Assert.StartsWith($"cannot connect to {address}: ", Assert.Throws<LoadTestException>(() => LoadRunner.Run(
            Settings(address) with { ConnectionCount = 1, Mix = OperationMix.Parse("get") },
            TextWriter.Null, default)).Message);
    }

    [Fact]
    public void There_is_no_churn_over_udp() => Assert.Equal(
        "there are no connections over UDP, so --churn and --udp do not go together",
        Assert.Throws<LoadTestException>(() => LoadRunner.Run(
            Settings(new ServerAddress("127.0.0.1", 1)) with { IsUdp = true }, TextWriter.Null, default)).Message);

    private static LoadSettings Settings(ServerAddress server) => new()
    {
        Server = server,
        ConnectionCount = 5,
        Churn = 50,
        KeyCount = 100,
        Mix = OperationMix.Parse("get=3,set,cas"),
        WarmUp = TimeSpan.Zero,
        RequestCount = 4000,
        IsVerifying = true,
    };
}
