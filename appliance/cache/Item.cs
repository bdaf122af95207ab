using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memcachier.Cache;

/// <summary>
/// An item where it lies in its segment. Valid until the store's next operation: nothing here is a copy.
/// </summary>
public readonly ref struct Item
{
    private readonly ref ItemHeader _header;
    private readonly Span<byte> _octets;
    private readonly SegmentLog _log;
    private readonly int _keyOffset;

    internal Item(
        SegmentLog log, ref ItemHeader header, Span<byte> octets, int keyOffset, int valueLength, uint location)
    {
        _log = log;
        _header = ref header;
        _octets = octets;
        _keyOffset = keyOffset;
        ValueLength = valueLength;
        Location = location;
    }

    /// <summary>The client's flags.</summary>
    public uint Flags => (Form & ItemForm.HasFlags) == 0 ? 0 : Field(Form.OffsetOf(ItemForm.HasFlags));

    /// <summary>The cas unique.</summary>
    public ulong Cas => _log.CasOf(in this);

    public int ValueLength { get; }

    public ReadOnlySpan<byte> Key => _octets.Slice(_keyOffset, _header.KeyLength);

    /// <summary>
    /// The value's bytes from <paramref name="offset"/> on, as many as lie together; none at its end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ValueAt(int offset) =>
        IsChained ? ValueAtSlow(offset) : _octets.Slice(ValueOffset + offset);

    /// <summary>The second at which it expires, on the scale of <see cref="Lifetime"/>; 0 never.</summary>
    public uint Exptime => HasExptime ? _log.ExptimeOf(in this) : 0;

    /// <summary>Whether it has a field for that.</summary>
    internal bool HasExptime => (Form & (ItemForm.HasExptime | ItemForm.HasNearExptime)) != 0;

    /// <summary>The second of the last store or read, on the scale of <see cref="Lifetime"/>.</summary>
    public uint Time => _header.Time;

    /// <summary>memcached's hit before: whether it was read since it was stored.</summary>
    public bool IsFetched => (_header.Marks & ItemMarks.Fetched) != 0;

    /// <summary>Whether it was invalidated and not stored since.</summary>
    public bool IsStale => (_header.Marks & ItemMarks.Stale) != 0;

    /// <summary>Whether some client has won the right to store a new value.</summary>
    public bool IsWon => (_header.Marks & ItemMarks.Won) != 0;

    internal uint Location { get; }

    internal ref ItemHeader Header => ref _header;

    internal ItemForm Form => _header.Form;

    /// <summary>Bytes it takes in its segment, padding not counted.</summary>
    internal int Length => _octets.Length;

    /// <summary>Bytes it takes altogether, those of its pieces' values included.</summary>
    public long TotalLength => IsChained ? (long)_octets.Length + ValueLength : _octets.Length;

    /// <summary>Whether it is part of another item's value.</summary>
    internal bool IsPiece => _header.KeyLength == 0;

    /// <summary>Whether its value lies in pieces, and here only where they are.</summary>
    internal bool IsChained => ValueLength > _log.PieceLengthMax && !IsPiece;

    /// <summary>Where the pieces of a chained item are, in their order.</summary>
    internal Span<Piece> Pieces => MemoryMarshal.Cast<byte, Piece>(Tail.Slice(Piece.HoldsLength));

    /// <summary>
    /// Leases and reservations of a chained item; while there are any, it holds the segments of its pieces.
    /// </summary>
    internal ref uint Holds => ref MemoryMarshal.AsRef<uint>(Tail);

    internal int ValueOffset => _keyOffset + _header.KeyLength;

    /// <summary>What follows the key: the value, or where its pieces are.</summary>
    internal Span<byte> Tail =>
        _octets.Slice(IsChained ? Piece.Align(ValueOffset) : ValueOffset);

    internal Span<byte> MutableKey => _octets.Slice(_keyOffset, _header.KeyLength);

    internal bool IsLinked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_header.Marks & ItemMarks.Linked) != 0;
    }

    /// <summary>
    /// Whether what is seen of it belongs together: it is not being changed, nor out of date, and was not replaced.
    /// </summary>
    internal bool IsSettled =>
        (_header.MarksNow & (ItemMarks.Linked | ItemMarks.Changing | ItemMarks.Stale)) == ItemMarks.Linked;

    /// <summary>What it has earned, 0 to <see cref="Credits.Max"/>.</summary>
    internal int Credit
    {
        get => (int)(_header.Marks & ItemMarks.CreditMask) / (int)ItemMarks.CreditOne;
        set => _header.Change(ItemMarks.CreditMask, CreditMarks(value));
    }

    /// <summary>The field of a wide item for the upper half of its cas unique.</summary>
    internal ref uint CasHigh => ref Field(ItemHeader.Size);

    /// <summary>The field that <see cref="ItemForm.HasNearExptime"/> promises.</summary>
    internal ref ushort NearExptime =>
        ref MemoryMarshal.AsRef<ushort>(_octets.Slice(Form.OffsetOf(ItemForm.HasNearExptime), sizeof(ushort)));

    /// <summary>A field of 4 bytes.</summary>
    internal ref uint Field(int offset) => ref MemoryMarshal.AsRef<uint>(_octets.Slice(offset, sizeof(uint)));

    /// <summary>Hot: once per item read. Whoever is read often has all marks already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountRead(uint now, Credits credits)
    {
        const ItemMarks All = ItemMarks.Fetched | ItemMarks.CreditMask;
        if ((_header.Marks & All) != All) CountReadSlow(credits);
        if (_header.Time != now) _header.Time = now;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<byte> ValueAtSlow(int offset)
    {
        if (offset == ValueLength) return default;
        int number = offset / _log.PieceLengthMax;
        return _log.At(Pieces[number].Location).Tail.Slice(offset - (number * _log.PieceLengthMax));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountReadSlow(Credits credits)
    {
        int credit = credits.AfterRead(Credit, TotalLength);
        _header.Change(ItemMarks.CreditMask, ItemMarks.Fetched | CreditMarks(credit));
    }

    private static ItemMarks CreditMarks(int credit) => (ItemMarks)(credit * (int)ItemMarks.CreditOne);
}
