using System;
using Memcachier.Cache;
using Memcachier.Composition;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

public sealed class MemoryPlanTests
{
    private const long Mebibyte = 1 << 20;
    private const long Gibibyte = 1 << 30;
    private const long ObjectBytesPerConnection = 1536;

    [Theory]
    [InlineData(29 * Mebibyte, 256, 371)]                       // a machine with 32 MiB
    [InlineData(253 * Mebibyte, 1349, 3238)]
    [InlineData(Gibibyte, 5461, 13107)]
    [InlineData(8 * Gibibyte, 16 * 1024, 104857)]
    [InlineData(1024 * Gibibyte, 16 * 1024, 128 * 1024)]        // a quarter of a gibibyte of buffers is enough
    public void Divides_a_machine_by_its_size(long free, int connections, long chunks)
    {
        var plan = new MemoryPlan(free, 0);
        Assert.Equal(connections, plan.ConnectionCountMax);
        Assert.Equal(chunks, plan.ChunkBytes / MemoryPlan.ChunkSize);
        Assert.Equal(connections / 4, plan.SynReceivedCountMax);
    }

    [Fact]
    public void More_memory_never_means_less_of_anything()
    {
        var last = new MemoryPlan(16 * Mebibyte, 0);
        for (long free = 16 * Mebibyte; free <= 1024 * Gibibyte; free += Math.Max(free / 50, 123_457))
        {
            var plan = new MemoryPlan(free, 0);
            Assert.True(plan.ConnectionCountMax >= last.ConnectionCountMax);
            Assert.True(plan.ChunkBytes >= last.ChunkBytes);
            Assert.True(StoreBytes(free, in plan) >= StoreBytes(free - (free / 100), in last) - free / 10);
            last = plan;
        }
    }

    /// <summary>Whatever the operator asks for, the store gets half of the machine, and everything fits.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void The_store_keeps_its_half(int connectionCountMax)
    {
        for (long free = 29 * Mebibyte; free <= 1024 * Gibibyte; free *= 2)
        {
            var plan = new MemoryPlan(free, connectionCountMax);
            Assert.InRange(plan.ConnectionCountMax, 1, connectionCountMax == 0 ? 16 * 1024 : connectionCountMax);
            Assert.InRange(plan.SynReceivedCountMax, 1, plan.ConnectionSlotCount);
            Assert.Equal(0, plan.ChunkBytes % MemoryPlan.ChunkSize);
            Assert.True(plan.ChunkBytes >= (long)plan.ConnectionCountMax * MemoryPlan.ChunkSize);
            Assert.InRange(StoreBytes(free, in plan), free / 2, free);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void A_number_of_connections_that_fits_is_followed(int connectionCountMax) =>
        Assert.Equal(connectionCountMax, new MemoryPlan(Gibibyte, connectionCountMax).ConnectionCountMax);

    /// <summary>What the other tests count with, and the plan was made for.</summary>
    [Fact]
    public void A_connection_s_objects_take_less_than_a_kibibyte_and_a_half()
    {
        const int Count = 1000;
        var chunks = new ChunkPool(HostMemory.Allocate(64 * MemoryPlan.ChunkSize), MemoryPlan.ChunkSize);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = Count;
        long before = GC.GetAllocatedBytesForCurrentThread();
        var server = new MemcachedServer(Count, new Statistics());
        var tcp = new TcpStack<MemcachedApplication>(
            in settings, chunks, new MemcachedApplication(server), new byte[TcpStack<MemcachedApplication>.SecretSize]);
        var store = new Store(HostMemory.Allocate(8 * Mebibyte), new StoreOptions(1), new Statistics());
        server.Open(store, chunks, new ServerSettings(11211));
        // The counts of prefixes are there once, and have a place of their own.
        long perConnection = (GC.GetAllocatedBytesForCurrentThread() - before - PrefixStatistics.Length) / Count;
        Assert.NotNull(tcp);
        Assert.InRange(perConnection, 500, ObjectBytesPerConnection);
    }

    private static long StoreBytes(long free, in MemoryPlan plan) =>
        free - plan.ChunkBytes - (plan.ConnectionCountMax * ObjectBytesPerConnection);
}
