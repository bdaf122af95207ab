using System;

namespace Memcachier.Cache;

/// <summary>
/// Visits the items of a store in the order of their hashes, a few at a time, while the store goes on. Invariant: all
/// items before the position were visited, none behind it. So a key that is there from the beginning to the end is
/// visited once, whatever moves its item between segments or between the lines of the index, and however that changes
/// its size; one that comes or goes meanwhile once or not at all.
/// </summary>
/// <remarks>
/// A position is a hash, and a key for the case that two have the same hash. Between calls it is all that the scan
/// has: it holds no item and no segment.
/// </remarks>
public sealed class ItemScan
{
    /// <summary>What a visited item takes of a budget, which counts lines of the index.</summary>
    public const int ItemCost = 32;

    private const int KeyLengthMax = byte.MaxValue;

    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly ulong[] _hashes = new ulong[HashIndex.AtHomeMax];
    private readonly uint[] _locations = new uint[HashIndex.AtHomeMax];
    private readonly byte[] _key = new byte[KeyLengthMax];
    private ulong _hash;
    private ulong _next;
    private int _keyLength;
    private int _count;
    private int _taken;
    private bool _isLoaded;

    internal ItemScan(SegmentLog log, HashIndex index)
    {
        _log = log;
        _index = index;
    }

    /// <summary>Whether all items were visited.</summary>
    public bool IsDone { get; private set; } = true;

    /// <summary>
    /// The hash behind the last item that was visited. <see cref="BeginAt"/> it leaves out further ones of the same
    /// hash, which is next to none.
    /// </summary>
    public ulong NextHash => _keyLength == 0 || _hash == ulong.MaxValue ? _hash : _hash + 1;

    /// <summary>Goes to the beginning.</summary>
    public void Begin() => BeginAt(0);

    /// <summary>Goes to the first item that has this hash or a higher one.</summary>
    public void BeginAt(ulong hash)
    {
        _isLoaded = false;
        IsDone = false;
        _hash = hash;
        _keyLength = 0;
    }

    /// <summary>Ends it, wherever it is.</summary>
    public void End() => IsDone = true;

    /// <summary>The store may have changed since the last call: what was not visited is looked at again.</summary>
    public void Resume() => _isLoaded = false;

    /// <summary>
    /// Visits the next item, whatever its fate. False if the budget is used up, or at the end. Between two calls the
    /// store does nothing, or <see cref="Resume"/> is called; the removal of the item itself does no harm.
    /// </summary>
    /// <param name="budget">How many lines of the index may still be looked at.</param>
    public bool TryNext(ref int budget, out Item item)
    {
        item = default;
        while (budget > 0 && !IsDone)
        {
            if (!_isLoaded) Load();
            if (_taken < _count)
            {
                budget -= ItemCost;
                item = _log.At(_locations[_taken]);
                _hash = _hashes[_taken++];
                _keyLength = item.Key.Length;
                item.Key.CopyTo(_key);
                return true;
            }
            budget--;
            IsDone = _next == 0;
            _hash = _next;
            _keyLength = 0;
            _isLoaded = false;
        }
        return false;
    }

    /// <summary>Lists what is at home where the position is and behind it, in order.</summary>
    private void Load()
    {
        int count = _index.ListHome(_hash, _hashes, _locations, out _next);
        _count = 0;
        for (int i = 0; i < count; i++)
        {
            ulong hash = _hashes[i];
            uint location = _locations[i];
            if (!IsBehind(hash, location)) continue;
            int place = _count++;
            while (place > 0 && Compare(hash, location, place - 1) < 0)
            {
                _hashes[place] = _hashes[place - 1];
                _locations[place] = _locations[place - 1];
                place--;
            }
            _hashes[place] = hash;
            _locations[place] = location;
        }
        _taken = 0;
        _isLoaded = true;
    }

    private bool IsBehind(ulong hash, uint location)
    {
        if (hash != _hash) return hash > _hash;
        return Compare(_log.At(location).Key, new ReadOnlySpan<byte>(_key, 0, _keyLength)) > 0;
    }

    private int Compare(ulong hash, uint location, int listed)
    {
        if (hash != _hashes[listed]) return hash < _hashes[listed] ? -1 : 1;
        return Compare(_log.At(location).Key, _log.At(_locations[listed]).Key);
    }

    private static int Compare(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        int length = Math.Min(one.Length, other.Length);
        for (int i = 0; i < length; i++)
        {
            if (one[i] != other[i]) return one[i] - other[i];
        }
        return one.Length - other.Length;
    }
}
