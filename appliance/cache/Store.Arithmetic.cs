using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>incr, decr and ma.</summary>
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
        DeltaResult result = TryAdd(key, new DeltaOptions(isIncrement, delta), out DeltaOutcome outcome);
        value = outcome.Value;
        return result;
    }

    /// <summary>ma: incr and decr with everything that can be asked for.</summary>
    public DeltaResult TryAdd(ReadOnlySpan<byte> key, in DeltaOptions options, out DeltaOutcome outcome)
    {
        outcome = default;
        ulong hash = _inventory.HashOf(key);
        if (!_inventory.TryFindAlive(key, hash, out Item item))
        {
            if (options.Vivifies) return CreateNumber(key, hash, in options, ref outcome);
            if (options.IsIncrement) _statistics.IncrMisses++;
            else _statistics.DecrMisses++;
            return DeltaResult.NotFound;
        }
        // As in memcached, what is no number by its length alone is refused before the cas unique is looked at.
        if (item.ValueLength is 0 or > NumberLengthMax || item.IsChained) return DeltaResult.NonNumeric;
        if (options.Cas != 0 && options.Cas != item.Cas) return DeltaResult.Exists;
        if (!CDecimal.TryParseUnsigned(item.ValueAt(0), out ulong old)) return DeltaResult.NonNumeric;

        if (options.IsIncrement)
        {
            outcome.Value = unchecked(old + options.Delta);
            _statistics.IncrHits++;
        }
        else
        {
            outcome.Value = options.Delta > old ? 0 : old - options.Delta;
            _statistics.DecrHits++;
        }
        outcome.Cas = options.HasNewCas ? options.NewCas : _allocator.NextCas();
        outcome.ExptimeBefore = item.Exptime;
        outcome.Exptime = options.SetsExptime ? Lifetime.FromExptime(options.Exptime) : item.Exptime;
        int length = Math.Max(AsciiDecimal.CountDigits(outcome.Value), item.ValueLength);
        bool isInPlace = length == item.ValueLength && TryChangeNumber(in item, in outcome);
        return isInPlace ? DeltaResult.Done : ReplaceNumber(key, hash, in item, in outcome, length);
    }

    /// <summary>Fails if somebody holds the value, and where its place has no room for the fields.</summary>
    private bool TryChangeNumber(in Item item, in DeltaOutcome outcome)
    {
        if (!_log.TryBeginChange(in item, outcome.Cas)) return false;
        bool isDone = _log.TryUpdate(in item, outcome.Cas, outcome.Exptime);
        if (isDone)
        {
            WriteNumber(in item, outcome.Value);
            item.Header.Time = Lifetime.Now;
        }
        SegmentLog.EndChange(in item);
        return isDone;
    }

    /// <summary>
    /// For a longer number, while a lease may be reading the old one, and where its place has no room for the fields.
    /// </summary>
    private DeltaResult ReplaceNumber(
        ReadOnlySpan<byte> key, ulong hash, in Item item, in DeltaOutcome outcome, int length)
    {
        // The allocation may end the old item, so what is needed of it is taken first. What was known of it stays with
        // a number of the same length: where that lies is nobody's business. A longer one is a new item, as in
        // memcached.
        uint flags = item.Flags;
        bool isMain = IsInMain(in item);
        ItemMarks marks = length == item.ValueLength ? item.Header.Marks & ItemMarks.KnownMask : ItemMarks.Dead;
        if (!TryAllocate(
            isMain, flags, outcome.Exptime, outcome.Cas, key.Length, length, mayBreakLeases: true,
            out Item replacement))
        {
            return DeltaResult.OutOfMemory;
        }
        key.CopyTo(replacement.MutableKey);
        WriteNumber(in replacement, outcome.Value);
        Publish(in replacement, hash, marks);
        return DeltaResult.Done;
    }

    private DeltaResult CreateNumber(
        ReadOnlySpan<byte> key, ulong hash, in DeltaOptions options, ref DeltaOutcome outcome)
    {
        uint exptime = Lifetime.FromExptime(options.VivifyExptime);
        ulong cas = options.HasNewCas ? options.NewCas : _allocator.NextCas();
        int length = AsciiDecimal.CountDigits(options.Initial);
        if (!TryAllocate(
            IsForMain(key, hash, length), flags: 0, exptime, cas, key.Length, length,
            mayBreakLeases: true, out Item item))
        {
            return DeltaResult.OutOfMemoryCreating;
        }
        key.CopyTo(item.MutableKey);
        WriteNumber(in item, options.Initial);
        Publish(in item, hash, ItemMarks.Dead);
        outcome.Value = options.Initial;
        outcome.Cas = cas;
        outcome.Exptime = exptime;
        outcome.IsCreated = true;
        return DeltaResult.Done;
    }

    private static void WriteNumber(in Item item, ulong value)
    {
        Span<byte> place = item.Tail;
        int length = AsciiDecimal.Format(value, place);
        Shared.Step();
        place.Slice(length).Fill((byte)' ');
    }
}
