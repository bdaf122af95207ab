using System;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Replay;

/// <summary>Requests on their way from the trace to a connection.</summary>
internal sealed class ReplayBatch
{
    private const int RequestCountMax = 512;
    private const int KeyBytes = 32 * RequestCountMax;

    private readonly Entry[] _entries = new Entry[RequestCountMax];
    private readonly byte[] _keys = new byte[KeyBytes];
    private int _keyBytesUsed;

    public int Count { get; private set; }

    public bool IsFull => Count == RequestCountMax || KeyBytes - _keyBytesUsed < Limits.KeyLengthMax;

    /// <summary>The batch is not full.</summary>
    public void Add(ReadOnlySpan<byte> key, ulong hash, int size, long position)
    {
        key.CopyTo(_keys.AsSpan(_keyBytesUsed));
        _entries[Count++] = new Entry(hash, position, size, _keyBytesUsed, key.Length);
        _keyBytesUsed += key.Length;
    }

    public ref readonly Entry this[int index] => ref _entries[index];

    public ReadOnlySpan<byte> Key(in Entry entry) => _keys.AsSpan(entry.KeyOffset, entry.KeyLength);

    /// <param name="Hash">The key's.</param>
    /// <param name="Position">The request's place in the trace, from 0.</param>
    /// <param name="Size">Bytes of the value.</param>
    /// <param name="KeyOffset">Where the key begins in the batch's keys.</param>
    /// <param name="KeyLength">Bytes of the key.</param>
    internal readonly record struct Entry(ulong Hash, long Position, int Size, int KeyOffset, int KeyLength);
}
