using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Memory;

public sealed class ChunkQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behaves_like_a_list_of_bytes(ulong seed)
    {
        var random = new Prng(seed);
        var pool = new ChunkPool(HostMemory.Allocate(64 * 80), 64);
        var queue = new ChunkQueue(pool, 2000);
        var model = new List<byte>();
        byte[] scratch = new byte[3000];
        for (int step = 0; step < 20_000; step++)
        {
            int size = (int)random.Below(300);
            if (random.Chance(1, 2))
            {
                random.Fill(scratch.AsSpan(0, size));
                int appended = queue.Append(scratch.AsSpan(0, size));
                Assert.Equal(Math.Min(size, 2000 - model.Count), appended);
                model.AddRange(scratch.AsSpan(0, appended));
            }
            else if (random.Chance(1, 3))
            {
                Span<byte> place = queue.GetSpan();
                Assert.Equal(model.Count < 2000, place.Length > 0);
                random.Fill(place);
                size = Math.Min(size, place.Length);
                model.AddRange(place.Slice(0, size));
                queue.Advance(size);
            }
            else
            {
                size = Math.Min(size, model.Count);
                queue.Drop(size);
                model.RemoveRange(0, size);
            }
            Assert.Equal(model.Count, queue.Length);
            int offset = (int)random.Below((uint)model.Count + 1);
            ReadOnlySpan<byte> together = queue.Peek(offset);
            Assert.Equal(offset < model.Count, together.Length > 0);
            Assert.True(together.SequenceEqual(model.ToArray().AsSpan(offset, together.Length)));
            offset = (int)random.Below((uint)model.Count + 1);
            queue.CopyTo(offset, scratch.AsSpan(0, model.Count - offset));
            Assert.True(scratch.AsSpan(0, model.Count - offset).SequenceEqual(model.ToArray().AsSpan(offset)));
        }
        queue.Clear();
        Assert.Equal(pool.Count, pool.FreeCount);
    }

    [Fact]
    public void The_pool_counts_what_goes_in_and_what_is_copied_out()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 4), 64);
        var queue = new ChunkQueue(pool, 1000);
        Assert.Equal(30, queue.Append(new byte[30]));
        Assert.Equal((30, 0), (pool.OctetsIn, pool.OctetsOut));
        _ = queue.GetSpan();
        queue.Advance(20);
        Assert.Equal((50, 0), (pool.OctetsIn, pool.OctetsOut));
        // Into several chunks, and more than it may have: three of four.
        Assert.Equal((3 * 64) - 50, queue.Append(new byte[300]));
        Assert.Equal((192, 0), (pool.OctetsIn, pool.OctetsOut));
        queue.CopyTo(0, new byte[10]);
        queue.CopyTo(60, new byte[70]);
        Assert.Equal((192, 80), (pool.OctetsIn, pool.OctetsOut));
        // What is looked at or dropped is not copied.
        _ = queue.Peek();
        queue.Drop(100);
        queue.CopyTo(0, default);
        Assert.Equal((192, 80), (pool.OctetsIn, pool.OctetsOut));
    }

    [Fact]
    public void An_exhausted_pool_shortens_append_and_refuses_try_append()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 2), 64);
        var queue = new ChunkQueue(pool, 1000);
        Assert.False(queue.TryAppend(new byte[129]));
        Assert.Equal(2, pool.FreeCount);
        Assert.Equal(128, queue.Append(new byte[200]));
        Assert.Equal(1, pool.ExhaustedCount);
        queue.Drop(128);
        Assert.Equal(2, pool.FreeCount);
    }

    [Theory]
    [InlineData(1, 49)]
    [InlineData(3, 24)]
    [InlineData(9, 9)]
    public void Greedy_queues_leave_the_others_their_share(int greedyCount, int chunksLeft)
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 100), 64);
        var greedy = new ChunkQueue[greedyCount];
        for (int i = 0; i < greedyCount; i++) greedy[i] = new ChunkQueue(pool, 1 << 20);
        for (int round = 0; round < 100; round++)
        {
            foreach (ChunkQueue queue in greedy) _ = queue.Append(new byte[64]);
        }
        Assert.Equal(chunksLeft, pool.FreeCount);
        Assert.False(greedy[0].HasSpace(64));
        Assert.True(new ChunkQueue(pool, 1000).HasSpace(64));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Has_space_tells_what_append_does(ulong seed)
    {
        var random = new Prng(seed);
        var pool = new ChunkPool(HostMemory.Allocate(64 * 30), 64);
        ChunkQueue[] queues = [new(pool, 1500), new(pool, 1500), new(pool, 1500)];
        for (int step = 0; step < 20_000; step++)
        {
            ChunkQueue queue = queues[random.Below(3)];
            int count = (int)random.Below(400);
            if (random.Chance(1, 3)) queue.Drop(Math.Min(count, queue.Length));
            bool hasSpace = queue.HasSpace(count);
            Assert.Equal(hasSpace, queue.Append(new byte[count]) == count);
        }
    }

    [Fact]
    public void However_many_are_greedy_first_chunks_are_left()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 160), 64);
        var greedy = new ChunkQueue[40];
        for (int i = 0; i < greedy.Length; i++) greedy[i] = new ChunkQueue(pool, 1 << 20);
        for (int round = 0; round < 100; round++)
        {
            foreach (ChunkQueue queue in greedy) _ = queue.Append(new byte[64]);
        }
        Assert.Equal(10, pool.FreeCount);
        for (int i = 0; i < 10; i++) Assert.Equal(64, new ChunkQueue(pool, 1000).Append(new byte[64]));
        Assert.Equal(0, new ChunkQueue(pool, 1000).Append(new byte[64]));
    }
}
