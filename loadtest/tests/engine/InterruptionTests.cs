using System;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class InterruptionTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0)]
    [InlineData(0, 1_000_000_000)]
    public void What_was_measured_until_then_is_the_result(double rate, long requestCount)
    {
        using var server = new FaultyServer();
        using var cancel = new CancellationTokenSource();
        int gets = 0;
        server.BeforeGet = () =>
        {
            if (Interlocked.Increment(ref gets) == 100) cancel.Cancel();
        };
        LoadResult result = LoadRunner.Run(
            Settings(server) with { Rate = rate, RequestCount = requestCount, ThreadCount = 2 }, TextWriter.Null, cancel.Token);
        Assert.True(result.IsInterrupted);
        Assert.Equal(gets, result.Total.Requests);
        Assert.Equal(0, result.Total.Errors.Total);
        Assert.InRange(result.Elapsed.TotalSeconds, 0.001, 30);
        Assert.Equal(result.Total.Requests, result.Seconds.Sum(second => second.All.Requests));
        Assert.StartsWith("the run was interrupted after ", result.Warnings[0]);
    }

    /// <summary>A server that has stopped answering must not look better because somebody lost patience.</summary>
    [Fact]
    public void What_is_on_its_way_is_waited_for()
    {
        using var server = new FaultyServer();
        using var cancel = new CancellationTokenSource();
        int gets = 0;
        server.BeforeGet = () =>
        {
            if (Interlocked.Increment(ref gets) != 10) return;
            cancel.Cancel();
            Thread.Sleep(300);
        };
        LoadResult result = LoadRunner.Run(
            Settings(server) with { ConnectionCount = 1 }, TextWriter.Null, cancel.Token);
        Assert.Equal((10, 0), (result.Total.Requests, result.Total.Errors.Total));
        Assert.InRange(result.Total.Sum().Latency.Max, 300_000_000, 30_000_000_000);
    }

    [Fact]
    public void What_never_comes_is_an_error()
    {
        using var server = new FaultyServer();
        using var cancel = new CancellationTokenSource();
        using var over = new ManualResetEventSlim();
        int gets = 0;
        server.BeforeGet = () =>
        {
            if (Interlocked.Increment(ref gets) != 10) return;
            cancel.Cancel();
            _ = over.Wait(TimeSpan.FromSeconds(30));
        };
        LoadResult result = LoadRunner.Run(
            Settings(server) with { ConnectionCount = 1, Timeout = TimeSpan.FromMilliseconds(200) }, TextWriter.Null,
            cancel.Token);
        over.Set();
        Assert.Equal((10, 1), (result.Total.Requests, result.Total.Errors[ErrorKind.NoAnswer]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Before_the_measurement_there_is_no_result(bool isPreloading)
    {
        using var server = new FaultyServer();
        using var cancel = new CancellationTokenSource();
        LoadSettings settings = Settings(server) with { IsPreloading = isPreloading, KeyCount = 10_000_000, WarmUp = TimeSpan.FromSeconds(60) };
        cancel.CancelAfter(100);
        _ = Assert.ThrowsAny<OperationCanceledException>(
            () => LoadRunner.Run(settings, TextWriter.Null, cancel.Token));
    }

    private static LoadSettings Settings(FaultyServer server) => new()
    {
        Server = server.Address,
        Mix = OperationMix.Parse("get"),
        KeyCount = 10,
        ConnectionCount = 4,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromMinutes(1),
    };
}
