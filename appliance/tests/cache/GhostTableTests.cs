using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class GhostTableTests : IDisposable
{
    private const int MemoryLength = 1 << 20;

    // 31 of the 32 shorts of each line.
    private const int CountMax = MemoryLength / 64 * 31;

    private readonly Region _memory = TestMemory.Rent(MemoryLength);
    private readonly GhostTable _table;

    public GhostTableTests()
    {
        _memory.Slice(0, MemoryLength).Fill(0xA5);
        _table = new GhostTable(_memory);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Fact]
    public void A_new_table_remembers_nothing()
    {
        Assert.Equal(MemoryLength, _table.Length);
        Assert.Equal(0, CountTaken(seed: 1, 0, 100_000));
    }

    [Fact]
    public void A_table_without_memory_remembers_nothing()
    {
        var table = new GhostTable(_memory.Part(0, 0));
        table.SetItemCount(1000);
        table.Add(1);
        Assert.False(table.TryTake(1));
        Assert.Equal(0, table.Length);
    }

    [Fact]
    public void What_was_taken_is_forgotten()
    {
        _table.SetItemCount(1000);
        AddAll(seed: 1, 0, 20);
        var random = new Prng(1);
        for (int i = 0; i < 20; i++)
        {
            ulong hash = random.Next();
            Assert.True(_table.TryTake(hash), $"hash {i}");
            Assert.False(_table.TryTake(hash), $"hash {i} again");
        }
    }

    [Theory]
    [InlineData(1, 31)]
    [InlineData(2, 1000)]
    [InlineData(3, 20_000)]
    [InlineData(4, 300_000)]
    [InlineData(5, CountMax)]
    public void It_remembers_about_as_many_as_there_are_items(ulong seed, int itemCount)
    {
        _table.SetItemCount(itemCount);
        int addedCount = itemCount * 4;
        AddAll(seed, 0, addedCount);
        // Lines are filled unevenly, so some are forgotten earlier and some later; of the last half hardly any.
        int half = itemCount / 2;
        int last = CountTaken(seed, addedCount - half, half);
        int before = CountTaken(seed, addedCount - itemCount, half);
        int older = CountTaken(seed, 0, addedCount - itemCount);
        Assert.True(last >= half * 95 / 100, $"seed {seed}: {last} of the last {half}");
        Assert.True(last + before >= itemCount * 75 / 100, $"seed {seed}: {last + before} of the last {itemCount}");
        int sum = last + before + older;
        Assert.True(sum <= (itemCount * 105 / 100) + 1, $"seed {seed}: {sum} for {itemCount} items");
    }

    [Fact]
    public void Few_items_after_many_leave_few_memories()
    {
        _table.SetItemCount(300_000);
        AddAll(seed: 1, 0, 300_000);
        _table.SetItemCount(1000);
        AddAll(seed: 2, 0, 2000);
        Assert.InRange(CountTaken(seed: 2, 1500, 500), 450, 500);
        Assert.InRange(CountTaken(seed: 2, 0, 1500), 0, 600);
        // Of the older ones at most those in the lines that are still looked at.
        Assert.InRange(CountTaken(seed: 1, 0, 300_000), 0, 1000);
    }

    [Theory]
    [InlineData(CountMax)]
    [InlineData(50_000)]
    public void It_hardly_ever_remembers_what_never_was(int itemCount)
    {
        const int AskedCount = 200_000;
        _table.SetItemCount(itemCount);
        AddAll(seed: 1, 0, itemCount * 3);
        int taken = CountTaken(seed: 2, 0, AskedCount);
        Assert.True(taken * 1000L < AskedCount * 2L, $"{taken} of {AskedCount}");
    }

    private void AddAll(ulong seed, int skipped, int count)
    {
        var random = new Prng(seed);
        for (int i = 0; i < skipped + count; i++)
        {
            ulong hash = random.Next();
            if (i >= skipped) _table.Add(hash);
        }
    }

    private int CountTaken(ulong seed, int skipped, int count)
    {
        var random = new Prng(seed);
        int taken = 0;
        for (int i = 0; i < skipped + count; i++)
        {
            ulong hash = random.Next();
            if (i >= skipped && _table.TryTake(hash)) taken++;
        }
        return taken;
    }
}
