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
        uint hash = HashOf(key);
        if (!_inventory.TryFindAlive(key, hash, out Item item))
        {
            if (isIncrement) _statistics.IncrMisses++;
            else _statistics.DecrMisses++;
            return DeltaResult.NotFound;
        }
        if (item.ValueLength is 0 or > NumberLengthMax) return DeltaResult.NonNumeric;
        if (!CDecimal.TryParseUnsigned(item.Value, out ulong old)) return DeltaResult.NonNumeric;

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
        bool isInPlace = length == item.ValueLength && !_log.IsLeased(_log.SegmentOf(item.Location));
        return isInPlace ? RewriteNumber(in item, value) : ReplaceNumber(key, in item, value, length);
    }

    private DeltaResult RewriteNumber(in Item item, ulong value)
    {
        WriteNumber(in item, value);
        item.Header.Cas = ++_lastCas;
        item.Header.Time = Lifetime.Now;
        item.Header.Generation = Lifetime.Generation;
        return DeltaResult.Done;
    }

    /// <summary>For a longer number, and while a lease may be reading the old one.</summary>
    private DeltaResult ReplaceNumber(ReadOnlySpan<byte> key, in Item item, ulong value, int length)
    {
        // The allocation may end the old item, so what is needed of it is taken first.
        uint hash = item.Header.Hash;
        uint flags = item.Flags;
        uint exptime = item.Header.Exptime;
        if (!TryAllocate(key.Length, length, mayBreakLeases: true, out Item longer)) return DeltaResult.OutOfMemory;
        longer.Header.Hash = hash;
        longer.Header.Flags = flags;
        longer.Header.Exptime = exptime;
        key.CopyTo(longer.MutableKey);
        WriteNumber(in longer, value);
        "\r\n"u8.CopyTo(longer.MutableValue.Slice(length));
        Supersede(in longer);
        return DeltaResult.Done;
    }

    private static void WriteNumber(in Item item, ulong value)
    {
        Span<byte> place = item.MutableValue.Slice(0, item.ValueLength);
        place.Slice(AsciiDecimal.Format(value, place)).Fill((byte)' ');
    }
}
