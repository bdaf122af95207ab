using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests;

public sealed class ChunkQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behaves_like_a_list_of_bytes(ulong seed)
    {
        var random = new Prng(seed);
        var pool = new ChunkPool(HostMemory.Allocate(64 * 40), 64);
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
            else
            {
                size = Math.Min(size, model.Count);
                queue.Drop(size);
                model.RemoveRange(0, size);
            }
            Assert.Equal(model.Count, queue.Length);
            int offset = (int)random.Below((uint)model.Count + 1);
            queue.CopyTo(offset, scratch.AsSpan(0, model.Count - offset));
            Assert.True(scratch.AsSpan(0, model.Count - offset).SequenceEqual(model.ToArray().AsSpan(offset)));
        }
        queue.Clear();
        Assert.Equal(pool.Count, pool.FreeCount);
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
}
