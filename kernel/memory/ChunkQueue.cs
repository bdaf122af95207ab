using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Memory;

/// <summary>
/// A first-in, first-out queue of bytes in chunks of a <see cref="ChunkPool"/>. Invariant: the bytes lie in a chain of
/// ceil((HeadOffset + Length) / chunk size) chunks; an empty queue holds none.
/// </summary>
/// <remarks>
/// The queues share the pool by a dynamic threshold (Choudhury and Hahne, 1998): a queue that holds chunks gets another
/// one only while at least as many are free as it holds. So n greedy queues leave about 1/(n+1) of the pool to everybody else,
/// and one alone may take half. However many they are, the last sixteenth is for first chunks: an empty queue gets its
/// first one while there is any.
/// <code>
///   head                                tail
///   [....bytes] -> [bytesbytes] -> [bytes.....]
///    ^ head offset                       ^^^^^^ end, tail room
/// </code>
/// </remarks>
public sealed class ChunkQueue
{
    private const int ReservedPart = 16;

    private readonly ChunkPool _pool;
    private int _head = ChunkPool.None;
    private int _tail = ChunkPool.None;
    private int _headOffset;
    private int _tailRoom;
    private long _end;

    /// <param name="pool">Where the chunks come from.</param>
    /// <param name="capacity">See <see cref="Capacity"/>.</param>
    public ChunkQueue(ChunkPool pool, int capacity)
    {
        _pool = pool;
        Capacity = capacity;
    }

    /// <summary>
    /// The most bytes that are appended; a setting, not a reservation. A queue that is set to less than it holds takes
    /// nothing more until it holds less.
    /// </summary>
    public int Capacity { get; set; }

    /// <summary>Bytes in the queue.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that may still be appended before the capacity is reached (the pool may run out earlier).</summary>
    public int Room
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Math.Max(Capacity - Length, 0);
    }

    // What lies before the bytes, they, and what is left behind them fill the chunks.
    private int ChunkCount => (_headOffset + Length + _tailRoom) / _pool.ChunkSize;

    /// <summary>Appends as many of <paramref name="octets"/> as fit; returns how many did. Hot: the usual case.</summary>
    public int Append(ReadOnlySpan<byte> octets)
    {
        int length = octets.Length;
        if (length >= _tailRoom || length > Capacity - Length) return AppendSlow(octets);
        octets.CopyTo(_pool.OctetsAt(_end, length));
        Extend(length);
        return length;
    }

    /// <summary>Appends all of <paramref name="octets"/>, or nothing and fails.</summary>
    public bool TryAppend(ReadOnlySpan<byte> octets)
    {
        if (!HasSpace(octets.Length)) return false;
        int appended = Append(octets);
        Invariant.Holds(appended == octets.Length);
        return true;
    }

    /// <summary>
    /// True if <paramref name="count"/> bytes can be appended now: neither the capacity nor the pool stands against it.
    /// Hot: the usual case.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool HasSpace(int count) => (count <= _tailRoom && count <= Capacity - Length) || HasSpaceSlow(count);

    /// <summary>
    /// Contiguous space at the end, to be filled and then given to <see cref="Advance"/>; empty if the queue is at its
    /// capacity or at its share of the pool. Hot: the usual case.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan()
    {
        int length = Math.Min(_tailRoom, Capacity - Length);
        return length > 0 ? _pool.OctetsAt(_end, length) : GetSpanSlow();
    }

    /// <summary>Makes the first <paramref name="count"/> bytes of the last <see cref="GetSpan"/> part of the queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        Invariant.Holds((uint)count <= (uint)_tailRoom);
        Invariant.Holds(count <= Capacity - Length);
        Extend(count);
        if (Length == 0) Clear();
    }

    /// <summary>The contiguous bytes at <paramref name="offset"/>; empty only at the end of the queue.</summary>
    public Span<byte> Peek(int offset = 0)
    {
        Invariant.Holds((uint)offset <= (uint)Length);
        if (offset == Length) return default;
        int chunk = _head;
        int position = _headOffset + offset;
        while (position >= _pool.ChunkSize)
        {
            position -= _pool.ChunkSize;
            chunk = _pool.Next(chunk);
        }
        int length = Math.Min(_pool.ChunkSize - position, Length - offset);
        return _pool.OctetsAt(_pool.PositionOf(chunk) + position, length);
    }

    /// <summary>Copies the bytes from <paramref name="offset"/> on until <paramref name="destination"/> is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(int offset, Span<byte> destination)
    {
        Invariant.Holds((uint)offset <= (uint)Length);
        Invariant.Holds(destination.Length <= Length - offset);
        _pool.CountOut(destination.Length);
        int position = _headOffset + offset;
        if (destination.Length == 0 || destination.Length > _pool.ChunkSize - position) CopySlow(offset, destination);
        else _pool.OctetsAt(_pool.PositionOf(_head) + position, destination.Length).CopyTo(destination);
    }

    /// <summary>Removes <paramref name="count"/> bytes from the front and returns the chunks they emptied.</summary>
    public void Drop(int count)
    {
        Invariant.Holds((uint)count <= (uint)Length);
        Length -= count;
        if (Length == 0)
        {
            Clear();
            return;
        }
        _headOffset += count;
        while (_headOffset >= _pool.ChunkSize)
        {
            _headOffset -= _pool.ChunkSize;
            int emptied = _head;
            _head = _pool.Next(emptied);
            _pool.Return(emptied);
        }
    }

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        while (_head != ChunkPool.None)
        {
            int chunk = _head;
            _head = _pool.Next(chunk);
            _pool.Return(chunk);
        }
        _tail = ChunkPool.None;
        _headOffset = 0;
        _tailRoom = 0;
        Length = 0;
    }

    // The bytes need another chunk, or more than one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasSpaceSlow(int count)
    {
        if (count > Room) return false;
        if (count <= _tailRoom) return true;
        if (_head == ChunkPool.None && count <= _pool.ChunkSize) return _pool.FreeCount > 0;
        int chunks = (count - _tailRoom + _pool.ChunkSize - 1) / _pool.ChunkSize;
        // The last of them is the one that is hardest to get.
        return MayHold(ChunkCount + chunks - 1, _pool.FreeCount - chunks + 1);
    }

    // The last chunk is full, there is none, or there may not be more bytes.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Span<byte> GetSpanSlow()
    {
        if (Room == 0) return default;
        if (!MayHold(ChunkCount, _pool.FreeCount))
        {
            _pool.CountRefusal();
            return default;
        }
        bool isRented = _pool.TryRent(out int chunk);
        Invariant.Holds(isRented);
        Link(chunk);
        return _pool.OctetsAt(_end, Math.Min(_tailRoom, Room));
    }

    // There are no bytes, or they lie elsewhere than in the first chunk, or not only there.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CopySlow(int offset, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            Span<byte> part = Peek(offset);
            if (part.Length > destination.Length) part = part.Slice(0, destination.Length);
            part.CopyTo(destination);
            destination = destination.Slice(part.Length);
            offset += part.Length;
        }
    }

    // The rare case: the bytes go into several chunks, or not all of them fit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AppendSlow(ReadOnlySpan<byte> octets)
    {
        int appended = 0;
        while (appended < octets.Length)
        {
            Span<byte> place = GetSpan();
            if (place.Length == 0) break;
            ReadOnlySpan<byte> part = octets.Slice(appended);
            if (part.Length > place.Length) part = part.Slice(0, place.Length);
            part.CopyTo(place);
            Advance(part.Length);
            appended += part.Length;
        }
        return appended;
    }

    /// <summary>Whether a queue with <paramref name="held"/> chunks may take one of <paramref name="free"/>.</summary>
    private bool MayHold(int held, int free)
    {
        if (held == 0) return free > 0;
        return free >= held && free > _pool.Count / ReservedPart;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Extend(int count)
    {
        _end += count;
        _tailRoom -= count;
        Length += count;
        _pool.CountIn(count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(int chunk)
    {
        if (_tail == ChunkPool.None) _head = chunk;
        else _pool.Next(_tail) = chunk;
        _tail = chunk;
        _tailRoom = _pool.ChunkSize;
        _end = _pool.PositionOf(chunk);
    }
}
