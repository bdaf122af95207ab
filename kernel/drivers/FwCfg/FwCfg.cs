using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.FwCfg;

/// <summary>
/// QEMU's firmware configuration device (QEMU, docs/specs/fw_cfg): files that whoever starts the machine hands to it.
/// Read through its two ports a byte at a time, without its DMA: so it is never told an address.
/// </summary>
/// <remarks>
/// <code>
///   item 0x00    "QEMU"
///   item 0x19    [ count:32 ] then count times [ size:32 ][ item:16 ][ reserved:16 ][ name, ends with 0: 56 bytes ]
///                all big-endian
/// </code>
/// Each byte is an exit to the hypervisor, so this is for boot, once.
/// </remarks>
public readonly struct FwCfg<TPorts>
    where TPorts : struct, IPorts
{
    /// <summary>The longest name in bytes: of 56, one is for the zero at its end.</summary>
    public const int NameLengthMax = NameSize - 1;

    /// <summary>A directory that says it has more files is not believed. QEMU has some 30 of its own.</summary>
    public const int FileCountMax = 512;

    private const ushort SelectorPort = 0x510, DataPort = 0x511;
    private const ushort SignatureItem = 0x00, DirectoryItem = 0x19, FirstFileItem = 0x20, ItemEnd = 0x4000;
    private const int SizeOffset = 0, ItemOffset = 4, NameOffset = 8, NameSize = 56, EntrySize = 64;

    private readonly TPorts _ports;

    public FwCfg(TPorts ports) => _ports = ports;

    /// <summary>True if the device is there. On other machines two ports are touched that nobody answers at.</summary>
    public bool IsPresent
    {
        get
        {
            Span<byte> signature = stackalloc byte[4];
            Read(SignatureItem, signature);
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
        FwCfgOutcome outcome = TryFind(name, out ushort item, out uint size);
        if (outcome != FwCfgOutcome.Done) return outcome;
        if (size > (uint)destination.Length) return FwCfgOutcome.TooLarge;
        length = (int)size;
        Read(item, destination.Slice(0, length));
        return FwCfgOutcome.Done;
    }

    private FwCfgOutcome TryFind(ReadOnlySpan<byte> name, out ushort item, out uint size)
    {
        item = 0;
        size = 0;
        Span<byte> entry = stackalloc byte[EntrySize];
        Read(DirectoryItem, entry.Slice(0, sizeof(uint)));
        uint count = BinaryPrimitives.ReadUInt32BigEndian(entry);
        if (count > FileCountMax) return FwCfgOutcome.Malformed;
        for (uint i = 0; i < count; i++)
        {
            ReadOn(entry);
            if (!IsNamed(entry, name)) continue;
            size = BinaryPrimitives.ReadUInt32BigEndian(entry.Slice(SizeOffset));
            item = BinaryPrimitives.ReadUInt16BigEndian(entry.Slice(ItemOffset));
            // A file's item is never one of the fixed ones, nor has it the bits for writing or for the architecture.
            return item is >= FirstFileItem and < ItemEnd ? FwCfgOutcome.Done : FwCfgOutcome.Malformed;
        }
        return FwCfgOutcome.NoFile;
    }

    private static bool IsNamed(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> actual = entry.Slice(NameOffset, NameSize);
        return actual.StartsWith(name) && actual[name.Length] == 0;
    }

    /// <summary>Selects an item and reads its first bytes.</summary>
    private void Read(ushort item, Span<byte> destination)
    {
        _ports.Out16(SelectorPort, item);
        ReadOn(destination);
    }

    /// <summary>Reads the next bytes of the selected item. Behind its end the device answers zeros.</summary>
    private void ReadOn(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++) destination[i] = _ports.In8(DataPort);
    }
}
