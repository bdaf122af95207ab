using System;
using System.Runtime.CompilerServices;
using System.Threading;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// From a key to its item: cache lines of ten slots. An item lies in the line that its hash names, its home, or, when
/// that is full, in one behind it. Invariants: no line between an item and its home has a free slot; an item lies
/// within its home's reach.
/// </summary>
/// <remarks>
/// In a full line the item that is nearest to its home makes room for one that is further from its own (Celis, "Robin
/// Hood hashing", 1986), and what is removed lets those behind it move up. So even at 90 % few items are more than a
/// line away, whatever came and went.
/// A hash names its home by multiplication: of n lines, the one at hash * n / 2^64. So n is any number, and when it
/// changes all homes keep their order. That is why the table can change its size where it lies, home by home: upwards
/// from the last to the first, so that what is moved up never meets what has not been moved, downwards from the first
/// to the last.
/// <see cref="_sweep"/> says how far it is.
/// Other reactors read it meanwhile. Whatever location they see is that of a complete item; but an item that moves from
/// line to line they may miss, so they look at <see cref="Version"/>.
/// </remarks>
internal sealed partial class HashIndex
{
    /// <summary>How many full lines an insertion passes before it gives up an item instead.</summary>
    private const int SearchMax = 256;

    private const int ReachMax = IndexLine.DistanceMax;

    private readonly Region _memory;
    private readonly SegmentLog _log;
    private readonly KeyedHash _hash;
    private readonly ulong[] _movedHashes = new ulong[(ReachMax + 1) * IndexLine.SlotCount];
    private readonly uint[] _movedLocations = new uint[(ReachMax + 1) * IndexLine.SlotCount];
    private uint _homeCount;
    private uint _nextHomeCount;
    private uint _sweep;
    private uint _lineCount;
    private uint _version;
    private int _moving;

    /// <param name="memory">The store's; the index is at its front.</param>
    /// <param name="length">How many bytes of it are the index's at first.</param>
    public HashIndex(Region memory, long length, SegmentLog log, KeyedHash hash)
    {
        _memory = memory;
        _log = log;
        _hash = hash;
        Clear(0, length);
        _homeCount = HomesIn(length);
        _nextHomeCount = _homeCount;
        _lineCount = _homeCount + ReachMax;
    }

    /// <summary>Items in the index.</summary>
    public long Count { get; private set; }

    /// <summary>Slots of the table, or of the smaller one of two while its size changes.</summary>
    public long SlotCount => (long)Math.Min(_homeCount, _nextHomeCount) * IndexLine.SlotCount;

    /// <summary>
    /// Another one before and after a search: items may have moved meanwhile. See <see cref="IsAtRest"/>.
    /// </summary>
    public uint Version => Volatile.Read(ref _version);

    public bool IsResizing => _nextHomeCount != _homeCount;

    /// <summary>Homes for items in an index of this many bytes; the lines after the last are in reach of it.</summary>
    public static uint HomesIn(long length)
    {
        Invariant.Holds(length >= (ReachMax + 1) * IndexLine.Size);
        return (uint)Math.Min((length / IndexLine.Size) - ReachMax, uint.MaxValue - ReachMax);
    }

    /// <summary>Slots in an index of this many bytes.</summary>
    public static long SlotsIn(long length) => (long)HomesIn(length) * IndexLine.SlotCount;

    /// <summary>Whether no item was between two lines when this was the index's version.</summary>
    public static bool IsAtRest(uint version) => (version & 1) == 0;

    /// <summary>The hash of a key, for the other methods.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => _hash.Of(key);

    /// <summary>Hot: once per key of a request.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, out Item item)
    {
        uint home = HomeOf(hash);
        IndexLine line = Line(home);
        int reach = line.Reach;
        int distance = 0;
        while (true)
        {
            Shared.Step();
            uint matches = line.Matches(IndexLine.LabelOf(hash, distance));
            while (matches != 0)
            {
                Shared.Step();
                // Read once: it may be another at the next look.
                uint location = Volatile.Read(ref line.Location(IndexLine.TakeSlot(ref matches)));
                if (location == SegmentLog.NoLocation) continue;
                item = _log.At(location);
                if (item.Key.SequenceEqual(key)) return true;
            }
            if (++distance > reach) break;
            line = Line(home + (uint)distance);
        }
        item = default;
        return false;
    }

    /// <summary>Finds the chained item of which a piece is one.</summary>
    public bool TryFindOwner(ulong hash, int pieceNumber, uint pieceLocation, out Item owner)
    {
        uint home = HomeOf(hash);
        int reach = Line(home).Reach;
        for (int distance = 0; distance <= reach; distance++)
        {
            IndexLine line = Line(home + (uint)distance);
            uint matches = line.Matches(IndexLine.LabelOf(hash, distance));
            while (matches != 0)
            {
                uint location = line.Location(IndexLine.TakeSlot(ref matches));
                if (location == SegmentLog.NoLocation) continue;
                owner = _log.At(location);
                if (!owner.IsChained) continue;
                Span<Piece> pieces = owner.Pieces;
                if (pieceNumber < pieces.Length && pieces[pieceNumber].Location == pieceLocation) return true;
            }
        }
        owner = default;
        return false;
    }

    /// <summary>Makes an item known; no other of its key is.</summary>
    /// <returns>
    /// <see cref="SegmentLog.NoLocation"/>, or, if there are too few free slots near its home, the item that had to
    /// make room and is not known any more.
    /// </returns>
    public uint Insert(ulong hash, uint location)
    {
        BeginMoves();
        uint homeless = Place(hash, location);
        EndMoves();
        return homeless;
    }

    private uint Place(ulong hash, uint location)
    {
        uint number = HomeOf(hash);
        ushort label = IndexLine.LabelOf(hash, 0);
        Count++;
        if (!IsRoomNear(number)) return Exchange(Line(number), number, 0, label, location);
        while (true)
        {
            IndexLine line = Line(number);
            int distance = IndexLine.DistanceOf(label);
            int slot = line.SlotOf(SegmentLog.NoLocation);
            if (slot >= 0)
            {
                line.Set(slot, label, location);
                Reached(number, distance);
                return SegmentLog.NoLocation;
            }
            slot = line.NearestSlot();
            if (IndexLine.DistanceOf(line.Label(slot)) < distance)
            {
                ushort nearer = line.Label(slot);
                uint moved = line.Location(slot);
                line.Set(slot, label, location);
                Reached(number, distance);
                label = nearer;
                location = moved;
                distance = IndexLine.DistanceOf(label);
            }
            if (distance == ReachMax)
            {
                Count--;
                Left(number, distance);
                return location;
            }
            label = IndexLine.WithDistance(label, distance + 1);
            number++;
        }
    }

    /// <summary>Forgets an item that is known.</summary>
    public void Remove(ulong hash, uint location)
    {
        uint home = HomeOf(hash);
        IndexLine line = Locate(home, location, out int slot, out int distance);
        line.SetLocation(slot, SegmentLog.NoLocation);
        Count--;
        uint number = home + (uint)distance;
        Left(number, distance);
        MoveUp(number);
    }

    /// <summary>Puts another item of the same key in the place of a known one.</summary>
    public void Replace(ulong hash, uint location, uint replacement)
    {
        IndexLine line = Locate(HomeOf(hash), location, out int slot, out _);
        line.SetLocation(slot, replacement);
    }

    /// <summary>Makes memory that was lent to the index ready for it.</summary>
    public void Clear(long offset, long length)
    {
        const int Step = 1 << 20;
        for (long done = 0; done < length; done += Step)
        {
            _memory.Slice(offset + done, (int)Math.Min(Step, length - done)).Clear();
        }
    }

    /// <summary>Begins to make the table as large as this many bytes of memory allow.</summary>
    public void BeginResize(long length)
    {
        Invariant.Holds(!IsResizing);
        // Until all of this is written, a reader may look in the wrong line.
        BeginMoves();
        _nextHomeCount = HomesIn(length);
        Shared.Step();
        _lineCount = Math.Max(_homeCount, _nextHomeCount) + ReachMax;
        _sweep = _nextHomeCount > _homeCount ? _homeCount : 0;
        EndMoves();
    }

    /// <summary>
    /// Goes on with the change of size by one home; at most <see cref="ReachMax"/> + 1 lines of items are moved.
    /// </summary>
    /// <returns>How many items have found no place: they are no longer known, and the caller has to end them.</returns>
    public int Sweep()
    {
        Invariant.Holds(IsResizing);
        BeginMoves();
        int homelessCount = SweepOne();
        EndMoves();
        return homelessCount;
    }

    private int SweepOne()
    {
        bool isGrowing = _nextHomeCount > _homeCount;
        uint home = isGrowing ? _sweep - 1 : _sweep;
        int count = TakeAll(home);
        _sweep = isGrowing ? home : home + 1;
        Shared.Step();
        bool isDone = isGrowing ? _sweep == 0 : _sweep == _homeCount;
        if (isDone)
        {
            _homeCount = _nextHomeCount;
            Shared.Step();
            // All items are at home in the new table or taken out: no line behind it is used any more.
            _lineCount = _homeCount + ReachMax;
        }
        int homelessCount = 0;
        for (int i = 0; i < count; i++)
        {
            uint homeless = Insert(_movedHashes[i], _movedLocations[i]);
            if (homeless != SegmentLog.NoLocation) _movedLocations[homelessCount++] = homeless;
        }
        return homelessCount;
    }

    /// <summary>The items that the last <see cref="Sweep"/> has found no place for.</summary>
    public uint Homeless(int number) => _movedLocations[number];

    /// <summary>Empties the slots of all items at home in a line, and remembers them.</summary>
    private int TakeAll(uint home)
    {
        int count = 0;
        int reach = Line(home).Reach;
        // From the far end, so that what moves up is not passed by.
        for (int distance = reach; distance >= 0; distance--)
        {
            IndexLine line = Line(home + (uint)distance);
            for (int slot = 0; slot < IndexLine.SlotCount; slot++)
            {
                uint location = line.Location(slot);
                if (location == SegmentLog.NoLocation) continue;
                if (IndexLine.DistanceOf(line.Label(slot)) != distance) continue;
                _movedHashes[count] = _hash.Of(_log.At(location).Key);
                _movedLocations[count++] = location;
                line.SetLocation(slot, SegmentLog.NoLocation);
                MoveUp(home + (uint)distance);
            }
        }
        Count -= count;
        Line(home).Reach = 0;
        return count;
    }

    /// <summary>Whether an insertion finds a free slot before it has passed too many lines.</summary>
    private bool IsRoomNear(uint home)
    {
        uint end = Math.Min(home + SearchMax, _lineCount);
        for (uint number = home; number < end; number++)
        {
            if (Line(number).SlotOf(SegmentLog.NoLocation) >= 0) return true;
        }
        return false;
    }

    /// <summary>Puts an item in the slot of another, which is not known any more.</summary>
    private uint Exchange(IndexLine line, uint number, int distance, ushort label, uint location)
    {
        int slot = line.NearestSlot();
        uint other = line.Location(slot);
        int otherDistance = IndexLine.DistanceOf(line.Label(slot));
        line.Set(slot, label, location);
        Count--;
        Left(number, otherDistance);
        Reached(number, distance);
        return other;
    }

    /// <summary>A slot of the line was freed: what could not be in the line has its chance now.</summary>
    private void MoveUp(uint number)
    {
        BeginMoves();
        int free = Line(number).SlotOf(SegmentLog.NoLocation);
        while (number + 1 < _lineCount)
        {
            IndexLine next = Line(number + 1);
            int slot = next.FurthestSlot();
            if (slot < 0) break;
            ushort label = next.Label(slot);
            int distance = IndexLine.DistanceOf(label);
            Line(number).Set(free, IndexLine.WithDistance(label, distance - 1), next.Location(slot));
            next.SetLocation(slot, SegmentLog.NoLocation);
            Left(number + 1, distance);
            Reached(number, distance - 1);
            number++;
            free = slot;
        }
        EndMoves();
    }

    private void BeginMoves()
    {
        if (_moving++ == 0) Volatile.Write(ref _version, _version + 1);
    }

    private void EndMoves()
    {
        Shared.Step();
        if (--_moving == 0) Volatile.Write(ref _version, _version + 1);
    }

    /// <summary>An item of this distance is in the line now.</summary>
    private void Reached(uint number, int distance)
    {
        ref byte reach = ref Line(number - (uint)distance).Reach;
        if (reach < distance) reach = (byte)distance;
    }

    /// <summary>An item of this distance is in the line no more.</summary>
    private void Left(uint number, int distance)
    {
        uint home = number - (uint)distance;
        ref byte reach = ref Line(home).Reach;
        while (reach > 0 && !Line(home + reach).HasDistance(reach)) reach--;
    }

    private IndexLine Locate(uint home, uint location, out int slot, out int distance)
    {
        IndexLine line = Line(home);
        int reach = line.Reach;
        distance = 0;
        slot = line.SlotOf(location);
        while (slot < 0)
        {
            distance++;
            Invariant.Holds(distance <= reach);
            line = Line(home + (uint)distance);
            slot = line.SlotOf(location);
        }
        return line;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint HomeOf(ulong hash)
    {
        uint home = Scale(hash, _homeCount);
        return IsResizing ? HomeWhileResizing(hash, home) : home;
    }

    private uint HomeWhileResizing(ulong hash, uint home)
    {
        Shared.Step();
        bool isMoved = _nextHomeCount > _homeCount ? home >= _sweep : home < _sweep;
        return isMoved ? Scale(hash, _nextHomeCount) : home;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Scale(ulong hash, uint count) => (uint)Math.BigMul(hash, count, out _);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private IndexLine Line(uint number) => new(_memory.Slice((long)number * IndexLine.Size, IndexLine.Size));
}
