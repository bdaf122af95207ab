using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>It boots, on every machine, in the memory and the time that SPECIFICATION.md promises.</summary>
[Collection(SharedGuestsCollection.Name)]
public sealed class BootTests
{
    private const int ImageSizeMax = 1024 * 1024;
    private const int MemoryFloorMiB = 32;
    private const long ReadyMicrosMax = 100_000;
    private const int TimedBootCount = 5;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private readonly SharedGuests _guests;
    private readonly ITestOutputHelper _output;

    public BootTests(SharedGuests guests, ITestOutputHelper output)
    {
        _guests = guests;
        _output = output;
    }

    [Theory, OnTcg, OnKvm]
    public async Task Answers_version_and_says_that_it_is_ready(Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("VERSION 1.6.45-memcachier", await connection.AskAsync("version"));
        _ = Assert.NotNull(GuestConsole.ReadyMicros(guest.Console));
        Assert.False(GuestConsole.HasCrashReport(guest.Console));
    }

    [Theory, OnTcg, OnKvm]
    public async Task The_log_is_about_a_screen_and_every_line_has_its_microseconds(
        Accelerator accelerator, MachineType machine)
    {
        using GuestLease guest = await _guests.LeaseAsync(accelerator, machine, _output);
        string[] lines = guest.Console.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] log = [.. lines.SkipWhile(line => !line.StartsWith('['))];
        Assert.InRange(log.Length, 5, 40);
        Assert.All(log, line => Assert.Matches(@"^\[\s*\d+ us\] \S", line));
        long[] micros = [.. log.Select(line => long.Parse(line[1..line.IndexOf(" us", StringComparison.Ordinal)]))];
        Assert.Equal(micros.Order(), micros);
    }

    [Theory, OnTcg, OnKvm]
    public async Task Boots_and_serves_with_32_MiB(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await Guest.BootAsync(accelerator, machine, _output, MemoryFloorMiB);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        byte[] value = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        Assert.Equal("STORED", await connection.SetAsync("k", value));
        Assert.Equal(value, await connection.GetAsync("k"));
        _output.WriteLine($"measured: boots with {MemoryFloorMiB} MiB of memory ({accelerator}, {machine})");
    }

    [Fact]
    public async Task Evicts_as_the_command_line_says()
    {
        await using Guest guest = await Guest.BootAsync(
            Accelerator.Tcg, MachineType.MicroVm, _output, memoryMiB: 64, "ip=10.0.2.15/24,gw=10.0.2.2", "eviction=lru");
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("lru", (await connection.StatsAsync(" settings"))["memcachier_eviction"]);
    }

    [Fact]
    public void The_image_is_at_most_1_MiB()
    {
        long size = new FileInfo(Repository.Find().Image).Length;
        _output.WriteLine($"measured: image {size} bytes");
        Assert.InRange(size, 1, ImageSizeMax);
    }

    /// <summary>The best of a few boots: what the image needs, not what else the host did meanwhile.</summary>
    [Fact]
    public async Task Is_ready_within_100_milliseconds()
    {
        long best = long.MaxValue;
        for (int boot = 0; boot < TimedBootCount; boot++)
        {
            await using Guest guest = await Guest.BootAsync(
                Accelerator.Tcg, MachineType.MicroVm, _output, guestOptions: "ip=10.0.2.15/24,gw=10.0.2.2");
            best = Math.Min(best, GuestConsole.ReadyMicros(guest.Console) ?? long.MaxValue);
        }
        _output.WriteLine(
            $"measured: boot to ready {best} us in the guest (TCG, microvm, static address, best of {TimedBootCount})");
        Assert.InRange(best, 1, ReadyMicrosMax);
    }
}
