using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Benching;
using Memcachier.Cli.Benching.Linux;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>That the comparison works; what it says depends on the host.</summary>
public sealed class ComparisonTests
{
    private readonly ITestOutputHelper _output;

    public ComparisonTests(ITestOutputHelper output) => _output = output;

    [LinuxGuestFact]
    public async Task The_image_is_compared_with_memcached_in_a_Linux_of_the_same_shape()
    {
        var repository = Repository.Find();
        LinuxGuestFiles linux = await LinuxGuestFiles.MakeAsync(repository, CancellationToken.None);
        // Not pinned: other tests run in this process.
        var run = new ComparisonRun(repository, linux, TextWriter.Null) { IsPinned = false };
        PeerComparison comparison = await run.RunAsync(
            [new Workload(Operation.Get, 1, 32, 100)], roundCount: 1, TimeSpan.FromSeconds(1), CancellationToken.None);
        Assert.StartsWith("memcached 1.", comparison.Peer);
        Assert.EndsWith($" in Linux {linux.KernelRelease}", comparison.Peer);
        ComparedWorkload row = Assert.Single(comparison.Rows);
        _output.WriteLine($"measured: {row.Workload.Name}: {row.Image[0].RequestsPerSecond:0} requests/s, " +
            $"{comparison.Peer} {row.Peer[0].RequestsPerSecond:0}");
        Assert.True(row.Image[0].RequestsPerSecond > 0);
        Assert.True(row.Peer[0].RequestsPerSecond > 0);
        CountedRequests? counted = row.Image[0].Counted;
        Assert.NotNull(counted);
        _output.WriteLine($"measured: {counted}");
        Assert.InRange(counted.RequestsPerNotification, 1, double.MaxValue);
        Assert.InRange(counted.InterruptsPerRequest, 0, 1);
        // The answer twice; and the keys were stored first.
        Assert.InRange(counted.CopiedBytesPerRequest, 200, 400);
    }
}
