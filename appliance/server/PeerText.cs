using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Server;

/// <summary>Addresses as text.</summary>
internal static class PeerText
{
    /// <summary>Four numbers of up to three digits, and dots.</summary>
    public const int AddressLengthMax = 15;

    /// <summary>Writes an address; its length.</summary>
    public static int FormatAddress(uint address, Span<byte> destination)
    {
        var text = new LineBuilder(destination);
        AppendAddress(ref text, address);
        return text.Octets.Length;
    }

    /// <summary>memcached's form in stats conns: tcp:ADDRESS:PORT.</summary>
    public static void AppendEnd(ref LineBuilder line, uint address, ushort port)
    {
        line.Append("tcp:"u8);
        AppendAddress(ref line, address);
        line.Append(":"u8);
        line.AppendDecimal(port);
    }

    private static void AppendAddress(ref LineBuilder line, uint address)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            line.AppendDecimal((address >> shift) & byte.MaxValue);
            if (shift > 0) line.Append("."u8);
        }
    }
}
