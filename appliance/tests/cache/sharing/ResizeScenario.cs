using System;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>A tiny index grows to twice its homes and shrinks again, with a reader looking for what is in it.</summary>
internal sealed class ResizeScenario : IScenario
{
    private const int SegmentSize = 8 << 10;
    private const int FewLines = 18;
    private const int ManyLines = 21;
    private const int ItemCount = 24;

    private readonly Region _memory = TestMemory.Rent(9 * SegmentSize);
    private readonly HashIndex _index;
    private readonly StoreReader _reader;

    public ResizeScenario()
    {
        var reactors = new Quiescence(reactorCount: 2);
        var log = new SegmentLog(_memory, SegmentSize, indexCount: 1, reactors, owner: 0);
        var hash = new KeyedHash(secret: 1);
        var statistics = new Statistics();
        var lifetime = new Lifetime();
        _index = new HashIndex(_memory, FewLines * IndexLine.Size, log, hash);
        var inventory = new Inventory(log, _index, lifetime, statistics, sizes: null);
        var credits = new Credits(statistics, EvictionPolicy.Lru, seed: 1);
        _reader = new StoreReader(log, _index, inventory, lifetime, log.PinsOf(1), credits, statistics);
        for (int i = 0; i < ItemCount; i++)
        {
            byte[] key = KeyOf(i);
            uint location;
            while (!log.TryAppend(0, ItemForm.None, key.Length, 0, out location)) log.OpenNext(0, 2, 0);
            Item item = log.At(location);
            key.CopyTo(item.MutableKey);
            inventory.Add(in item, hash.Of(key));
        }
    }

    public void Own()
    {
        _index.Clear(FewLines * IndexLine.Size, (ManyLines - FewLines) * IndexLine.Size);
        Resize(ManyLines);
        Resize(FewLines);
    }

    public void Read()
    {
        for (int i = 0; i < ItemCount; i += 5)
        {
            ReadResult result;
            while ((result = _reader.Find(KeyOf(i), out _)) == ReadResult.Undecided) Shared.Wait();
            Assert.Equal((i, ReadResult.Found), (i, result));
        }
    }

    public void Dispose() => TestMemory.Return(_memory);

    private static byte[] KeyOf(int number) => Encoding.ASCII.GetBytes("k" + number.ToString(CultureInfo.InvariantCulture));

    private void Resize(int lineCount)
    {
        _index.BeginResize(lineCount * IndexLine.Size);
        while (_index.IsResizing) Assert.Equal(0, _index.Sweep());
    }
}
