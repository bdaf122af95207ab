using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The last bytes of the log in a fixed region, with all of its state in the region too: whoever holds the region can read
/// it, even when nothing else works any more.
/// </summary>
/// <remarks><code>[ bytes written : 8 ][ text, wrapping ]</code></remarks>
public readonly struct LogRing
{
    private const int HeaderSize = sizeof(ulong);

    private readonly Region _region;

    /// <param name="region">Zeroed at the start, more than 8 bytes.</param>
    public LogRing(Region region)
    {
        Invariant.Holds(region.Length > HeaderSize);
        _region = region;
    }

    private int Capacity => (int)_region.Length - HeaderSize;

    private Span<byte> Header => _region.Slice(0, HeaderSize);

    /// <summary>Bytes that were ever appended.</summary>
    public ulong Written => BinaryPrimitives.ReadUInt64LittleEndian(Header);

    public void Append(ReadOnlySpan<byte> octets)
    {
        ulong written = Written;
        for (int i = 0; i < octets.Length; i++)
        {
            _region.Slice(HeaderSize + (long)(written % (ulong)Capacity), 1)[0] = octets[i];
            written++;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(Header, written);
    }

    /// <summary>Copies the newest bytes, oldest first; returns how many, at most <paramref name="destination"/>'s length.</summary>
    public int CopyLast(Span<byte> destination)
    {
        ulong written = Written;
        int count = (int)Math.Min(written, (ulong)Math.Min(Capacity, destination.Length));
        for (int i = 0; i < count; i++)
        {
            ulong position = written - (ulong)(count - i);
            destination[i] = _region.Slice(HeaderSize + (long)(position % (ulong)Capacity), 1)[0];
        }
        return count;
    }

    /// <summary>
    /// Copies the first whole line that begins at a position or after it; fails if there is none yet.
    /// </summary>
    /// <param name="position">
    /// In bytes since the first one; where the line begins that was found. The next one begins behind it and its line feed.
    /// </param>
    /// <param name="line">What is too long for it is cut off.</param>
    /// <param name="length">Of the whole line, without its line feed.</param>
    public bool TryReadLine(ref ulong position, Span<byte> line, out int length)
    {
        ulong written = Written;
        ulong oldest = written - Math.Min(written, (ulong)Capacity);
        length = 0;
        bool isStart = position == 0 && oldest == 0;
        if (position <= oldest && !isStart) position = oldest + 1;
        // A line begins behind the end of another one.
        while (!isStart && position < written && At(position - 1) != '\n') position++;
        for (ulong end = position; end < written; end++)
        {
            byte octet = At(end);
            if (octet == '\n') return true;
            if (length < line.Length) line[length] = octet;
            length++;
        }
        return false;
    }

    private byte At(ulong position) => _region.Slice(HeaderSize + (long)(position % (ulong)Capacity), 1)[0];
}
