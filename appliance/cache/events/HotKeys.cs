using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// The keys that are looked up most, while somebody wants to know: the Space-Saving sketch of Metwally, Agrawal and El
/// Abbadi (2005). It has room for a fixed number of keys; one that has no room takes the place of the rarest, with its
/// count, which so may be too high by what is told as its error, and is never too low.
/// </summary>
/// <remarks>
/// Of n look-ups, every key that had more than n / <see cref="Capacity"/> of them is there. A look-up costs a pass over
/// the sketch's tags, some hundred nanoseconds at most, and only while it counts.
/// </remarks>
public sealed class HotKeys
{
    /// <summary>How many keys there is room for.</summary>
    public const int Capacity = 128;

    private const int KeyLengthMax = 250;

    private readonly KeyedHash _hash;
    private readonly uint[] _tags = new uint[Capacity];
    private readonly long[] _counts = new long[Capacity];
    private readonly long[] _errors = new long[Capacity];
    private readonly long[] _hits = new long[Capacity];
    private readonly byte[] _lengths = new byte[Capacity];
    private readonly byte[] _keys = new byte[Capacity * KeyLengthMax];
    private readonly byte[] _order = new byte[Capacity];
    private int _orderedCount;

    /// <param name="secret">So that nobody chooses keys that look alike.</param>
    public HotKeys(ulong secret) => _hash = new KeyedHash(secret);

    /// <summary>Keys that are in the sketch.</summary>
    public int Count { get; private set; }

    /// <summary>Look-ups that were counted.</summary>
    public long Total { get; private set; }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Count = 0;
        Total = 0;
        _orderedCount = 0;
    }

    /// <summary>A key was looked up.</summary>
    /// <param name="key">1 to 250 bytes.</param>
    /// <param name="isHit">Whether it was there.</param>
    public void Add(ReadOnlySpan<byte> key, bool isHit)
    {
        Invariant.Holds(key.Length is >= 1 and <= KeyLengthMax);
        Total++;
        uint tag = (uint)_hash.Of(key);
        int entry = Find(key, tag, out int rarest);
        if (entry < 0) entry = Count < Capacity ? Begin(Count++, key, tag, count: 0) : Begin(rarest, key, tag, _counts[rarest]);
        _counts[entry]++;
        if (isHit) _hits[entry]++;
    }

    /// <summary>Takes note of the order of the keys, for <see cref="TryGet"/>.</summary>
    public void Sort()
    {
        for (int i = 0; i < Count; i++)
        {
            int place = i;
            while (place > 0 && _counts[_order[place - 1]] < _counts[i])
            {
                _order[place] = _order[place - 1];
                place--;
            }
            _order[place] = (byte)i;
        }
        _orderedCount = Count;
    }

    /// <summary>A key as it is now, by its rank at the last <see cref="Sort"/>; fails past the last one.</summary>
    /// <param name="rank">0 for the one that was looked up most.</param>
    /// <param name="key">Valid until the next <see cref="Add"/>.</param>
    /// <param name="numbers">What was counted.</param>
    public bool TryGet(int rank, out ReadOnlySpan<byte> key, out HotKeyNumbers numbers)
    {
        key = default;
        numbers = default;
        if (rank >= Math.Min(_orderedCount, Count)) return false;
        int entry = _order[rank];
        key = Key(entry);
        numbers = new HotKeyNumbers(_counts[entry], _errors[entry], _hits[entry]);
        return true;
    }

    /// <summary>The entry of a key, or -1; then also the entry with the lowest count.</summary>
    private int Find(ReadOnlySpan<byte> key, uint tag, out int rarest)
    {
        rarest = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_tags[i] == tag && key.SequenceEqual(Key(i))) return i;
            if (_counts[i] < _counts[rarest]) rarest = i;
        }
        return -1;
    }

    private int Begin(int entry, ReadOnlySpan<byte> key, uint tag, long count)
    {
        _tags[entry] = tag;
        _counts[entry] = count;
        _errors[entry] = count;
        _hits[entry] = 0;
        _lengths[entry] = (byte)key.Length;
        key.CopyTo(new Span<byte>(_keys, entry * KeyLengthMax, key.Length));
        return entry;
    }

    private ReadOnlySpan<byte> Key(int entry) => new(_keys, entry * KeyLengthMax, _lengths[entry]);
}
