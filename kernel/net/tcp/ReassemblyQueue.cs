using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Text that arrived ahead of something missing. Each chunk holds one run of consecutive bytes and says where it belongs;
/// invariant: the runs are in order and do not overlap.
/// </summary>
/// <remarks>
/// <code>
/// chunk:  [ next chunk:32 ][ sequence number:32 ][ length:32 ][ bytes ... ]
/// </code>
/// What is there stays: of a segment that overlaps only the new bytes are kept, so nobody can change text afterwards.
/// </remarks>
internal struct ReassemblyQueue
{
    /// <summary>What a chunk cannot hold of text, in bytes.</summary>
    public const int ChunkOverhead = 12;

    private const int SeqOffset = 4;
    private const int LengthOffset = 8;
    private const int FreePerChunkMin = 8;

    private readonly ChunkPool _pool;
    private readonly int _chunkCountMax;
    private int _head;
    private int _tail;
    private int _chunkCount;

    /// <param name="pool">Where the chunks come from.</param>
    /// <param name="chunkCountMax">The most chunks that are used at once: a bound on the gaps.</param>
    public ReassemblyQueue(ChunkPool pool, int chunkCountMax)
    {
        _pool = pool;
        _chunkCountMax = chunkCountMax;
        _head = ChunkPool.None;
        _tail = ChunkPool.None;
        _chunkCount = 0;
    }

    public readonly bool IsEmpty => _head == ChunkPool.None;

    /// <summary>Keeps text that starts at <paramref name="seq"/>; returns how many bytes of it found no place.</summary>
    public int Insert(SeqNumber seq, ReadOnlySpan<byte> text)
    {
        int previous = ChunkPool.None;
        int current = _head;
        if (_tail != ChunkPool.None && seq >= EndOf(_tail))
        {
            previous = _tail;
            current = ChunkPool.None;
        }
        while (text.Length > 0)
        {
            while (current != ChunkPool.None && EndOf(current) <= seq)
            {
                previous = current;
                current = NextOf(current);
            }
            int count;
            if (current != ChunkPool.None && StartOf(current) <= seq)
            {
                count = Math.Min(EndOf(current) - seq, text.Length);
            }
            else
            {
                int gap = current == ChunkPool.None ? text.Length : Math.Min(StartOf(current) - seq, text.Length);
                count = Extend(previous, seq, text.Slice(0, gap));
                if (count == 0)
                {
                    if (!TryLink(previous, current, seq, out previous)) return text.Length;
                    continue;
                }
            }
            seq += count;
            text = text.Slice(count);
        }
        return 0;
    }

    /// <summary>
    /// The kept bytes from <paramref name="seq"/> on, as far as they lie together. What is before is given back.
    /// </summary>
    public bool TryPeek(SeqNumber seq, out ReadOnlySpan<byte> text)
    {
        text = default;
        while (_head != ChunkPool.None && EndOf(_head) <= seq) DropHead();
        if (_head == ChunkPool.None) return false;
        int skipped = seq - StartOf(_head);
        if (skipped < 0) return false;
        text = _pool.Octets(_head).Slice(ChunkOverhead + skipped, LengthOf(_head) - skipped);
        return true;
    }

    public void Clear()
    {
        while (_head != ChunkPool.None) DropHead();
    }

    /// <summary>Appends to the run that ends at <paramref name="seq"/>, if it does and has room; returns how much.</summary>
    private readonly int Extend(int chunk, SeqNumber seq, ReadOnlySpan<byte> text)
    {
        if (chunk == ChunkPool.None) return 0;
        if (EndOf(chunk) != seq) return 0;
        Span<byte> octets = _pool.Octets(chunk);
        int end = ChunkOverhead + LengthOf(chunk);
        int count = Math.Min(octets.Length - end, text.Length);
        text.Slice(0, count).CopyTo(octets.Slice(end));
        _pool.CountIn(count);
        Write(chunk, LengthOffset, (uint)(LengthOf(chunk) + count));
        return count;
    }

    /// <summary>Puts an empty run at <paramref name="seq"/> between two chunks.</summary>
    private bool TryLink(int previous, int next, SeqNumber seq, out int chunk)
    {
        chunk = previous;
        if (_chunkCount == _chunkCountMax) return false;
        // Text in order must always find chunks, or a gap that fills the pool could never be closed. And since a byte may
        // cost a whole chunk here, one queue gets no more than an eighth of what it leaves to the others.
        if (_pool.FreeCount <= Math.Max(_pool.Count / 8, FreePerChunkMin * _chunkCount)) return false;
        if (!_pool.TryRent(out chunk)) return false;
        _chunkCount++;
        Write(chunk, 0, (uint)next);
        Write(chunk, SeqOffset, seq.Value);
        Write(chunk, LengthOffset, 0);
        if (previous == ChunkPool.None) _head = chunk;
        else Write(previous, 0, (uint)chunk);
        if (next == ChunkPool.None) _tail = chunk;
        return true;
    }

    private void DropHead()
    {
        int chunk = _head;
        _head = NextOf(chunk);
        if (_head == ChunkPool.None) _tail = ChunkPool.None;
        _chunkCount--;
        _pool.Return(chunk);
    }

    private readonly int NextOf(int chunk) => (int)Read(chunk, 0);

    private readonly SeqNumber StartOf(int chunk) => new(Read(chunk, SeqOffset));

    private readonly SeqNumber EndOf(int chunk) => StartOf(chunk) + LengthOf(chunk);

    private readonly int LengthOf(int chunk) => (int)Read(chunk, LengthOffset);

    private readonly uint Read(int chunk, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(_pool.Octets(chunk).Slice(offset));

    private readonly void Write(int chunk, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(_pool.Octets(chunk).Slice(offset), value);
}
