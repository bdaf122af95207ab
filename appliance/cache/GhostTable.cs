using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Memcachier.Kernel.Memory;

namespace Memcachier.Cache;

/// <summary>
/// Fingerprints of the keys that were evicted from the small queue not long ago: whoever asks for one of them again has
/// shown that it would have been worth keeping. Lines of 31; a new one takes the place of its line's oldest.
/// </summary>
/// <remarks>
/// <code>
///  [ next:16 ][ fingerprint:16 x 31 ]      64 bytes; 0 is no fingerprint
/// </code>
/// It remembers about as many keys as there are items: older ones say nothing about what the cache could hold. So fewer
/// lines are used when items are few, and fewer fingerprints of each.
/// About one key in two thousand is found although it was never there, when the table is full.
/// </remarks>
internal sealed class GhostTable
{
    private const int LineSize = 64;
    private const int CountPerLineMax = (LineSize / sizeof(ushort)) - 1;
    private const int Half = LineSize / sizeof(ushort) / 2;

    private readonly Region _memory;
    private readonly ulong _lineCountMax;
    private ulong _lineCount;
    private int _countPerLine = CountPerLineMax;

    /// <param name="memory">It need not be clear. Empty: a table that remembers nothing.</param>
    public GhostTable(Region memory)
    {
        _memory = memory;
        _lineCountMax = (ulong)(memory.Length / LineSize);
        _lineCount = _lineCountMax;
        for (ulong line = 0; line < _lineCount; line++) Line(line).Clear();
    }

    /// <summary>Bytes that the table takes.</summary>
    public long Length => _memory.Length;

    /// <summary>Says how many items there are.</summary>
    public void SetItemCount(long count)
    {
        if (_lineCountMax == 0) return;
        // A power of two fewer lines, so that what is remembered is seldom lost by this.
        ulong wanted = (ulong)Math.Max(count / (CountPerLineMax / 2), 1);
        int shift = Math.Max(BitOperations.Log2(_lineCountMax) - BitOperations.Log2(wanted), 0);
        _lineCount = Math.Max(_lineCountMax >> shift, 1);
        _countPerLine = (int)Math.Clamp((ulong)count / _lineCount, 1, CountPerLineMax);
    }

    public void Add(ulong hash)
    {
        if (_lineCount == 0) return;
        Span<ushort> line = Line(LineOf(hash));
        int next = line[0] < _countPerLine ? line[0] : 0;
        line[1 + next] = Fingerprint(hash);
        line[0] = (ushort)(next + 1);
    }

    /// <summary>Forgets a key; true if it was remembered.</summary>
    public bool TryTake(ulong hash)
    {
        if (_lineCount == 0) return false;
        Span<ushort> line = Line(LineOf(hash));
        uint matches = Matches(line, Fingerprint(hash)) & (uint)(((1L << _countPerLine) - 1) << 1);
        if (matches == 0) return false;
        line[BitOperations.TrailingZeroCount(matches)] = 0;
        return true;
    }

    /// <summary>
    /// A bit for each of the line's words that is the fingerprint; the lowest is that of the first word.
    /// </summary>
    private static uint Matches(Span<ushort> line, ushort fingerprint)
    {
        Vector256<ushort> wanted = Vector256.Create(fingerprint);
        Vector256<ushort> lower = Vector256.Equals(Vector256.LoadUnsafe(ref line[0]), wanted);
        Vector256<ushort> upper = Vector256.Equals(Vector256.LoadUnsafe(ref line[CountPerLineMax - Half + 1]), wanted);
        return lower.ExtractMostSignificantBits() | (upper.ExtractMostSignificantBits() << Half);
    }

    // The line by the hash's upper bits, the fingerprint by its lower ones.
    private static ushort Fingerprint(ulong hash) => (ushort)Math.Max(1, (int)(hash & ushort.MaxValue));

    private ulong LineOf(ulong hash) => Math.BigMul(hash, _lineCount, out _);

    private Span<ushort> Line(ulong line) =>
        MemoryMarshal.Cast<byte, ushort>(_memory.Slice((long)line * LineSize, LineSize));
}
