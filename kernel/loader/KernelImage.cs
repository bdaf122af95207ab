using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Loader;

/// <summary>
/// A kernel's file: ELF64 (System V ABI) with the note that names a PVH entry point (Xen's x86/HVM direct boot ABI). All of
/// it is checked before anything is believed: the file comes from a disk that anybody may have written.
/// </summary>
public readonly struct KernelImage
{
    /// <summary>The name of the file, in the root directory of the disk's EFI system partition.</summary>
    public static ReadOnlySpan<byte> FileName => "memcachier.elf"u8;

    /// <summary>More segments than a kernel has.</summary>
    public const int SegmentCountMax = 16;

    private const int HeaderLength = 64, ProgramHeaderLength = 56, NoteHeaderLength = 12;
    private const ushort TypeExecutable = 2, MachineX64 = 62;
    private const uint TypeLoad = 1, TypeNote = 4;
    private const uint XenNotePhysicalEntry = 18;
    private const ulong AddressMin = 0x10_0000;
    private const ulong AddressLimit = 1UL << 32;

    // kernel/boot's first arena is half of it.
    private const ulong HeadRoom = 1 << 20;

    private readonly int _headersOffset;
    private readonly int _headerCount;

    private KernelImage(int headersOffset, int headerCount, uint entry, ulong start, ulong end)
    {
        _headersOffset = headersOffset;
        _headerCount = headerCount;
        Entry = entry;
        Start = start;
        End = end;
    }

    /// <summary>The physical address of the PVH entry point: 32-bit code.</summary>
    public uint Entry { get; }

    /// <summary>The lowest physical address of a segment, at least 1 MiB.</summary>
    public ulong Start { get; }

    /// <summary>The address behind the last segment, at most 4 GiB.</summary>
    public ulong End { get; }

    /// <summary>
    /// The address behind what it takes before it has read the memory map: its segments, and the memory that it begins with.
    /// </summary>
    public ulong MemoryEnd => End + HeadRoom;

    /// <summary>Checks a kernel's file.</summary>
    public static KernelFault Read(ReadOnlySpan<byte> file, out KernelImage image)
    {
        image = default;
        if (file.Length < HeaderLength || !IsOurElf(file)) return KernelFault.NotElf;
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(32));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(56));
        if (BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(54)) != ProgramHeaderLength) return KernelFault.NotElf;
        if (count is 0 or > SegmentCountMax) return KernelFault.BadSegments;
        if (!IsInside(file, offset, (ulong)(count * ProgramHeaderLength))) return KernelFault.Truncated;

        var candidate = new KernelImage((int)offset, count, 0, 0, 0);
        KernelFault fault = candidate.CheckSegments(file, out ulong start, out ulong end);
        if (fault != KernelFault.None) return fault;
        if (!candidate.TryFindEntry(file, out uint entry) || !candidate.IsLoaded(file, entry)) return KernelFault.NoEntry;
        image = new KernelImage((int)offset, count, entry, start, end);
        return KernelFault.None;
    }

    /// <summary>Takes the next segment, in the file's order.</summary>
    /// <param name="file">The file that this was read from.</param>
    /// <param name="cursor">0 for the first; advanced.</param>
    public bool TryNext(ReadOnlySpan<byte> file, ref int cursor, out KernelSegment segment)
    {
        segment = default;
        while (cursor < _headerCount)
        {
            ReadOnlySpan<byte> header = Header(file, cursor++);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != TypeLoad) continue;
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(40));
            if (length == 0) continue;
            segment = new KernelSegment(
                (int)BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(8)),
                (int)BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(32)),
                BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(24)),
                length);
            return true;
        }
        return false;
    }

    // 64 bits, little-endian, version 1.
    private static bool IsOurElf(ReadOnlySpan<byte> file) =>
        file.StartsWith("\u007FELF\u0002\u0001\u0001"u8)
        && BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(16)) == TypeExecutable
        && BinaryPrimitives.ReadUInt16LittleEndian(file.Slice(18)) == MachineX64;

    private static bool IsInside(ReadOnlySpan<byte> file, ulong offset, ulong length) =>
        offset <= (ulong)file.Length && length <= (ulong)file.Length - offset;

    private ReadOnlySpan<byte> Header(ReadOnlySpan<byte> file, int index) =>
        file.Slice(_headersOffset + (index * ProgramHeaderLength), ProgramHeaderLength);

    private KernelFault CheckSegments(ReadOnlySpan<byte> file, out ulong start, out ulong end)
    {
        start = 0;
        end = 0;
        for (int i = 0; i < _headerCount; i++)
        {
            ReadOnlySpan<byte> header = Header(file, i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != TypeLoad) continue;
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(24));
            ulong fileLength = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(32));
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(40));
            if (!IsInside(file, BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(8)), fileLength)) return KernelFault.Truncated;
            if (fileLength > length || address < AddressMin) return KernelFault.BadSegments;
            if (address >= AddressLimit || length > AddressLimit - address) return KernelFault.BadSegments;
            if (length == 0) continue;
            // "Loadable segment entries appear in ascending order", so the last one's end is enough to see an overlap.
            if (address < end) return KernelFault.BadSegments;
            if (end == 0) start = address;
            end = address + length;
        }
        return end == 0 ? KernelFault.BadSegments : KernelFault.None;
    }

    private bool TryFindEntry(ReadOnlySpan<byte> file, out uint entry)
    {
        entry = 0;
        for (int i = 0; i < _headerCount; i++)
        {
            ReadOnlySpan<byte> header = Header(file, i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != TypeNote) continue;
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(8));
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(32));
            if (IsInside(file, offset, length) && TryFindNote(file.Slice((int)offset, (int)length), out entry)) return true;
        }
        return false;
    }

    /// <summary>Name and descriptor of a note are padded to four bytes each.</summary>
    private static bool TryFindNote(ReadOnlySpan<byte> notes, out uint entry)
    {
        entry = 0;
        while (notes.Length >= NoteHeaderLength)
        {
            ulong nameRoom = (BinaryPrimitives.ReadUInt32LittleEndian(notes) + 3UL) & ~3UL;
            uint valueLength = BinaryPrimitives.ReadUInt32LittleEndian(notes.Slice(4));
            ulong valueRoom = (valueLength + 3UL) & ~3UL;
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(notes.Slice(8));
            notes = notes.Slice(NoteHeaderLength);
            if (nameRoom + valueRoom > (ulong)notes.Length) return false;
            ReadOnlySpan<byte> value = notes.Slice((int)nameRoom, (int)valueLength);
            if (type == XenNotePhysicalEntry && nameRoom == 4 && notes.StartsWith("Xen\0"u8) && value.Length >= 4)
            {
                entry = BinaryPrimitives.ReadUInt32LittleEndian(value);
                return true;
            }
            notes = notes.Slice((int)(nameRoom + valueRoom));
        }
        return false;
    }

    private bool IsLoaded(ReadOnlySpan<byte> file, uint address)
    {
        int cursor = 0;
        while (TryNext(file, ref cursor, out KernelSegment segment))
        {
            if (address >= segment.Address && address < segment.Address + (ulong)segment.FileLength) return true;
        }
        return false;
    }
}
