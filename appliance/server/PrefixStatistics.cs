using System;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// stats detail: how often the keys of each prefix, what stands before the delimiter, were asked for, found, stored and
/// deleted. There is room for a thousand prefixes, and for 32 bytes of each on average; further ones are not counted.
/// </summary>
public sealed class PrefixStatistics
{
    /// <summary>The most bytes that a line of the dump has.</summary>
    public const int LineLengthMax = 384;

    /// <summary>Bytes that an object of this class takes, about.</summary>
    public const int Length = TextLength + (CountMax * EntryLength) + (SlotCount * sizeof(short)) + 512;

    private const int CountMax = 1024;
    private const int TextLength = CountMax * 32;
    private const int EntryLength = (4 * sizeof(long)) + (2 * sizeof(int));

    // A power of two; at most half of them are used.
    private const int SlotCount = 2 * CountMax;
    private const short Free = 0;

    private readonly KeyedHash _hash;
    private readonly byte[] _text = new byte[TextLength];
    private readonly int[] _starts = new int[CountMax];
    private readonly int[] _lengths = new int[CountMax];
    private readonly long[] _gets = new long[CountMax];
    private readonly long[] _hits = new long[CountMax];
    private readonly long[] _sets = new long[CountMax];
    private readonly long[] _deletes = new long[CountMax];
    private readonly short[] _slots = new short[SlotCount];
    private int _count;
    private int _textEnd;

    /// <param name="delimiter">What a prefix ends with; a key without it is not counted.</param>
    /// <param name="isEnabled">Whether it counts from the start.</param>
    public PrefixStatistics(byte delimiter, bool isEnabled)
    {
        Delimiter = delimiter;
        IsEnabled = isEnabled;
        // No secret: who chooses prefixes that collide makes a search of a thousand entries, no longer one.
        _hash = new KeyedHash(delimiter);
    }

    /// <summary>What a prefix ends with.</summary>
    public byte Delimiter { get; }

    /// <summary>stats detail on and off.</summary>
    public bool IsEnabled { get; set; }

    public void CountGet(ReadOnlySpan<byte> key, bool isHit)
    {
        if (!TryFind(key, out int entry)) return;
        _gets[entry]++;
        if (isHit) _hits[entry]++;
    }

    public void CountSet(ReadOnlySpan<byte> key)
    {
        if (TryFind(key, out int entry)) _sets[entry]++;
    }

    public void CountDelete(ReadOnlySpan<byte> key)
    {
        if (TryFind(key, out int entry)) _deletes[entry]++;
    }

    /// <summary>stats reset: no prefix is known any more.</summary>
    public void Clear()
    {
        _count = 0;
        _textEnd = 0;
        new Span<short>(_slots).Clear();
    }

    /// <summary>What was counted of a prefix; fails past the last one.</summary>
    /// <param name="index">In the order in which they were seen first.</param>
    /// <param name="prefix">Without the delimiter.</param>
    public bool TryGet(int index, out ReadOnlySpan<byte> prefix, out PrefixNumbers numbers)
    {
        prefix = default;
        numbers = default;
        if (index >= _count) return false;
        prefix = new ReadOnlySpan<byte>(_text, _starts[index], _lengths[index]);
        numbers = new PrefixNumbers(_gets[index], _hits[index], _sets[index], _deletes[index]);
        return true;
    }

    /// <summary>Writes a line of the dump; returns its length, or 0 past the last one.</summary>
    /// <param name="line">At least <see cref="LineLengthMax"/> bytes.</param>
    public int Format(int index, Span<byte> line)
    {
        if (!TryGet(index, out ReadOnlySpan<byte> prefix, out PrefixNumbers numbers)) return 0;
        var text = new LineBuilder(line);
        text.Append("PREFIX "u8);
        text.Append(prefix);
        text.Append(" get "u8);
        text.AppendDecimal((ulong)numbers.Gets);
        text.Append(" hit "u8);
        text.AppendDecimal((ulong)numbers.Hits);
        text.Append(" set "u8);
        text.AppendDecimal((ulong)numbers.Sets);
        text.Append(" del "u8);
        text.AppendDecimal((ulong)numbers.Deletes);
        text.Append(Replies.LineEnd);
        return text.Octets.Length;
    }

    private bool TryFind(ReadOnlySpan<byte> key, out int entry)
    {
        entry = 0;
        int length = key.IndexOf(Delimiter);
        if (length < 0) return false;
        ReadOnlySpan<byte> prefix = key.Slice(0, length);
        // A key in base64 or in the binary protocol may have a line feed, which a line cannot show.
        if (prefix.IndexOf((byte)'\n') >= 0) return false;
        int slot = (int)(_hash.Of(prefix) & (SlotCount - 1));
        while (_slots[slot] != Free)
        {
            entry = _slots[slot] - 1;
            if (prefix.SequenceEqual(new ReadOnlySpan<byte>(_text, _starts[entry], _lengths[entry]))) return true;
            slot = (slot + 1) & (SlotCount - 1);
        }
        if (_count == CountMax || length > TextLength - _textEnd) return false;
        entry = _count++;
        _slots[slot] = (short)_count;
        _starts[entry] = _textEnd;
        _lengths[entry] = length;
        prefix.CopyTo(new Span<byte>(_text, _textEnd, length));
        _textEnd += length;
        _gets[entry] = 0;
        _hits[entry] = 0;
        _sets[entry] = 0;
        _deletes[entry] = 0;
        return true;
    }
}
