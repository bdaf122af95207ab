using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Memcachier.Kernel.Loader.Bios;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Loader.Bios;

/// <summary>
/// A BIOS as the loader sees it: its functions read and write physical memory by segment and offset, and leave rubbish in every
/// register that they do not name.
/// </summary>
internal sealed class BiosModel
{
    public const byte Drive = 0x80;
    public const ulong Kibibyte = 1024, Mebibyte = 1024 * Kibibyte;

    private const uint Rubbish = 0xDEAD_BEEF;

    [ThreadStatic]
    private static Region s_memory;

    public BiosModel(byte[] disk)
    {
        // One machine at a time, on one thread: the memory is large, and tests are many.
        if (s_memory.Length == 0) s_memory = HostMemory.Allocate(BiosMemory.Length);
        s_memory.Slice(0, (int)BiosMemory.Length).Fill(0xA5);
        Disk = disk;
        SectorCount = (ulong)disk.Length / 512;
    }

    public Region Memory => s_memory;

    public byte[] Disk { get; }

    public ulong SectorCount { get; set; }

    public ushort SectorSize { get; set; } = 512;

    public bool HasParameters { get; set; } = true;

    /// <summary>Sectors that cannot be read.</summary>
    public HashSet<ulong> BadSectors { get; } = [];

    /// <summary>Reads that fail before one succeeds, and again after each that does.</summary>
    public int FailuresPerRead { get; set; }

    public int Resets { get; private set; }

    /// <summary>The reads that succeeded: first sector, and how many.</summary>
    public List<(ulong Sector, int Count)> Reads { get; } = [];

    /// <summary>The memory map: start, length, type, attributes.</summary>
    public List<(ulong Start, ulong Length, uint Type, uint Attributes)> Map { get; } =
    [
        (0, 639 * Kibibyte, 1, 1),
        (639 * Kibibyte, Kibibyte, 2, 1),
        (960 * Kibibyte, 64 * Kibibyte, 2, 1),
        (Mebibyte, 127 * Mebibyte, 1, 1),
        (128 * Mebibyte - 128 * Kibibyte, 128 * Kibibyte, 3, 1),
    ];

    /// <summary>What function E820h says that it wrote.</summary>
    public uint MapEntryLength { get; set; } = 24;

    /// <summary>False: the attributes stay as they were, whatever length is told.</summary>
    public bool MapHasAttributes { get; set; } = true;

    /// <summary>The list goes on for ever, from its start again.</summary>
    public bool MapIsEndless { get; set; }

    /// <summary>The end of the list is told by the carry flag, one call too late.</summary>
    public bool MapEndsByCarry { get; set; }

    public bool HasMap { get; set; } = true;

    public int MapCalls { get; private set; }

    public int OtherCalls { get; private set; }

    private int _failures;

    public void Call(byte interrupt, ref BiosRegisters registers)
    {
        Assert(registers.Flags == 0);
        switch (interrupt, registers.Eax >> 8)
        {
            case (0x13, 0x42): ReadSectors(ref registers); break;
            case (0x13, 0x48): ReadParameters(ref registers); break;
            case (0x13, 0x00): Resets++; registers.Flags = 0; break;
            case (0x15, 0xE8): ReadMap(ref registers); break;
            default: OtherCalls++; registers.Flags = 1; break;
        }
        registers.Esi = Rubbish;
        registers.Edi = Rubbish;
    }

    private static void Assert(bool condition)
    {
        if (!condition) throw new InvalidOperationException("the firmware was called in a way that is not its own");
    }

    private Span<byte> At(ushort segment, uint offset, int length)
    {
        Assert(offset + (uint)length <= 0x1_0000);
        long address = ((long)segment << 4) + offset;
        Assert(address + length <= 1 << 20);
        return Memory.Slice(address, length);
    }

    private void ReadSectors(ref BiosRegisters registers)
    {
        Assert((byte)registers.Edx == Drive);
        Span<byte> packet = At(registers.Ds, registers.Esi, 16);
        Assert(packet[0] == 16 && packet[1] == 0);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(packet[2..]);
        ushort offset = BinaryPrimitives.ReadUInt16LittleEndian(packet[4..]);
        ushort segment = BinaryPrimitives.ReadUInt16LittleEndian(packet[6..]);
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(packet[8..]);
        Assert(count is >= 1 and <= 127);
        Span<byte> target = At(segment, offset, count * 512);
        long address = ((long)segment << 4) + offset;
        Assert(address >> 16 == (address + (count * 512) - 1) >> 16);
        Assert(sector + (ulong)count <= SectorCount);
        bool fails = _failures < FailuresPerRead;
        for (int i = 0; i < count; i++) fails |= BadSectors.Contains(sector + (ulong)i);
        fails |= (sector + (ulong)count) * 512 > (ulong)Disk.Length;
        if (fails)
        {
            _failures++;
            BinaryPrimitives.WriteUInt16LittleEndian(packet[2..], 0);
            target.Fill(0xEE);
            registers.Flags = 1;
            return;
        }
        _failures = 0;
        Disk.AsSpan((int)sector * 512, count * 512).CopyTo(target);
        Reads.Add((sector, count));
        registers.Eax = Rubbish & ~0xFF00u;
        registers.Flags = 0x202;
    }

    private void ReadParameters(ref BiosRegisters registers)
    {
        Assert((byte)registers.Edx == Drive);
        Span<byte> parameters = At(registers.Ds, registers.Esi, 26);
        Assert(BinaryPrimitives.ReadUInt16LittleEndian(parameters) == 26);
        registers.Flags = HasParameters ? 0u : 1u;
        if (!HasParameters) return;
        BinaryPrimitives.WriteUInt64LittleEndian(parameters[16..], SectorCount);
        BinaryPrimitives.WriteUInt16LittleEndian(parameters[24..], SectorSize);
    }

    private void ReadMap(ref BiosRegisters registers)
    {
        MapCalls++;
        Assert(registers.Eax == 0xE820 && registers.Edx == 0x534D_4150 && registers.Ecx >= 20);
        if (!HasMap || registers.Ebx >= (uint)Map.Count)
        {
            Assert(!HasMap || MapEndsByCarry);
            registers.Flags = 1;
            return;
        }
        (ulong start, ulong length, uint type, uint attributes) = Map[(int)registers.Ebx];
        Span<byte> range = At(registers.Es, registers.Edi, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(range, start);
        BinaryPrimitives.WriteUInt64LittleEndian(range[8..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(range[16..], type);
        // What is behind the length that it tells is rubbish.
        uint last = MapEntryLength >= 24 ? attributes : 0;
        if (MapHasAttributes) BinaryPrimitives.WriteUInt32LittleEndian(range[20..], last);
        registers.Eax = 0x534D_4150;
        registers.Ecx = MapEntryLength;
        registers.Ebx++;
        if (registers.Ebx == (uint)Map.Count && !MapEndsByCarry) registers.Ebx = MapIsEndless ? 1u : 0u;
        registers.Flags = 0;
    }
}

/// <summary>A <see cref="BiosModel"/> as a type parameter.</summary>
internal readonly struct ModelBios(BiosModel model) : IBios
{
    public Region Memory => model.Memory;

    public void Call(byte interrupt, ref BiosRegisters registers) => model.Call(interrupt, ref registers);

    public byte In8(ushort port) => throw new InvalidOperationException("no port is read");

    public void Out8(ushort port, byte value) => throw new InvalidOperationException("no port is written");
}
