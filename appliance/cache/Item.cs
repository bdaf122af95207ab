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

    internal Item(SegmentLog log, ref ItemHeader header, Span<byte> octets, int keyOffset, uint location)
    {
        _log = log;
        _header = ref header;
        _octets = octets;
        _keyOffset = keyOffset;
        Location = location;
    }

    /// <summary>The client's flags.</summary>
    public uint Flags => (Form & ItemForm.HasFlags) == 0 ? 0 : Field(ItemForm.HasFlags);

    /// <summary>The cas unique.</summary>
    public ulong Cas => _log.CasOf(in this);

    public int ValueLength => _octets.Length - ValueOffset;

    public ReadOnlySpan<byte> Key => _octets.Slice(_keyOffset, _header.KeyLength);

    public ReadOnlySpan<byte> Value => MutableValue;

    /// <summary>The second at which it expires, on the scale of <see cref="Lifetime"/>; 0 never.</summary>
    public uint Exptime => (Form & ItemForm.HasExptime) == 0 ? 0 : Field(ItemForm.HasExptime);

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

    internal int ValueOffset => _keyOffset + _header.KeyLength;

    internal Span<byte> MutableKey => _octets.Slice(_keyOffset, _header.KeyLength);

    internal Span<byte> MutableValue => _octets.Slice(ValueOffset);

    internal bool IsLinked
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_header.Marks & ItemMarks.Linked) != 0;
    }

    /// <summary>What it has earned, 0 to <see cref="Credits.Max"/>.</summary>
    internal int Credit
    {
        get => (int)(_header.Marks & ItemMarks.CreditMask) / (int)ItemMarks.CreditOne;
        set => _header.Marks = (_header.Marks & ~ItemMarks.CreditMask) | (ItemMarks)(value * (int)ItemMarks.CreditOne);
    }

    /// <summary>The bytes of an item in its segment, padding not counted.</summary>
    internal static int LengthOf(ItemForm form, int keyLength, int valueLength) =>
        form.PrefixLength() + keyLength + valueLength;

    /// <summary>A field that the form has.</summary>
    internal ref uint Field(ItemForm field) =>
        ref MemoryMarshal.AsRef<uint>(_octets.Slice(Form.OffsetOf(field), ItemHeader.FieldSize));

    internal void CountRead(uint now, Credits credits)
    {
        _header.Marks |= ItemMarks.Fetched;
        Credit = credits.AfterRead(Credit, _octets.Length);
        if (_header.Time != now) _header.Time = now;
    }
}
