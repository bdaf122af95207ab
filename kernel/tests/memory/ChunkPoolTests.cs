using System.Collections.Generic;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Memory;

public sealed class ChunkPoolTests
{
    [Fact]
    public void Lends_every_chunk_once_and_then_counts_refusals()
    {
        var pool = new ChunkPool(HostMemory.Allocate((64 * 5) + 63), 64);
        Assert.Equal(5, pool.Count);
        var lent = new HashSet<int>();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(pool.TryRent(out int chunk));
            Assert.True(lent.Add(chunk));
            pool.Octets(chunk).Fill((byte)chunk);
        }
        Assert.False(pool.TryRent(out int none));
        Assert.Equal(ChunkPool.None, none);
        Assert.Equal(1, pool.ExhaustedCount);
        Assert.Equal(0, pool.FreeCount);

        foreach (int chunk in lent)
        {
            // No two of them share a byte.
            foreach (byte octet in pool.Octets(chunk)) Assert.Equal((byte)chunk, octet);
            pool.Return(chunk);
        }
        Assert.Equal(5, pool.FreeCount);
        _ = Assert.Throws<BrokenInvariantException>(() => pool.Return(0));
    }

    [Fact]
    public void A_region_without_room_for_a_chunk_makes_an_empty_pool()
    {
        var pool = new ChunkPool(HostMemory.Allocate(63), 64);
        Assert.Equal(0, pool.Count);
        Assert.False(pool.TryRent(out _));
        _ = Assert.Throws<BrokenInvariantException>(() => new ChunkPool(HostMemory.Allocate(64), 63));
    }
}
