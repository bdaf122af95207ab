using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// Reads a disk through the firmware (INT 13h, Enhanced Disk Drive 3.0), many sectors ahead: a call costs milliseconds in some
/// machines, however little it reads. A few windows, the longest unused of which moves: a file's clusters are read in one while
/// the allocation table stays in another.
/// </summary>
public sealed class BiosDiskWindows<TBios>
    where TBios : struct, IBios
{
    /// <summary>The most sectors in a call: some firmware counts them in seven bits.</summary>
    public const int SectorsPerCall = 127;

    private const byte DiskServices = 0x13;
    private const uint ResetFunction = 0x0000, ReadFunction = 0x4200, ParametersFunction = 0x4800;
    private const int Attempts = 4;

    // The address packet (§8.2), and the drive's parameters (§8.8), where functions read and write them.
    private const int PacketLength = 16;
    private const int ParametersLength = 26, SectorCountOffset = 16, SectorSizeOffset = 24;

    private readonly TBios _bios;
    private readonly byte _drive;
    private readonly Window[] _windows = new Window[BiosMemory.WindowCount];
    private long _clock;

    /// <param name="bios">The firmware.</param>
    /// <param name="drive">The firmware's number of the drive.</param>
    public BiosDiskWindows(TBios bios, byte drive)
    {
        _bios = bios;
        _drive = drive;
    }

    /// <summary>How many sectors there are; 0 before <see cref="TryStart"/>.</summary>
    public ulong SectorCount { get; private set; }

    /// <summary>How often the firmware was asked to read.</summary>
    public int CallCount { get; private set; }

    /// <summary>Asks how large the disk is. Fails if its sectors have not 512 bytes.</summary>
    public bool TryStart()
    {
        Span<byte> parameters = Exchange(ParametersLength);
        parameters.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(parameters, ParametersLength);
        var registers = new BiosRegisters
        {
            Eax = ParametersFunction,
            Edx = _drive,
            Ds = BiosRegisters.SegmentOf(BiosMemory.Exchange),
            Esi = BiosRegisters.OffsetOf(BiosMemory.Exchange),
        };
        _bios.Call(DiskServices, ref registers);
        if (registers.IsCarry) return false;
        SectorCount = BinaryPrimitives.ReadUInt64LittleEndian(parameters.Slice(SectorCountOffset));
        return BinaryPrimitives.ReadUInt16LittleEndian(parameters.Slice(SectorSizeOffset)) == BlockReader.SectorSize;
    }

    /// <summary>Lends the bytes of a sector, until the next call.</summary>
    public bool TryRead(ulong sector, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (sector >= SectorCount) return false;
        int index = Find(sector);
        if (index < 0 && !TryMove(sector, out index)) return false;
        ref Window window = ref _windows[index];
        window.UsedAt = ++_clock;
        long offset = (long)(sector - window.First) * BlockReader.SectorSize;
        octets = _bios.Memory.Slice(AddressOf(index) + offset, BlockReader.SectorSize);
        return true;
    }

    private static uint AddressOf(int index) => BiosMemory.Windows + ((uint)index * BiosMemory.WindowLength);

    private int Find(ulong sector)
    {
        for (int i = 0; i < _windows.Length; i++)
        {
            if (sector >= _windows[i].First && sector - _windows[i].First < _windows[i].Count) return i;
        }
        return -1;
    }

    /// <summary>Where sectors behind the one that is asked for cannot be read, that one is read alone.</summary>
    private bool TryMove(ulong sector, out int index)
    {
        index = 0;
        for (int i = 1; i < _windows.Length; i++)
        {
            if (_windows[i].UsedAt < _windows[index].UsedAt) index = i;
        }
        uint count = (uint)Math.Min(SectorsPerCall, SectorCount - sector);
        _windows[index] = default;
        if (!TryReadInto(AddressOf(index), sector, count))
        {
            if (count == 1) return false;
            count = 1;
            if (!TryReadInto(AddressOf(index), sector, count)) return false;
        }
        _windows[index] = new Window { First = sector, Count = count };
        return true;
    }

    private bool TryReadInto(uint address, ulong sector, uint count)
    {
        Span<byte> packet = Exchange(PacketLength);
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            if (attempt > 0)
            {
                var reset = new BiosRegisters { Eax = ResetFunction, Edx = _drive };
                _bios.Call(DiskServices, ref reset);
            }
            // The function changes the count, if it fails.
            BinaryPrimitives.WriteUInt32LittleEndian(packet, PacketLength | count << 16);
            BinaryPrimitives.WriteUInt16LittleEndian(packet.Slice(4), BiosRegisters.OffsetOf(address));
            BinaryPrimitives.WriteUInt16LittleEndian(packet.Slice(6), BiosRegisters.SegmentOf(address));
            BinaryPrimitives.WriteUInt64LittleEndian(packet.Slice(8), sector);
            var registers = new BiosRegisters
            {
                Eax = ReadFunction,
                Edx = _drive,
                Ds = BiosRegisters.SegmentOf(BiosMemory.Exchange),
                Esi = BiosRegisters.OffsetOf(BiosMemory.Exchange),
            };
            CallCount++;
            _bios.Call(DiskServices, ref registers);
            if (!registers.IsCarry) return true;
        }
        return false;
    }

    private Span<byte> Exchange(int length) => _bios.Memory.Slice(BiosMemory.Exchange, length);

    private struct Window
    {
        public ulong First;
        public uint Count;
        public long UsedAt;
    }
}
