using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>
/// A few buffers for requests that do not come in one piece. When all are lent, whoever has held one longest loses it:
/// a client that sends a head slowly can never keep another one out.
/// </summary>
public sealed class HttpBufferPool
{
    /// <summary>No buffer, or no connection.</summary>
    public const int None = -1;

    private readonly byte[] _octets;
    private readonly int[] _owners;
    private readonly long[] _rentedMicros;
    private int _evicted = None;

    /// <param name="count">At least 1.</param>
    /// <param name="size">Of each in bytes, at least <see cref="HttpLimits.HeadLengthMax"/>.</param>
    public HttpBufferPool(int count, int size)
    {
        Invariant.Holds(count >= 1);
        Invariant.Holds(size >= HttpLimits.HeadLengthMax);
        Size = size;
        FreeCount = count;
        _octets = new byte[count * size];
        _owners = new int[count];
        _rentedMicros = new long[count];
        for (int i = 0; i < count; i++) _owners[i] = None;
    }

    /// <summary>Of a buffer, in bytes.</summary>
    public int Size { get; }

    public int Count => _owners.Length;

    public int FreeCount { get; private set; }

    /// <summary>
    /// Lends a buffer to the connection <paramref name="owner"/>, which holds none. If it had to be taken from another
    /// one, <see cref="TryTakeEvicted"/> says from whom; that must be asked before the next call.
    /// </summary>
    internal int Rent(int owner, long nowMicros)
    {
        Invariant.Holds(_evicted == None);
        int buffer = 0;
        for (int i = 0; i < _owners.Length; i++)
        {
            if (_owners[i] == None)
            {
                buffer = i;
                break;
            }
            Invariant.Holds(_owners[i] != owner);
            if (_rentedMicros[i] < _rentedMicros[buffer]) buffer = i;
        }
        if (_owners[buffer] == None) FreeCount--;
        else _evicted = _owners[buffer];
        _owners[buffer] = owner;
        _rentedMicros[buffer] = nowMicros;
        return buffer;
    }

    /// <summary>Says once who has lost its buffer.</summary>
    internal bool TryTakeEvicted(out int owner)
    {
        owner = _evicted;
        _evicted = None;
        return owner != None;
    }

    internal Span<byte> Octets(int buffer, int owner)
    {
        Invariant.Holds(_owners[buffer] == owner);
        return new Span<byte>(_octets, buffer * Size, Size);
    }

    internal void Return(int buffer, int owner)
    {
        Invariant.Holds(_owners[buffer] == owner);
        _owners[buffer] = None;
        FreeCount++;
    }
}
