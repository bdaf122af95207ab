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

/// <summary>Values of hundreds of megabytes on the real image, where -I allows them.</summary>
public sealed class LargeValueTests
{
    private const int Mebibyte = 1 << 20;
    private const int MemoryMiB = 1024;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly ITestOutputHelper _output;

    public LargeValueTests(ITestOutputHelper output) => _output = output;

    [Fact]
    public async Task Values_of_64_and_200_MiB_are_kept_joined_and_given_back()
    {
        // More than a quarter of the store: the console names the limit that holds instead.
        await using Guest guest =
            await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB, "-I", "512m");
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        int limit = int.Parse(
            (await connection.StatsAsync(" settings"))["item_size_max"], CultureInfo.InvariantCulture);
        Assert.InRange(limit, 210 * Mebibyte, MemoryMiB / 4 * Mebibyte);
        Assert.Contains($"the limit is {limit} bytes instead of {512 * Mebibyte}", guest.Console, StringComparison.Ordinal);

        // What is opened once stays open.
        Assert.Equal("STORED", await connection.SetAsync("value", new byte[100_000]));
        Assert.Equal("DELETED", await connection.AskAsync("delete value"));
        string before = Pools.Describe(await connection.StatsAsync());
        byte[] value = new byte[limit];
        new Random(1).NextBytes(value);
        foreach (int length in new[] { 64 * Mebibyte, 200 * Mebibyte })
        {
            long start = Stopwatch.GetTimestamp();
            await Store(connection, "set", value.AsMemory(0, length));
            await Expect(connection, value.AsMemory(0, length));
            await Store(connection, "append", value.AsMemory(length, Mebibyte));
            await Expect(connection, value.AsMemory(0, length + Mebibyte));
            Assert.Equal("DELETED", await connection.AskAsync("delete value"));
            Assert.Equal(before, Pools.Describe(await connection.StatsAsync()));
            _output.WriteLine($"{length} bytes: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        }

        await connection.SendAsync($"set value 0 0 {limit}\r\n");
        Assert.Equal("SERVER_ERROR object too large for cache", await connection.ReadLineAsync());
        await connection.SendAsync(value);
        Assert.Equal("VERSION 1.6.45-memcachier", await connection.AskAsync("\r\nversion"));
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
        Assert.Equal(("0", before), (stats["evictions"], Pools.Describe(stats)));
    }

    private static async Task Store(MemcachedConnection connection, string command, ReadOnlyMemory<byte> value)
    {
        await connection.SendAsync($"{command} value 0 0 {value.Length}\r\n");
        await connection.SendAsync(value);
        Assert.Equal("STORED", await connection.AskAsync(""));
    }

    private static async Task Expect(MemcachedConnection connection, ReadOnlyMemory<byte> value)
    {
        byte[]? actual = await connection.GetAsync("value");
        Assert.True(value.Span.SequenceEqual(actual), "another value than was stored");
    }
}
