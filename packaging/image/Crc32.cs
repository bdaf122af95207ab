using System;

namespace Memcachier.Packaging.Image;

/// <summary>The CRC of UEFI's partition table: polynomial 0x04C11DB7, reflected, as in Ethernet (UEFI 2.10 §4.2.1).</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB8_8320;

    public static uint Of(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in octets)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (Polynomial & (0u - (crc & 1)));
        }
        return ~crc;
    }
}
