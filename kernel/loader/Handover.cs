using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Loader;

/// <summary>
/// What the loader's last code does (HandoverCode of the boot assembler), as a list that it reads: copies, each with zeros behind,
/// all below 4 GiB.
/// </summary>
/// <remarks>A number of copies, then for each: source, target, bytes copied, bytes of zeros; numbers of 32 bits.</remarks>
public static class Handover
{
    /// <summary>Room for the longest list in bytes.</summary>
    public const int RoomLength = 4 + (KernelImage.SegmentCountMax * EntryLength);

    private const int EntryLength = 16;

    /// <summary>Writes the list that places a kernel.</summary>
    /// <param name="image">The kernel.</param>
    /// <param name="file">Its file.</param>
    /// <param name="fileAddress">Where the file lies, all of it below 4 GiB.</param>
    /// <param name="list">Where the list goes, <see cref="RoomLength"/> bytes.</param>
    public static void Write(in KernelImage image, ReadOnlySpan<byte> file, uint fileAddress, Span<byte> list)
    {
        int count = 0, cursor = 0;
        Span<byte> rest = list.Slice(4);
        while (image.TryNext(file, ref cursor, out KernelSegment segment))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, fileAddress + (uint)segment.FileOffset);
            BinaryPrimitives.WriteUInt32LittleEndian(rest.Slice(4), (uint)segment.Address);
            BinaryPrimitives.WriteUInt32LittleEndian(rest.Slice(8), (uint)segment.FileLength);
            BinaryPrimitives.WriteUInt32LittleEndian(rest.Slice(12), (uint)(segment.Length - (ulong)segment.FileLength));
            rest = rest.Slice(EntryLength);
            count++;
        }
        BinaryPrimitives.WriteUInt32LittleEndian(list, (uint)count);
    }
}
