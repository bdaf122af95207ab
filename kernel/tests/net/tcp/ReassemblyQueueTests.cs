using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

public sealed class ReassemblyQueueTests
{
    /// <summary>Against an array that knows which bytes are there.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Gives_back_what_was_put_in(ulong seed)
    {
        const int Size = 5000;
        var random = new Prng(seed);
        var pool = new ChunkPool(HostMemory.Allocate(64 * 600), 64);
        var queue = new ReassemblyQueue(pool, 500);
        // Numbers that wrap on the way.
        var start = new SeqNumber((uint)(0 - random.Below(Size)));
        byte[] stream = new byte[Size];
        bool[] isThere = new bool[Size];
        random.Fill(stream);
        int position = 0;
        while (position < Size)
        {
            int from = position + (int)random.Below(300);
            int length = Math.Min((int)random.Below(120), Size - Math.Min(from, Size));
            if (length > 0)
            {
                Assert.Equal(0, queue.Insert(start + from, stream.AsSpan(from, length)));
                Array.Fill(isThere, true, from, length);
            }
            while (queue.TryPeek(start + position, out ReadOnlySpan<byte> text))
            {
                int taken = 1 + (int)random.Below((uint)text.Length);
                for (int i = 0; i < taken; i++) Assert.True(isThere[position + i]);
                Assert.True(text.Slice(0, taken).SequenceEqual(stream.AsSpan(position, taken)));
                position += taken;
            }
            if (position == Size) break;
            Assert.False(isThere[position]);
            // The missing byte arrives in order, past the queue.
            if (random.Chance(1, 3)) position++;
        }
        _ = queue.TryPeek(start + Size, out _);
        Assert.True(queue.IsEmpty);
        Assert.Equal(pool.Count, pool.FreeCount);
    }

    [Fact]
    public void The_pool_counts_what_is_kept_and_not_what_is_there_already()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 600), 64);
        var queue = new ReassemblyQueue(pool, 500);
        Assert.Equal(0, queue.Insert(new SeqNumber(10), new byte[30]));
        Assert.Equal(0, queue.Insert(new SeqNumber(20), new byte[100]));
        Assert.Equal(110, pool.OctetsIn);
        _ = queue.TryPeek(new SeqNumber(10), out _);
        Assert.Equal(0, pool.OctetsOut);
    }

    [Fact]
    public void The_first_bytes_stay_when_others_overlap_them()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 16), 64);
        var queue = new ReassemblyQueue(pool, 16);
        var start = new SeqNumber(1000);
        Assert.Equal(0, queue.Insert(start + 2, "cd"u8));
        Assert.Equal(0, queue.Insert(start, "abXYef"u8));
        byte[] all = new byte[6];
        int length = 0;
        while (queue.TryPeek(start + length, out ReadOnlySpan<byte> text))
        {
            text.CopyTo(all.AsSpan(length));
            length += text.Length;
        }
        Assert.Equal("abcdef"u8.ToArray(), all);
    }

    [Fact]
    public void Neighbours_share_a_chunk()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 16), 64);
        var queue = new ReassemblyQueue(pool, 16);
        for (int i = 0; i < 52; i++) Assert.Equal(0, queue.Insert(new SeqNumber(1000) + i, "x"u8));
        Assert.Equal(15, pool.FreeCount);
        Assert.Equal(0, queue.Insert(new SeqNumber(1052), "x"u8));
        Assert.Equal(14, pool.FreeCount);
        queue.Clear();
        Assert.Equal(16, pool.FreeCount);
    }

    [Fact]
    public void What_finds_no_chunk_is_counted()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 16), 64);
        var queue = new ReassemblyQueue(pool, 2);
        Assert.Equal(200 - 2 * 52, queue.Insert(new SeqNumber(1000), new byte[200]));
        Assert.Equal(14, pool.FreeCount);
    }

    [Fact]
    public void Scattered_bytes_take_no_more_than_a_fair_share_of_the_pool()
    {
        var pool = new ChunkPool(HostMemory.Allocate(64 * 64), 64);
        var queue = new ReassemblyQueue(pool, 60);
        for (int i = 0; i < 120; i += 2) _ = queue.Insert(new SeqNumber(1000) + i, "x"u8);
        Assert.Equal(8, pool.Count - pool.FreeCount);
    }
}
