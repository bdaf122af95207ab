using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>incr and decr.</summary>
public sealed partial class Store
{
    /// <summary>
    /// A value longer than this is no number, whatever it begins with: else each request could be made to read and
    /// write a megabyte.
    /// </summary>
    private const int NumberLengthMax = 1024;

    /// <summary>
    /// incr and decr: 64 bits, incr wraps, decr stops at 0. A number that became shorter is padded with spaces to the
    /// value's length; one that became longer makes the value longer.
    /// </summary>
    public DeltaResult TryAdd(ReadOnlySpan<byte> key, bool isIncrement, ulong delta, out ulong value)
    {
        value = 0;
        ulong hash = _inventory.HashOf(key);
        if (!_inventory.TryFindAlive(key, hash, out Item item))
        {
            if (isIncrement) _statistics.IncrMisses++;
            else _statistics.DecrMisses++;
            return DeltaResult.NotFound;
        }
        if (item.ValueLength is 0 or > NumberLengthMax || item.IsChained) return DeltaResult.NonNumeric;
        if (!CDecimal.TryParseUnsigned(item.ValueAt(0), out ulong old)) return DeltaResult.NonNumeric;

        if (isIncrement)
        {
            value = unchecked(old + delta);
            _statistics.IncrHits++;
        }
        else
        {
            value = delta > old ? 0 : old - delta;
            _statistics.DecrHits++;
        }
        int length = Math.Max(AsciiDecimal.CountDigits(value), item.ValueLength);
        ulong cas = _allocator.NextCas();
        bool isInPlace = length == item.ValueLength
            && !_log.IsHeld(_log.SegmentOf(item.Location))
            && _log.TrySetCas(in item, cas);
        if (!isInPlace) return ReplaceNumber(key, hash, in item, cas, value, length);
        WriteNumber(in item, value);
        item.Header.Time = Lifetime.Now;
        return DeltaResult.Done;
    }

    /// <summary>For a longer number, and while a lease may be reading the old one.</summary>
    private DeltaResult ReplaceNumber(
        ReadOnlySpan<byte> key, ulong hash, in Item item, ulong cas, ulong value, int length)
    {
        // The allocation may end the old item, so what is needed of it is taken first.
        uint flags = item.Flags;
        uint exptime = item.Exptime;
        bool isMain = IsInMain(in item);
        if (!TryAllocate(isMain, flags, exptime, cas, key.Length, length, mayBreakLeases: true, out Item longer))
        {
            return DeltaResult.OutOfMemory;
        }
        key.CopyTo(longer.MutableKey);
        WriteNumber(in longer, value);
        Publish(in longer, hash, cas);
        return DeltaResult.Done;
    }

    private static void WriteNumber(in Item item, ulong value)
    {
        Span<byte> place = item.Tail;
        place.Slice(AsciiDecimal.Format(value, place)).Fill((byte)' ');
    }
}
