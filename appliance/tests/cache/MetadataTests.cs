using System;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>What the items take beside their keys and values is counted as they come and go.</summary>
public sealed class MetadataTests : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const int KeyCount = 4000;

    private readonly Region _memory = TestMemory.Rent(1 << 20);
    private readonly Statistics _statistics = new();
    private readonly Store _store;

    public MetadataTests()
    {
        _store = new Store(_memory, new StoreOptions(secret: 1, SegmentSize, itemSizeMax: 1 << 20), _statistics);
        _store.Tick(0, 1_700_000_000);
    }

    public void Dispose() => TestMemory.Return(_memory);

    [Theory]
    [InlineData("header", 5, 0u, 12)]
    [InlineData("and padding", 2, 0u, 15)]
    [InlineData("and flags", 5, 7u, 16)]
    [InlineData("and length", 4097, 0u, 12 + 8 + 1 + 4 + 28 + 28 + 3)]
    public void Is_what_the_layout_says(string what, int valueLength, uint flags, long metadata)
    {
        _ = what;
        Assert.Equal(StoreResult.Stored, _store.Put(StoreMode.Set, "key"u8, new byte[valueLength], flags));
        Assert.Equal(metadata, _statistics.MetadataBytes);
        Assert.True(_store.TryDelete("key"u8));
        Assert.Equal(0, _statistics.MetadataBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nothing_is_left_of_it_without_items(ulong seed)
    {
        var random = new Prng(seed);
        for (int step = 0; step < 60_000; step++)
        {
            byte[] key = Key((int)random.Below(KeyCount));
            byte[] value = new byte[random.Below(500)];
            switch (random.Below(5))
            {
                case 0:
                    _ = _store.TryDelete(key);
                    break;
                case 1:
                    _ = _store.TryGet(key, out _);
                    break;
                case 2:
                    _ = _store.TryTouch(key, (int)random.Below(1000));
                    break;
                default:
                    _ = _store.Put(StoreMode.Set, key, value, random.Below(2), exptime: (int)random.Below(2) * 1000);
                    break;
            }
            if (random.Chance(1, 10_000)) _store.Flush(0);
        }
        Assert.True(_statistics.Evictions > 0);
        Assert.True(_statistics.MetadataBytes >= _statistics.CurrItems * ItemHeader.Size);
        for (int i = 0; i < KeyCount; i++) _ = _store.TryDelete(Key(i));
        Assert.Equal(0, _statistics.CurrItems);
        Assert.Equal(0, _statistics.MetadataBytes);
    }

    private static byte[] Key(int number) =>
        Encoding.Latin1.GetBytes("key" + number.ToString(CultureInfo.InvariantCulture));
}
