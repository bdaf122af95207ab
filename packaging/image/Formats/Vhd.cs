using System;
using System.Buffers.Binary;

namespace Memcachier.Packaging.Image.Formats;

/// <summary>
/// A VHD of fixed size: the sectors, and a footer (Microsoft, "Virtual Hard Disk Image Format Specification" 1.0). Azure wants
/// a whole number of MiB before the footer.
/// </summary>
internal static class Vhd
{
    private const int FooterSize = 512;
    private const int TimestampOffset = 24, ChecksumOffset = 64, IdOffset = 68;

    /// <summary>Replaces the random identifier and the time, which is then the first second of 2000.</summary>
    public static byte[] WithIdentity(byte[] file, Guid id)
    {
        Span<byte> footer = file.AsSpan(file.Length - FooterSize);
        if (!footer.StartsWith("conectix"u8)) throw new ImageException("qemu-img made something else than a VHD");
        footer.Slice(TimestampOffset, sizeof(uint)).Clear();
        _ = id.TryWriteBytes(footer[IdOffset..], bigEndian: true, out _);
        footer.Slice(ChecksumOffset, sizeof(uint)).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(footer[ChecksumOffset..], Checksum(footer));
        return file;
    }

    /// <summary>The ones' complement of the sum of all bytes.</summary>
    private static uint Checksum(ReadOnlySpan<byte> footer)
    {
        uint sum = 0;
        foreach (byte octet in footer) sum += octet;
        return ~sum;
    }
}
