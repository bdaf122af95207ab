using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>An index, a log with two items of each key that it may hold, and a model of what it should know.</summary>
internal sealed class IndexWorld : IDisposable
{
    private const int SegmentSize = 64 << 10;
    private const int IndexSegmentCount = 4;
    private const int MemoryLength = 4 << 20;

    private readonly Region _memory = TestMemory.Rent(MemoryLength);
    private readonly SegmentLog _log;
    private readonly KeyedHash _hash;
    private readonly uint[] _locations;
    private readonly Dictionary<int, uint> _known = [];
    private readonly List<int> _keys = [];
    private readonly Dictionary<int, int> _places = [];
    private long _length;
    private uint _homeCount;
    private uint _formerHomeCount;
    private Prng _random;

    public IndexWorld(ulong seed, int homeCount, int keyCount)
    {
        _random = new Prng(seed);
        _hash = new KeyedHash(seed);
        _log = new SegmentLog(_memory, SegmentSize, IndexSegmentCount, new Quiescence(1), owner: 0);
        _locations = new uint[keyCount * 2];
        for (int i = 0; i < _locations.Length; i++) _locations[i] = Append(i / 2);
        _length = LengthFor(homeCount);
        _homeCount = (uint)homeCount;
        _formerHomeCount = _homeCount;
        // What is not the index's may be anything.
        _memory.Slice(_length, SegmentSize).Fill(0xA5);
        Index = new HashIndex(_memory, _length, _log, _hash);
        Assert.Equal(_homeCount, HashIndex.HomesIn(_length));
    }

    public HashIndex Index { get; }

    public SegmentLog Log => _log;

    /// <summary>The keys that were known when <see cref="Watch"/> was called and are ever since.</summary>
    public HashSet<int> Unchanged { get; private set; } = [];

    public void Watch() => Unchanged = [.. _keys];

    public int KeyOf(in Item item) => KeyAt(item.Location);

    /// <summary>How many items the index should know.</summary>
    public int Count => _keys.Count;

    /// <summary>The largest reach that <see cref="CheckLines"/> has seen the last time.</summary>
    public int Reach { get; private set; }

    public void Dispose() => TestMemory.Return(_memory);

    public static long LengthFor(int homeCount) => (long)(homeCount + IndexLine.DistanceMax) * IndexLine.Size;

    /// <summary>Inserts a random key that is not known.</summary>
    /// <returns>Whether nothing had to make room.</returns>
    public bool InsertSome()
    {
        int key = (int)_random.Below((uint)(_locations.Length / 2));
        while (_known.ContainsKey(key)) key = (key + 1) % (_locations.Length / 2);
        uint location = _locations[(key * 2) + (int)_random.Below(2)];
        Learn(key, location);
        uint homeless = Index.Insert(HashOf(key), location);
        if (homeless == SegmentLog.NoLocation) return true;
        ForgetHomeless(homeless);
        return false;
    }

    public void RemoveSome()
    {
        int key = SomeKey();
        Index.Remove(HashOf(key), _known[key]);
        Forget(key);
    }

    public void ReplaceSome()
    {
        int key = SomeKey();
        uint location = _known[key];
        uint other = _locations[key * 2] == location ? _locations[(key * 2) + 1] : _locations[key * 2];
        Index.Replace(HashOf(key), location, other);
        _known[key] = other;
    }

    /// <summary>A random insertion, removal or replacement that keeps the number of items near a target.</summary>
    /// <returns>Whether nothing had to make room.</returns>
    public bool ChangeSome(int target)
    {
        if (Count > 0 && _random.Chance(1, 8)) ReplaceSome();
        else if (Count < target || (Count < target + 5 && _random.Chance(1, 2))) return InsertSome();
        else RemoveSome();
        return true;
    }

    /// <summary>Looks some random keys up.</summary>
    public void FindSome(int count, string what)
    {
        for (int i = 0; i < count; i++) Find((int)_random.Below((uint)(_locations.Length / 2)), what);
    }

    /// <summary>Looks all keys up, whether they should be known or not.</summary>
    public void FindAll(string what)
    {
        for (int key = 0; key < _locations.Length / 2; key++) Find(key, what);
    }

    public void BeginResize(int homeCount)
    {
        long length = LengthFor(homeCount);
        if (length > _length) Index.Clear(_length, length - _length);
        _length = Math.Max(length, _length);
        _formerHomeCount = _homeCount;
        _homeCount = (uint)homeCount;
        Index.BeginResize(length);
    }

    /// <summary>Sweeps once, and forgets whom that makes homeless.</summary>
    /// <returns>How many those were.</returns>
    public int Sweep()
    {
        int count = Index.Sweep();
        for (int i = 0; i < count; i++) ForgetHomeless(Index.Homeless(i));
        if (!Index.IsResizing) _formerHomeCount = _homeCount;
        return count;
    }

    /// <summary>Walks the raw lines of all memory that ever was the index's.</summary>
    public void CheckLines(string what)
    {
        int lineCount = (int)(_length / IndexLine.Size);
        uint usableCount = Math.Max(_homeCount, _formerHomeCount) + IndexLine.DistanceMax;
        int[] reaches = new int[lineCount];
        int fullBefore = 0;
        int count = 0;
        var seen = new HashSet<uint>();
        for (int number = 0; number < lineCount; number++)
        {
            IndexLine line = LineAt(number);
            bool isFull = true;
            for (int slot = 0; slot < IndexLine.SlotCount; slot++)
            {
                uint location = line.Location(slot);
                if (location == SegmentLog.NoLocation)
                {
                    isFull = false;
                    continue;
                }
                Assert.True(number < usableCount, $"{what}: line {number} is behind the end");
                Assert.True(seen.Add(location), $"{what}: line {number} knows an item twice");
                int key = KeyAt(location);
                bool isRight = _known.TryGetValue(key, out uint known) && known == location;
                Assert.True(isRight, $"{what}: line {number} knows {key}");
                ulong hash = HashOf(key);
                int distance = IndexLine.DistanceOf(line.Label(slot));
                Assert.Equal(IndexLine.LabelOf(hash, distance), line.Label(slot));
                int home = number - distance;
                bool isHome = home == Scale(hash, _homeCount) || home == Scale(hash, _formerHomeCount);
                Assert.True(isHome, $"{what}: {key} in line {number} at distance {distance}");
                Assert.True(distance <= fullBefore, $"{what}: free slots before {key} in line {number}");
                reaches[home] = Math.Max(reaches[home], distance);
                count++;
            }
            fullBefore = isFull ? fullBefore + 1 : 0;
        }
        Assert.Equal((what, _keys.Count), (what, count));
        Assert.Equal((what, (long)count), (what, Index.Count));
        Reach = 0;
        for (int number = 0; number < usableCount; number++)
        {
            int reach = LineAt(number).Reach;
            Assert.Equal((what, number, reaches[number]), (what, number, reach));
            Reach = Math.Max(Reach, reach);
        }
    }

    private static int Scale(ulong hash, uint count) => (int)Math.BigMul(hash, count, out _);

    private static byte[] KeyOf(int key) => BitConverter.GetBytes(key);

    private ulong HashOf(int key) => _hash.Of(KeyOf(key));

    private IndexLine LineAt(int number) => new(_memory.Slice((long)number * IndexLine.Size, IndexLine.Size));

    private int KeyAt(uint location) => MemoryMarshal.Read<int>(_log.At(location).Key);

    private int SomeKey() => _keys[(int)_random.Below((uint)_keys.Count)];

    private uint Append(int key)
    {
        byte[] octets = KeyOf(key);
        uint location;
        while (!_log.TryAppend(0, ItemForm.None, octets.Length, 0, out location)) _log.OpenNext(0, 2, 0);
        octets.CopyTo(_log.At(location).MutableKey);
        return location;
    }

    private void Find(int key, string what)
    {
        bool isThere = Index.TryFind(KeyOf(key), HashOf(key), out Item item);
        uint expected = _known.GetValueOrDefault(key, SegmentLog.NoLocation);
        if ((isThere ? item.Location : SegmentLog.NoLocation) == expected) return;
        Assert.Fail($"{what}: {key} is {(isThere ? "another" : "not there")}");
    }

    private void ForgetHomeless(uint location)
    {
        int key = KeyAt(location);
        Assert.Equal(_known[key], location);
        Forget(key);
    }

    private void Learn(int key, uint location)
    {
        _known.Add(key, location);
        _places.Add(key, _keys.Count);
        _keys.Add(key);
    }

    private void Forget(int key)
    {
        int place = _places[key];
        int last = _keys[^1];
        _keys[place] = last;
        _places[last] = place;
        _keys.RemoveAt(_keys.Count - 1);
        _ = Unchanged.Remove(key);
        Assert.True(_places.Remove(key));
        Assert.True(_known.Remove(key));
    }
}
