using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>A small store, its owner and a reader.</summary>
internal abstract class Scenario : IScenario
{
    protected const int SegmentSize = 8 << 10;
    private const int SegmentCount = 9;
    private const int OwnerNumber = 0;
    private const int ReaderNumber = 1;
    private const ulong Secret = 1;

    private readonly Region _memory = TestMemory.Rent(SegmentCount * SegmentSize);

    protected Scenario()
    {
        Reactors = new Quiescence(reactorCount: 2);
        var options = new StoreOptions(Secret, SegmentSize, itemSizeMax: 1 << 20) { Reactors = Reactors, Owner = OwnerNumber };
        Store = new Store(_memory, in options, OwnersStatistics);
        Store.Tick(0, 1_700_000_000);
        Reader = Store.ReaderFor(ReaderNumber, ReadersStatistics, Secret);
        Reactors.Enter(ReaderNumber);
    }

    protected Quiescence Reactors { get; }

    protected Store Store { get; }

    protected StoreReader Reader { get; }

    protected Statistics OwnersStatistics { get; } = new();

    protected Statistics ReadersStatistics { get; } = new();

    public void Dispose() => TestMemory.Return(_memory);

    public void Own() => Write();

    public void Read()
    {
        try
        {
            Look();
        }
        finally
        {
            Reactors.Leave(ReaderNumber);
        }
    }

    protected abstract void Write();

    protected abstract void Look();

    /// <summary>The reader's next round.</summary>
    protected void Pass()
    {
        Reactors.Pass(ReaderNumber);
        Shared.Step();
    }

    protected void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Assert.Equal(StoreResult.Stored, Store.Put(StoreMode.Set, key, value));

    /// <summary>Stores so much that every segment that can be is reused.</summary>
    protected void Flood(int count)
    {
        for (int i = 0; i < count; i++) Put(Encoding.ASCII.GetBytes($"flood{i}"), Pattern((byte)(200 + i), 4000));
    }

    /// <summary>A value that shows by each of its bytes whose it is.</summary>
    protected static byte[] Pattern(byte fill, int length)
    {
        byte[] value = new byte[length];
        value.AsSpan().Fill(fill);
        return value;
    }

    /// <summary>The value and its cas unique as one saw them together; null if the key is missing.</summary>
    protected (byte[] Value, ulong Cas)? Copy(ReadOnlySpan<byte> key)
    {
        while (true)
        {
            ReadResult result = Reader.Find(key, out Item item);
            if (result == ReadResult.Missing) return null;
            if (result == ReadResult.Found)
            {
                byte[] value = new byte[item.ValueLength];
                bool isCopied = Reader.TryCopyValue(in item, value, out ulong cas);
                Assert.Equal(key, item.Key);
                if (isCopied) return (value, cas);
            }
            Shared.Wait();
        }
    }

    /// <summary>Keys that are all at home in one line of the index, and then some in the next.</summary>
    protected static byte[][] Neighbours(int count, int nextCount)
    {
        uint homes = HashIndex.HomesIn(SegmentSize);
        var hash = new KeyedHash(Secret);
        var keys = new List<byte[]>();
        var next = new List<byte[]>();
        for (int number = 0; keys.Count < count || next.Count < nextCount; number++)
        {
            byte[] key = Encoding.ASCII.GetBytes("k" + number.ToString(CultureInfo.InvariantCulture));
            ulong home = Math.BigMul(hash.Of(key), homes, out _);
            if (home == homes / 2 && keys.Count < count) keys.Add(key);
            if (home == (homes / 2) + 1 && next.Count < nextCount) next.Add(key);
        }
        return [.. keys, .. next];
    }
}
