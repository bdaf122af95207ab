using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Many connections, long runs and long pauses: right answers, no stall, nothing leaked.</summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class LoadTests
{
    private const int ConnectionCount = 1000;
    private const int PairCount = 100;
    private const int SoakConnectionCount = 16;
    private const int SoakSeed = 2026;

    /// <summary>How long the soak goes on: the release check sets it to 600.</summary>
    private const string SoakSecondsVariable = "MEMCACHIER_SOAK_SECONDS";
    private const int SoakSecondsUsual = 20;

    private const int IdleSeconds = 15;
    private const int PauseMillisMax = 20;

    /// <summary>A lost wake-up ends with the next timer at best; everything else is far below this.</summary>
    private static readonly TimeSpan WakeUpBound = TimeSpan.FromSeconds(1);

    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public LoadTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnTcg, OnKvm]
    public async Task A_thousand_connections_get_what_they_set(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        long start = Stopwatch.GetTimestamp();
        await SetGetLoad.RunAsync(guest.EndPoint, ConnectionCount, PairCount, Bound(accelerator));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        _output.WriteLine($"{ConnectionCount} connections, {PairCount} pairs each: {seconds:0.0} s");
    }

    [Theory, OnTcg, OnKvm]
    public async Task Mixed_load_leaves_memory_and_pools_where_they_began(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using var load = new MixedLoad(guest.EndPoint, Bound(accelerator));
        // The first round makes what is made once: connections' first buffers, the store's first segments.
        _ = await load.RunAsync(SoakConnectionCount, TimeSpan.FromSeconds(2), SoakSeed);
        IReadOnlyDictionary<string, string> before = await Pools.AtRestAsync(guest.EndPoint, Bound(accelerator));
        long count = await load.RunAsync(SoakConnectionCount, SoakDuration(), SoakSeed + SoakConnectionCount);
        IReadOnlyDictionary<string, string> after = await Pools.AtRestAsync(guest.EndPoint, Bound(accelerator));
        Assert.Equal(Pools.Describe(before), Pools.Describe(after));
        _output.WriteLine(
            $"{count} requests in {SoakDuration().TotalSeconds} s; before and after: {Pools.Describe(after)}");
    }

    [Theory, OnTcg, OnKvm]
    public async Task Requests_after_random_pauses_are_answered_at_once(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound(accelerator));
        var random = new Random(1);
        TimeSpan worst = TimeSpan.Zero;
        int count = 0;
        int lateCount = 0;
        long start = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(IdleSeconds); count++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * PauseMillisMax));
            long asked = Stopwatch.GetTimestamp();
            Assert.Null(await connection.GetAsync("nothing"));
            TimeSpan took = Stopwatch.GetElapsedTime(asked);
            worst = took > worst ? took : worst;
            if (took >= WakeUpBound) lateCount++;
        }
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync("");
        string said = $"of {count} requests {lateCount} were late, the slowest took {worst.TotalMilliseconds:0.0} ms; "
            + $"retransmissions {stats["memcachier_tcp_retransmissions"]}, timeouts {stats["memcachier_tcp_timeouts"]}";
        _output.WriteLine(said);
        // One in a thousand may be the host's. It was seen once in some twenty runs, on a busy machine: 1,001 ms, as if a
        // segment had been lost and came again. A driver that misses wake-ups does so more often.
        Assert.True(lateCount <= 1, said);
    }

    [ReferenceFact]
    public async Task The_loads_hold_against_memcached()
    {
        using Reference reference = await Reference.StartAsync();
        TimeSpan bound = Bound(Accelerator.Kvm);
        await SetGetLoad.RunAsync(reference.EndPoint, ConnectionCount, 10, bound);
        using var load = new MixedLoad(reference.EndPoint, bound);
        long count = await load.RunAsync(SoakConnectionCount, TimeSpan.FromSeconds(2), SoakSeed);
        Assert.InRange(count, 1, long.MaxValue);
    }

    private static TimeSpan Bound(Accelerator accelerator) => TimeSpan.FromSeconds(15 * Guest.Patience(accelerator));

    private static TimeSpan SoakDuration()
    {
        string seconds = Environment.GetEnvironmentVariable(SoakSecondsVariable) ?? $"{SoakSecondsUsual}";
        return TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
    }
}
