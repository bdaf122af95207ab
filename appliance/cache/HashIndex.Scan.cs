using System;

namespace Memcachier.Cache;

/// <summary>The index in the order of the hashes, which is that of the homes whatever size the table has.</summary>
internal sealed partial class HashIndex
{
    /// <summary>No more items are at home in one line.</summary>
    public const int AtHomeMax = (ReachMax + 1) * IndexLine.SlotCount;

    /// <summary>Lists the items that are at home where this hash is; returns how many.</summary>
    /// <param name="hashes">Their hashes, in no order; at least <see cref="AtHomeMax"/>, as the next.</param>
    /// <param name="locations">Where they lie.</param>
    /// <param name="next">The first hash that is at home in a later line; 0 if there is none.</param>
    public int ListHome(ulong hash, Span<ulong> hashes, Span<uint> locations, out ulong next)
    {
        uint home = HomeOf(hash);
        int count = 0;
        int reach = Line(home).Reach;
        for (int distance = 0; distance <= reach; distance++)
        {
            IndexLine line = Line(home + (uint)distance);
            for (int slot = 0; slot < IndexLine.SlotCount; slot++)
            {
                uint location = line.Location(slot);
                if (location == SegmentLog.NoLocation) continue;
                if (IndexLine.DistanceOf(line.Label(slot)) != distance) continue;
                hashes[count] = _hash.Of(_log.At(location).Key);
                locations[count++] = location;
            }
        }
        next = HashBehind(hash, home);
        return count;
    }

    /// <summary>The first hash behind those that are at home in a line, as far as the table has been changed.</summary>
    private ulong HashBehind(ulong hash, uint home)
    {
        if (!IsResizing) return FirstHashOf(home + 1, _homeCount);
        // Where what has been moved ends, or begins.
        ulong border = FirstHashOf(_sweep, _homeCount);
        bool isGrowing = _nextHomeCount > _homeCount;
        bool isMoved = isGrowing ? Scale(hash, _homeCount) >= _sweep : Scale(hash, _homeCount) < _sweep;
        ulong behind = FirstHashOf(home + 1, isMoved ? _nextHomeCount : _homeCount);
        // A line of the table that shrinks has hashes on both sides of it.
        bool isCut = isMoved && !isGrowing && border != 0 && (behind == 0 || behind > border);
        return isCut ? border : behind;
    }

    /// <summary>The lowest hash with this home or a later one, of so many; 0 if there is no such home.</summary>
    private static ulong FirstHashOf(uint home, uint count)
    {
        if (home >= count) return 0;
        // home * 2^64 / count, rounded up, in two digits of 32 bits.
        ulong dividend = (ulong)home << 32;
        ulong high = dividend / count;
        dividend = (dividend % count) << 32;
        ulong low = dividend / count;
        ulong quotient = (high << 32) | low;
        return dividend % count == 0 ? quotient : quotient + 1;
    }
}
