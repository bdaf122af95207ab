using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Memory;

/// <summary>
/// Equal pieces of one region, lent to the byte queues of every connection. Running out is an operating error: it is
/// counted and the caller has a defined answer.
/// </summary>
public sealed class ChunkPool
{
    /// <summary>Stands for "no chunk" in links and results.</summary>
    public const int None = -1;

    private readonly Region _region;
    private readonly int[] _next;
    private readonly int _chunkSize;
    private int _firstFree;

    /// <param name="region">The memory to divide; what is left over at its end stays unused.</param>
    /// <param name="chunkSize">Size of a chunk in bytes, at least 64.</param>
    public ChunkPool(Region region, int chunkSize)
    {
        Invariant.Holds(chunkSize >= 64);
        _region = region;
        _chunkSize = chunkSize;
        Count = (int)(region.Length / chunkSize);
        FreeCount = Count;
        _next = new int[Count];
        for (int chunk = 0; chunk < Count; chunk++) _next[chunk] = chunk + 1 < Count ? chunk + 1 : None;
        _firstFree = Count > 0 ? 0 : None;
    }

    /// <summary>Size of a chunk in bytes.</summary>
    public int ChunkSize => _chunkSize;

    /// <summary>How many chunks there are.</summary>
    public int Count { get; }

    /// <summary>How many of them are not lent.</summary>
    public int FreeCount { get; private set; }

    /// <summary>How often a chunk was asked for and refused: none was left, or the asker had its share.</summary>
    public long ExhaustedCount { get; private set; }

    /// <summary>
    /// Bytes that were written into lent chunks since boot, by whoever has them: copies, and what was composed in its place.
    /// </summary>
    public long OctetsIn { get; private set; }

    /// <summary>Bytes that queues have copied out of their chunks. What is read where it lies is not among them.</summary>
    public long OctetsOut { get; private set; }

    /// <summary>Lends a chunk. Its bytes are whatever the last user left there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out int chunk)
    {
        chunk = _firstFree;
        if (chunk == None)
        {
            ExhaustedCount++;
            return false;
        }
        _firstFree = _next[chunk];
        _next[chunk] = None;
        FreeCount--;
        return true;
    }

    /// <summary>Takes a lent chunk back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(int chunk)
    {
        Invariant.Holds(FreeCount < Count);
        _next[chunk] = _firstFree;
        _firstFree = chunk;
        FreeCount++;
    }

    /// <summary>The bytes of a lent chunk.</summary>
    public Span<byte> Octets(int chunk) => _region.Slice(PositionOf(chunk), _chunkSize);

    /// <summary>Where a chunk's bytes begin among those of all.</summary>
    internal long PositionOf(int chunk) => (long)chunk * _chunkSize;

    /// <summary>Bytes at a position; the caller knows that they lie in a lent chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> OctetsAt(long position, int length) => _region.Slice(position, length);

    /// <summary>Counts a refusal that a queue's share of the pool was the reason for.</summary>
    internal void CountRefusal() => ExhaustedCount++;

    /// <summary>To be told by whoever writes into a lent chunk. Hot: once per answer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CountIn(int octets) => OctetsIn += octets;

    /// <summary>Counts what a queue copies out. Hot: once per segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountOut(int octets) => OctetsOut += octets;

    /// <summary>The link of a lent chunk, for whoever rents it to chain it to another.</summary>
    internal ref int Next(int chunk) => ref _next[chunk];
}
