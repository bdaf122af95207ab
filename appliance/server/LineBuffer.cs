using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;

namespace Memcachier.Server;

/// <summary>
/// The beginning of a line, or of a key of a long one, until the rest of it arrives. It has a chunk of the pool only
/// while it holds something.
/// </summary>
internal struct LineBuffer
{
    private readonly ChunkPool _pool;
    private int _chunk;
    private int _start;
    private int _end;

    public LineBuffer(ChunkPool pool)
    {
        _pool = pool;
        _chunk = ChunkPool.None;
    }

    /// <summary>True if the bytes end with what ends the line or key, so that they can be executed.</summary>
    public bool IsComplete { get; private set; }

    public readonly bool IsEmpty => _end == _start;

    public readonly Span<byte> Octets =>
        _chunk == ChunkPool.None ? default : _pool.Octets(_chunk).Slice(_start, _end - _start);

    /// <summary>The most bytes it holds, the line's end not counted.</summary>
    private readonly int Capacity => Math.Min(Limits.LineLengthMax, _pool.ChunkSize);

    /// <summary>Bytes that may still be added to an incomplete line.</summary>
    public readonly int Room => Capacity - (_end - _start);

    /// <summary>Makes sure there is a chunk. Fails if the pool is exhausted.</summary>
    public bool TryOpen() => _chunk != ChunkPool.None || _pool.TryRent(out _chunk);

    /// <summary>Adds to an incomplete line no more than it has room for.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        Invariant.Holds(!IsComplete);
        Invariant.Holds(octets.Length <= Room);
        if (_start > 0) MoveToFront();
        octets.CopyTo(_pool.Octets(_chunk).Slice(_end));
        _end += octets.Length;
        _pool.CountIn(octets.Length);
    }

    /// <summary>
    /// Adds the byte that ends the line or the key. If the chunk has no room for it, it takes the place of the CR
    /// before it, which says nothing; fails if there is none.
    /// </summary>
    public bool TryComplete(byte end)
    {
        if (_start > 0) MoveToFront();
        Span<byte> octets = _pool.Octets(_chunk);
        if (_end == octets.Length)
        {
            if (end != '\n' || octets[_end - 1] != '\r') return false;
            _end--;
        }
        octets[_end++] = end;
        IsComplete = true;
        return true;
    }

    /// <summary>Says that what there is can be executed although no end has been seen.</summary>
    public void CompleteAsIs() => IsComplete = true;

    /// <summary>Drops what was executed; an unfinished rest stays as an incomplete beginning.</summary>
    public void Drop(int count)
    {
        Invariant.Holds(count <= _end - _start);
        _start += count;
        if (_start == _end) Clear();
    }

    /// <summary>Says that what is left is a beginning again.</summary>
    public void Reopen() => IsComplete = false;

    public void Clear()
    {
        if (_chunk != ChunkPool.None) _pool.Return(_chunk);
        _chunk = ChunkPool.None;
        _start = 0;
        _end = 0;
        IsComplete = false;
    }

    private void MoveToFront()
    {
        Span<byte> octets = _pool.Octets(_chunk);
        octets.Slice(_start, _end - _start).CopyTo(octets);
        _end -= _start;
        _start = 0;
    }
}
