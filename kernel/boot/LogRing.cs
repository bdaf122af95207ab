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

    public void Append(ReadOnlySpan<byte> octets)
    {
        ulong written = BinaryPrimitives.ReadUInt64LittleEndian(Header);
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
        ulong written = BinaryPrimitives.ReadUInt64LittleEndian(Header);
        int count = (int)Math.Min(written, (ulong)Math.Min(Capacity, destination.Length));
        for (int i = 0; i < count; i++)
        {
            ulong position = written - (ulong)(count - i);
            destination[i] = _region.Slice(HeaderSize + (long)(position % (ulong)Capacity), 1)[0];
        }
        return count;
    }
}
