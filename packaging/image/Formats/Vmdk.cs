using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;

namespace Memcachier.Packaging.Image.Formats;

/// <summary>
/// A VMDK that holds its own descriptor, which is text (VMware, "Virtual Disk Format 5.0", hosted sparse extents).
/// </summary>
internal static class Vmdk
{
    // [ "KDMV" ][ version:32 ][ flags:32 ][ capacity:64 ][ grain:64 ][ descriptor:64 ][ its size:64 ]...  in sectors
    private const int DescriptorOffset = 28, DescriptorSizeOffset = 36;
    private const string ContentId = "CID=";

    /// <summary>What says that there is none.</summary>
    private const uint None = uint.MaxValue;

    /// <summary>Replaces the random number that changes whenever the disk's content does.</summary>
    public static byte[] WithContentId(byte[] file, uint contentId)
    {
        if (!file.AsSpan().StartsWith("KDMV"u8)) throw new ImageException("qemu-img made something else than a VMDK");
        long sector = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(DescriptorOffset));
        long sectorCount = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(DescriptorSizeOffset));
        Span<byte> area = file.AsSpan(
            (int)sector * DiskLayout.SectorSize, (int)sectorCount * DiskLayout.SectorSize);
        string[] lines = Encoding.ASCII.GetString(area).TrimEnd('\0').Split('\n');
        int at = Array.FindIndex(lines, line => line.StartsWith(ContentId, StringComparison.Ordinal));
        if (at < 0) throw new ImageException("qemu-img made a VMDK without a content ID");
        // qemu-img writes as many digits as the number has.
        lines[at] = $"{ContentId}{(contentId >= None - 1 ? 0 : contentId):x8}";
        area.Clear();
        _ = Encoding.ASCII.GetBytes(string.Join('\n', lines.AsEnumerable()), area);
        return file;
    }
}
