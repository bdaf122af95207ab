using System;
using System.Threading;

namespace Memcachier.Cache;

/// <summary>
/// One reactor's way to read the store of another, without a lock and without asking. It never sees half a change, and
/// never bytes that have become another item's.
/// </summary>
/// <remarks>
/// What keeps it right: a location in the index always is that of a complete item, and a segment is reused only when
/// every reactor has passed a quiescent point since the last of its items was taken out (<see cref="Quiescence"/>) and
/// none has pinned it. A key that is not found may have been between two lines of the index, which the index's version
/// tells. What changes in its place, a number or what belongs to a cas unique, is marked while it does.
/// </remarks>
public sealed class StoreReader
{
    // Each is a few hundred nanoseconds of the owner's at most, except while the index changes its size.
    private const int AttemptMax = 64;

    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly Inventory _inventory;
    private readonly Lifetime _lifetime;
    private readonly PinTable _pins;
    private readonly Statistics _statistics;
    private readonly Credits _credits;
    private uint _breaksSeen;

    internal StoreReader(
        SegmentLog log,
        HashIndex index,
        Inventory inventory,
        Lifetime lifetime,
        PinTable pins,
        Credits credits,
        Statistics statistics)
    {
        _log = log;
        _index = index;
        _inventory = inventory;
        _lifetime = lifetime;
        _pins = pins;
        _credits = credits;
        _statistics = statistics;
    }

    /// <summary>
    /// Whether the owner has asked for pins since <see cref="SeeBreaks"/>: look at each with <see cref="IsAskedBack"/>.
    /// </summary>
    public bool HasBreaks => _log.AskCount != _breaksSeen;

    /// <summary>
    /// get and gets: finds an item, good until the next quiescent point. Its key, flags and length are fixed, its value
    /// and its cas unique may change: they are read by <see cref="TryCopyValue"/> or under a pin, and that counts as a
    /// read.
    /// </summary>
    public ReadResult Find(ReadOnlySpan<byte> key, out Item item)
    {
        ulong hash = _inventory.HashOf(key);
        uint endedAt = SegmentLog.NoLocation;
        for (int attempt = 0; attempt < AttemptMax; attempt++)
        {
            uint version = _index.Version;
            if (_index.TryFind(key, hash, out item))
            {
                Shared.Step();
                if (_inventory.Judge(in item) == ItemFate.Alive)
                {
                    return item.IsStale ? ReadResult.Undecided : ReadResult.Found;
                }
                // It may have ended because it was replaced or touched before: only what is there still is believed.
                if (item.Location == endedAt) return CountMissing();
                endedAt = item.Location;
                continue;
            }
            Shared.Step();
            if (HashIndex.IsAtRest(version) && version == _index.Version) return CountMissing();
            Shared.Wait();
        }
        item = default;
        return ReadResult.Undecided;
    }

    /// <summary>
    /// Copies a value that was found. Fails, with a part of it copied perhaps, if it is being changed or was replaced;
    /// it can be looked for again.
    /// </summary>
    /// <param name="destination">As long as the value.</param>
    /// <param name="cas">The cas unique that belongs to these bytes.</param>
    public bool TryCopyValue(in Item item, Span<byte> destination, out ulong cas)
    {
        cas = 0;
        if (!item.IsSettled) return false;
        Shared.Step();
        ulong before = item.Cas;
        for (int offset = 0; offset < item.ValueLength;)
        {
            Shared.Step();
            ReadOnlySpan<byte> part = item.ValueAt(offset);
            part.CopyTo(destination.Slice(offset));
            offset += part.Length;
        }
        // x86 loads in order: what was copied was read before this.
        Shared.Step();
        if (!item.IsSettled || item.Cas != before) return false;
        cas = before;
        CountHit(in item);
        return true;
    }

    /// <summary>Pins an item that was found. Fails if it is being changed or was replaced.</summary>
    public bool TryPin(in Item item, out Pin pin)
    {
        pin = new Pin(item.Location, item.ValueLength, item.Cas);
        ForEachSegment(in item, isAdded: true);
        // The owner marks what it changes and then looks for pins; this looks for the mark after the pin.
        Shared.Step();
        Interlocked.MemoryBarrier();
        if (item.IsSettled && item.Cas == pin.Cas)
        {
            CountHit(in item);
            return true;
        }
        Release(ref pin);
        return false;
    }

    /// <summary>
    /// The pinned value's bytes from <paramref name="offset"/> on, as many as lie together; none at its end.
    /// </summary>
    public ReadOnlySpan<byte> Read(in Pin pin, int offset) => _log.At(pin.Location).ValueAt(offset);

    /// <summary>Gives a pin back; <c>default</c> too.</summary>
    public void Release(ref Pin pin)
    {
        if (pin.IsHeld) ForEachSegment(_log.At(pin.Location), isAdded: false);
        pin = default;
    }

    /// <summary>Whether the owner needs memory that this pin holds.</summary>
    public bool IsAskedBack(in Pin pin)
    {
        Item item = _log.At(pin.Location);
        if (_log.IsAskedBack(_log.SegmentOf(pin.Location))) return true;
        if (!item.IsChained) return false;
        Span<Piece> pieces = item.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            if (_log.IsAskedBack(_log.SegmentOf(pieces[i].Location))) return true;
        }
        return false;
    }

    /// <summary>All pins will be looked at that were asked for until now.</summary>
    public void SeeBreaks() => _breaksSeen = _log.AskCount;

    private void CountHit(in Item item)
    {
        item.CountRead(_lifetime.Now, _credits);
        _statistics.CmdGet++;
        _statistics.GetHits++;
        if (_log.IsMain(item.Location)) _statistics.HitsToMain++;
    }

    /// <summary>What has expired the owner takes out when it comes upon it.</summary>
    private ReadResult CountMissing()
    {
        _statistics.CmdGet++;
        _statistics.GetMisses++;
        return ReadResult.Missing;
    }

    private void ForEachSegment(in Item item, bool isAdded)
    {
        if (item.IsChained)
        {
            Span<Piece> pieces = item.Pieces;
            for (int i = 0; i < pieces.Length; i++) Change(_log.SegmentOf(pieces[i].Location), isAdded);
        }
        Change(_log.SegmentOf(item.Location), isAdded);
    }

    private void Change(int segment, bool isAdded)
    {
        if (isAdded) _pins.Add(segment);
        else _pins.Remove(segment);
    }
}
