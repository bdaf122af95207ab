using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.FwCfg;

/// <summary>
/// QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg): files that whoever starts the machine hands to it.
/// </summary>
/// <remarks>
/// <code>
///   item 0x00    "QEMU"
///   item 0x01    bits, little-endian: 1 = it reads and writes memory itself
///   item 0x19    [ count:32 ] then count times [ size:32 ][ item:16 ][ reserved:16 ][ name, ends with 0: 56 bytes ]
///                all big-endian
/// </code>
/// Each byte through its port is an exit to the hypervisor, and a directory has some 2000. So where the device can, it
/// writes them to memory, for two exits. It works while it is told to, and not later. For boot, once.
/// </remarks>
public readonly struct FwCfg<TPorts, TMemory>
    where TPorts : struct, IPorts
    where TMemory : struct, ISharedMemory
{
    /// <summary>Bytes of memory that the device is told of, and their alignment.</summary>
    public const int MemoryLength = BufferOffset + BufferLength, Alignment = 16;

    /// <summary>The longest name in bytes: of 56, one is for the zero at its end.</summary>
    public const int NameLengthMax = NameSize - 1;

    /// <summary>A directory that says it has more files is not believed. QEMU has some 30 of its own.</summary>
    public const int FileCountMax = 512;

    private const ushort SelectorPort = 0x510, DataPort = 0x511, AddressHighPort = 0x514, AddressLowPort = 0x518;
    private const ushort SignatureItem = 0x00, FeaturesItem = 0x01, DirectoryItem = 0x19;
    private const ushort FirstFileItem = 0x20, ItemEnd = 0x4000;
    private const int SizeOffset = 0, ItemOffset = 4, NameOffset = 8, NameSize = 56, EntrySize = 64;
    private const byte CanAccessMemory = 1 << 1;

    // What the device is told to do, big-endian: [ control:32 ][ length:32 ][ address:64 ], and the item in control's
    // upper half. When it is done, control is 0, or has the bit of an error.
    private const int LengthOffset = 4, AddressOffset = 8, BufferOffset = 64, BufferLength = 4096;
    private const uint ControlRead = 1 << 1, ControlSelect = 1 << 3;
    private const int ControlItemShift = 16;
    private const int PollsMax = 1_000_000;

    private readonly TPorts _ports;
    private readonly TMemory _memory;
    private readonly Region _region;

    /// <param name="region">
    /// <see cref="MemoryLength"/> bytes at a multiple of <see cref="Alignment"/>, which the device may write to.
    /// </param>
    public FwCfg(TPorts ports, TMemory memory, Region region)
    {
        Invariant.Holds(region.Length >= MemoryLength);
        Invariant.Holds(region.Address % Alignment == 0);
        _ports = ports;
        _memory = memory;
        _region = region;
    }

    /// <summary>True if the device is there. On other machines two ports are touched that nobody answers at.</summary>
    public bool IsPresent
    {
        get
        {
            Span<byte> signature = stackalloc byte[4];
            ReadByPort(SignatureItem, signature);
            return signature.SequenceEqual("QEMU"u8);
        }
    }

    /// <summary>Reads the whole of a file.</summary>
    /// <param name="name">
    /// Its name, at most <see cref="NameLengthMax"/> bytes. Names of users begin with <c>opt/</c> and a domain, backwards.
    /// </param>
    /// <param name="destination">Room for it. Unless it was read, this holds nothing of use.</param>
    /// <param name="length">Size of the file in bytes; 0 unless it was read.</param>
    public FwCfgOutcome TryRead(ReadOnlySpan<byte> name, Span<byte> destination, out int length)
    {
        Invariant.Holds(name.Length is > 0 and <= NameLengthMax);
        length = 0;
        if (!IsPresent) return FwCfgOutcome.NoDevice;
        Span<byte> features = stackalloc byte[4];
        ReadByPort(FeaturesItem, features);
        bool byPort = (features[0] & CanAccessMemory) == 0;
        FwCfgOutcome outcome = TryFind(name, byPort, out ushort item, out uint size);
        if (outcome != FwCfgOutcome.Done) return outcome;
        if (size > (uint)destination.Length) return FwCfgOutcome.TooLarge;
        int count = 0;
        while (count < (int)size)
        {
            int part = Math.Min((int)size - count, BufferLength);
            if (!TryFetch(item, count == 0, part, byPort)) return FwCfgOutcome.Failed;
            _region.Slice(BufferOffset, part).CopyTo(destination.Slice(count));
            count += part;
        }
        length = count;
        return FwCfgOutcome.Done;
    }

    private FwCfgOutcome TryFind(ReadOnlySpan<byte> name, bool byPort, out ushort item, out uint size)
    {
        item = 0;
        size = 0;
        if (!TryFetch(DirectoryItem, isFirst: true, sizeof(uint), byPort)) return FwCfgOutcome.Failed;
        uint count = BinaryPrimitives.ReadUInt32BigEndian(_region.Slice(BufferOffset, sizeof(uint)));
        if (count > FileCountMax) return FwCfgOutcome.Malformed;
        while (count > 0)
        {
            int batch = (int)Math.Min(count, BufferLength / EntrySize);
            if (!TryFetch(DirectoryItem, isFirst: false, batch * EntrySize, byPort)) return FwCfgOutcome.Failed;
            for (int i = 0; i < batch; i++)
            {
                ReadOnlySpan<byte> entry = _region.Slice(BufferOffset + (i * EntrySize), EntrySize);
                if (!IsNamed(entry, name)) continue;
                size = BinaryPrimitives.ReadUInt32BigEndian(entry.Slice(SizeOffset));
                item = BinaryPrimitives.ReadUInt16BigEndian(entry.Slice(ItemOffset));
                // A file's item is never one of the fixed ones, nor has it the bits for writing or the architecture.
                return item is >= FirstFileItem and < ItemEnd ? FwCfgOutcome.Done : FwCfgOutcome.Malformed;
            }
            count -= (uint)batch;
        }
        return FwCfgOutcome.NoFile;
    }

    private static bool IsNamed(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> actual = entry.Slice(NameOffset, NameSize);
        return actual.StartsWith(name) && actual[name.Length] == 0;
    }

    /// <summary>
    /// Reads the next bytes of an item into the buffer; with <paramref name="isFirst"/>, its first ones. Behind its end
    /// the device answers zeros.
    /// </summary>
    private bool TryFetch(ushort item, bool isFirst, int length, bool byPort)
    {
        if (byPort)
        {
            Span<byte> destination = _region.Slice(BufferOffset, length);
            if (isFirst) ReadByPort(item, destination);
            else ReadOnByPort(destination);
            return true;
        }
        uint control = isFirst ? ControlRead | ControlSelect | ((uint)item << ControlItemShift) : ControlRead;
        _memory.Write32(_region.Address, BinaryPrimitives.ReverseEndianness(control));
        _memory.Write32(_region.Address + LengthOffset, BinaryPrimitives.ReverseEndianness((uint)length));
        ulong buffer = (ulong)_region.Address + BufferOffset;
        _memory.Write64(_region.Address + AddressOffset, BinaryPrimitives.ReverseEndianness(buffer));
        // The second of these starts it. QEMU has finished when the instruction has; the specification does not say so.
        _ports.Out32(AddressHighPort, BinaryPrimitives.ReverseEndianness((uint)((ulong)_region.Address >> 32)));
        _ports.Out32(AddressLowPort, BinaryPrimitives.ReverseEndianness((uint)_region.Address));
        uint left = control;
        for (int i = 0; i < PollsMax && left != 0; i++) left = _memory.Read32(_region.Address);
        return left == 0;
    }

    /// <summary>Selects an item and reads its first bytes.</summary>
    private void ReadByPort(ushort item, Span<byte> destination)
    {
        _ports.Out16(SelectorPort, item);
        ReadOnByPort(destination);
    }

    private void ReadOnByPort(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++) destination[i] = _ports.In8(DataPort);
    }
}
