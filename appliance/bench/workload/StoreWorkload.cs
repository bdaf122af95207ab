using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// A full store, and the operations on it that are measured: on the host in nanoseconds, in the image in instructions.
/// Equal from run to run, since the secret of the hash is a constant.
/// </summary>
/// <remarks>
/// Every set is of a new key, so it evicts; what it evicts nobody has read. Gets are of the items stored last, in
/// another order than they were stored in, and of keys never stored. The items were read before, often enough for all
/// the credit there is: as most of what is asked for in a cache.
/// </remarks>
public sealed class StoreWorkload
{
    public const int MultigetCount = 100;

    private const ulong Secret = 0x6D65_6D63_6163_6865;
    private const ulong NeverStored = 1UL << 63;

    // A prime: steps of this length visit every key, unless their number is a multiple of it.
    private const int Stride = 40_459;
    private const int ReadsForAllCredit = 4;

    private readonly Store _store;
    private readonly Statistics _statistics = new();
    private readonly byte[] _value;
    private readonly byte[] _newKey = new byte[KeyTable.KeyLength];
    private KeyTable _hits = new(1);
    private KeyTable _misses = new(1);
    private ulong _storedCount;

    /// <summary>Stores until each item has been evicted once, and the index has its size.</summary>
    public StoreWorkload(Region memory, int valueLength)
    {
        _value = new byte[valueLength];
        var options = new StoreOptions(Secret, StoreOptions.SegmentSizeFor(memory.Length), itemSizeMax: 1 << 20);
        _store = new Store(memory, in options, _statistics);
        while (!IsSteady) Set();
    }

    public long ItemCount => _statistics.CurrItems;

    /// <summary>How many bytes of index there are for each hundred items.</summary>
    public long IndexLengthPerHundred => _store.IndexLength * 100 / ItemCount;

    /// <summary>Makes the last <paramref name="keyCount"/> keys stored those to be read.</summary>
    public void PrepareReads(int keyCount)
    {
        Invariant.Holds(keyCount % Stride != 0);
        _hits = new KeyTable(keyCount);
        _misses = new KeyTable(keyCount);
        int step = 0;
        for (int i = 0; i < keyCount; i++)
        {
            step = (step + Stride) % keyCount;
            KeyTable.Write(_storedCount - 1 - (ulong)step, _hits[i]);
            KeyTable.Write(NeverStored + (ulong)i, _misses[i]);
        }
        for (int i = 0; i < keyCount * ReadsForAllCredit; i++) _ = GetHit();
    }

    /// <summary>The length of the value found.</summary>
    public int GetHit()
    {
        bool isFound = _store.TryGet(_hits.Next(), out Item item);
        Invariant.Holds(isFound);
        return item.ValueAt(0).Length;
    }

    public bool GetMiss()
    {
        bool isFound = _store.TryGet(_misses.Next(), out _);
        Invariant.Holds(!isFound);
        return isFound;
    }

    /// <summary>The part of a get of many keys that is the store's.</summary>
    public int Multiget()
    {
        int length = 0;
        for (int i = 0; i < MultigetCount; i++) length += GetHit();
        return length;
    }

    public void Set()
    {
        KeyTable.Write(_storedCount++, _newKey);
        StoreResult result = _store.TryReserve(
            StoreMode.Set, _newKey, flags: 0, exptime: 0, _value.Length, out Reservation reservation);
        Invariant.Holds(result == StoreResult.Stored);
        bool isFilled = _store.TryFill(ref reservation, _value);
        Invariant.Holds(isFilled);
        result = _store.Commit(ref reservation, StoreMode.Set, cas: 0);
        Invariant.Holds(result == StoreResult.Stored);
    }

    /// <summary>What a get has to do besides asking the store.</summary>
    public int NextKey() => _hits.Next()[0];

    /// <summary>What a set has to do besides asking the store.</summary>
    public void NextNewKey() => KeyTable.Write(_storedCount, _newKey);

    private bool IsSteady =>
        _statistics.Evictions > 0 && _statistics.Evictions >= _statistics.CurrItems && !_store.IsIndexResizing;
}
