using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// The beginning of a request until the rest of it arrives. It has a chunk of the pool only while it holds something.
/// </summary>
internal struct OctetBuffer
{
    private readonly ChunkPool _pool;
    private int _chunk;
    private int _length;

    public OctetBuffer(ChunkPool pool)
    {
        _pool = pool;
        _chunk = ChunkPool.None;
    }

    public readonly bool IsEmpty => _length == 0;

    public readonly ReadOnlySpan<byte> Octets =>
        _chunk == ChunkPool.None ? default : _pool.Octets(_chunk).Slice(0, _length);

    /// <summary>Makes sure there is a chunk. Fails if the pool is exhausted.</summary>
    public bool TryOpen() => _chunk != ChunkPool.None || _pool.TryRent(out _chunk);

    /// <summary>Adds bytes for which the chunk has to have room.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        Invariant.Holds(octets.Length <= _pool.ChunkSize - _length);
        octets.CopyTo(_pool.Octets(_chunk).Slice(_length));
        _length += octets.Length;
        _pool.CountIn(octets.Length);
    }

    public void Clear()
    {
        if (_chunk != ChunkPool.None) _pool.Return(_chunk);
        _chunk = ChunkPool.None;
        _length = 0;
    }
}
