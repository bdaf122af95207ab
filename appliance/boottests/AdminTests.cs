using System;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>What administrators ask for has its effect on the machine.</summary>
public sealed class AdminTests
{
    private const int ItemCount = 20_000;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public AdminTests(ITestOutputHelper output) => _output = output;

    [Theory, OnTcg, OnKvm]
    public async Task A_client_may_power_it_off_with_A(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await Guest.BootAsync(accelerator, machine, _output, memoryMiB: 64, "-A");
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("CLIENT_ERROR invalid shutdown mode", await connection.AskAsync("shutdown now"));
        await connection.SendAsync("shutdown graceful\r\n");
        Assert.Equal(MachineExit.PoweredOff, await guest.WaitForEndAsync(Bound));
        Assert.Contains("shutdown: a client has asked for it", guest.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_has_every_item_and_others_are_served_meanwhile()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, memoryMiB: 64);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        for (int i = 0; i < ItemCount; i++) await connection.SendAsync($"set key{i} 0 0 1 noreply\r\nx\r\n");
        Assert.Equal("MN", await connection.AskAsync("mn"));
        using MemcachedConnection other = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("OK", await connection.AskAsync("lru_crawler mgdump all"));
        bool[] seen = new bool[ItemCount];
        int count = 0;
        while (true)
        {
            string line = await connection.ReadLineAsync();
            if (line == "EN") break;
            int number = int.Parse(line["mg key".Length..]);
            Assert.False(seen[number], line);
            seen[number] = true;
            if (count++ % 1000 == 0) Assert.Equal("MN", await other.AskAsync("mn"));
        }
        Assert.Equal(ItemCount, count);
    }

    [Fact]
    public async Task The_limit_of_the_memory_is_kept()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, memoryMiB: 64);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        byte[] value = new byte[100_000];
        for (int i = 0; i < 1000; i++) Assert.Equal("STORED", await connection.SetAsync($"k{i}", value));
        Assert.Equal("OK", await connection.AskAsync("cache_memlimit 16"));
        long malloced = long.MaxValue;
        for (int attempt = 0; attempt < 200 && malloced > 16 << 20; attempt++)
        {
            await Task.Delay(100);
            malloced = long.Parse((await connection.StatsAsync(" slabs"))["total_malloced"]);
        }
        Assert.InRange(malloced, 8 << 20, 16 << 20);
        Assert.Equal((16 << 20).ToString(), (await connection.StatsAsync())["limit_maxbytes"]);
        Assert.Equal(value, await connection.GetAsync("k999"));
    }
}
