using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// What a PVH loader tells (Xen's x86/HVM direct boot ABI, struct hvm_start_info): the memory map, the command line, the
/// address of the ACPI tables. All of it lies in memory that is not ours to keep.
/// </summary>
public readonly struct PvhStartInfo
{
    private const int Size = 56;
    private const uint MagicValue = 0x336E_C578;
    private const int VersionOffset = 4;
    private const int ModuleCountOffset = 12;
    private const int ModulesOffset = 16;
    private const int ModuleSize = 32;
    private const int ModuleCommandLineOffset = 16;
    private const int ModuleCountMax = 16;
    private const int CommandLineOffset = 24;
    private const int RsdpOffset = 32;
    private const int MemoryMapOffset = 40;
    private const int MemoryMapEntriesOffset = 48;
    private const int MemoryMapEntrySize = 24;

    // Firmware with 10,000 of them has not been seen, and a count that lies should not keep a boot for long.
    private const uint MemoryMapEntriesMax = 4096;
    private const uint FirstVersionWithMemoryMap = 1;
    private const uint UsableRam = 1;

    private readonly Region _physical;
    private readonly long _address;

    private PvhStartInfo(Region physical, long address)
    {
        _physical = physical;
        _address = address;
    }

    /// <summary>The address of the ACPI root pointer, or 0 if the loader gave none.</summary>
    public ulong RsdpAddress => BinaryPrimitives.ReadUInt64LittleEndian(Field(RsdpOffset, sizeof(ulong)));

    /// <summary>
    /// The address of SMBIOS's entry point, which our own loaders give where it cannot be searched for, as a module whose
    /// command line is "smbios"; 0 if there is none.
    /// </summary>
    public ulong SmbiosAddress
    {
        get
        {
            uint count = BinaryPrimitives.ReadUInt32LittleEndian(Field(ModuleCountOffset, sizeof(uint)));
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(Field(ModulesOffset, sizeof(ulong)));
            for (uint i = 0; start != 0 && i < count && i < ModuleCountMax; i++)
            {
                ulong place = start + (i * ModuleSize);
                if (place > (ulong)(_physical.Length - ModuleSize)) break;
                ReadOnlySpan<byte> module = _physical.Slice((long)place, ModuleSize);
                ulong name = BinaryPrimitives.ReadUInt64LittleEndian(module.Slice(ModuleCommandLineOffset));
                if (name == 0 || name > (ulong)(_physical.Length - SmbiosName.Length)) continue;
                if (_physical.Slice((long)name, SmbiosName.Length).SequenceEqual(SmbiosName))
                {
                    return BinaryPrimitives.ReadUInt64LittleEndian(module);
                }
            }
            return 0;
        }
    }

    private static ReadOnlySpan<byte> SmbiosName => "smbios\0"u8;

    /// <summary>Fails if there is no start info with a memory map at <paramref name="address"/>.</summary>
    /// <param name="physical">Physical memory from address 0 on, as far as it is mapped.</param>
    /// <param name="address">What the loader left in EBX.</param>
    public static bool TryRead(Region physical, ulong address, out PvhStartInfo info)
    {
        info = default;
        if (address == 0 || address > (ulong)(physical.Length - Size)) return false;
        var candidate = new PvhStartInfo(physical, (long)address);
        if (BinaryPrimitives.ReadUInt32LittleEndian(candidate.Field(0, 4)) != MagicValue) return false;
        if (BinaryPrimitives.ReadUInt32LittleEndian(candidate.Field(VersionOffset, 4)) < FirstVersionWithMemoryMap) return false;
        info = candidate;
        return true;
    }

    /// <summary>
    /// Copies the command line; returns its length. One that is longer than <paramref name="destination"/> ends before the
    /// word that does not fit: half an option may mean something else.
    /// </summary>
    /// <param name="destination">Where to.</param>
    /// <param name="isCut">Whether there is more of it.</param>
    public int CopyCommandLine(Span<byte> destination, out bool isCut)
    {
        isCut = false;
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(Field(CommandLineOffset, sizeof(ulong)));
        if (start == 0 || start >= (ulong)_physical.Length) return 0;
        // One byte more, for the end of a line that just fits.
        int available = (int)Math.Min(destination.Length + 1L, _physical.Length - (long)start);
        ReadOnlySpan<byte> text = _physical.Slice((long)start, available);
        int end = text.IndexOf((byte)0);
        if (end >= 0) text = text.Slice(0, end);
        isCut = text.Length > destination.Length;
        if (isCut) text = text.Slice(0, Math.Max(text.LastIndexOf((byte)' '), 0));
        text.CopyTo(destination);
        return text.Length;
    }

    /// <summary>
    /// Gives <paramref name="map"/> what is usable: the entries that say so, less whatever any other entry covers. Lists
    /// may overlap, be out of order and have empty entries. Fails if there is no list, or one that cannot be read to its
    /// end: what is not read might say that something is not usable after all.
    /// </summary>
    public bool TryReadMemoryMap(MemoryMap map)
    {
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(Field(MemoryMapOffset, sizeof(ulong)));
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(Field(MemoryMapEntriesOffset, sizeof(uint)));
        if (start == 0 || count > MemoryMapEntriesMax) return false;
        if (start > (ulong)_physical.Length || count * MemoryMapEntrySize > (ulong)_physical.Length - start) return false;
        VisitEntries(map, (long)start, (int)count, isUsable: true);
        VisitEntries(map, (long)start, (int)count, isUsable: false);
        return true;
    }

    private void VisitEntries(MemoryMap map, long start, int count, bool isUsable)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = _physical.Slice(start + (i * MemoryMapEntrySize), MemoryMapEntrySize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(16)) == UsableRam != isUsable) continue;
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(entry.Slice(8));
            if (isUsable) map.Add(address, length);
            else map.Remove(address, length);
        }
    }

    private Span<byte> Field(int offset, int length) => _physical.Slice(_address + offset, length);
}
