using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>What the loader asks of the firmware, while boot services last (UEFI 2.10 §4.3, §4.4, §7).</summary>
internal readonly unsafe struct EfiFirmware
{
    // EFI_SYSTEM_TABLE.
    private const int ConsoleOut = 0x40, BootServices = 0x60, TableCount = 0x68, Tables = 0x70;

    // EFI_BOOT_SERVICES.
    private const int AllocatePages = 0x28, GetMemoryMap = 0x38, HandleProtocol = 0x98, ExitBootServices = 0xE8;

    private const int OutputString = 8;
    private const int TableLength = 24;
    private const ulong TableCountMax = 256;
    private const ulong AllocateMaxAddress = 1;
    private const ulong LastAddress = uint.MaxValue;
    private const int PageShift = 12;
    private const int MessagePiece = 64;

    private readonly EfiTable _system;
    private readonly EfiTable _boot;
    private readonly ulong _image;

    public EfiFirmware(ulong image, EfiTable system)
    {
        _image = image;
        _system = system;
        _boot = system.Table(BootServices);
    }

    /// <summary>Writes ASCII text to the firmware's console.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        EfiTable console = _system.Table(ConsoleOut);
        if (console.IsNull) return;
        Span<ushort> piece = stackalloc ushort[MessagePiece + 1];
        while (text.Length > 0)
        {
            int length = Math.Min(text.Length, MessagePiece);
            for (int i = 0; i < length; i++) piece[i] = text[i];
            piece[length] = 0;
            _ = console.Call(OutputString, console.Address, AddressOf(MemoryMarshal.AsBytes(piece)));
            text = text.Slice(length);
        }
    }

    /// <summary>Takes memory below 4 GiB, whole pages.</summary>
    /// <param name="type">2: data; 1: code.</param>
    public bool TryAllocate(int length, ulong type, out EfiTable memory)
    {
        ulong address = LastAddress;
        ulong pages = ((ulong)length + (1 << PageShift) - 1) >> PageShift;
        EfiStatus status = _boot.Call(AllocatePages, AllocateMaxAddress, type, pages, AddressOf(ref address));
        memory = new EfiTable(address);
        return status == EfiStatus.Success;
    }

    /// <summary>Opens the root directory of the file system that the loader was read from.</summary>
    public bool TryOpenVolume(out EfiTable root)
    {
        const int DeviceHandle = 0x18, OpenVolume = 8;
        root = default;
        if (!TryGetProtocol(_image, EfiGuid.LoadedImage, out EfiTable loaded)) return false;
        if (!TryGetProtocol(loaded.Read64(DeviceHandle), EfiGuid.SimpleFileSystem, out EfiTable volume)) return false;
        ulong opened = 0;
        EfiStatus status = volume.Call(OpenVolume, volume.Address, AddressOf(ref opened));
        root = new EfiTable(opened);
        return status == EfiStatus.Success;
    }

    /// <summary>The address of ACPI's root pointer, the newer one if there are two; 0 if there is none.</summary>
    public ulong FindAcpi() => FindTable(EfiGuid.Acpi20, EfiGuid.Acpi10);

    /// <summary>The address of SMBIOS's entry point, the newer one if there are two; 0 if there is none.</summary>
    public ulong FindSmbios() => FindTable(EfiGuid.Smbios3, EfiGuid.Smbios);

    /// <summary>Takes the memory map.</summary>
    /// <param name="room">Where it goes.</param>
    /// <param name="key">What <see cref="Exit"/> wants.</param>
    public EfiStatus ReadMemoryMap(Span<byte> room, out int length, out ulong key, out int descriptorLength)
    {
        ulong size = (ulong)room.Length;
        ulong itsKey = 0;
        ulong step = 0;
        ulong version = 0;
        EfiStatus status = _boot.Call(
            GetMemoryMap, AddressOf(ref size), AddressOf(room), AddressOf(ref itsKey), AddressOf(ref step), AddressOf(ref version));
        length = (int)Math.Min(size, (ulong)room.Length);
        key = itsKey;
        descriptorLength = (int)Math.Min(step, int.MaxValue);
        return status;
    }

    /// <summary>Ends boot services. Fails if the memory map has changed since it was read.</summary>
    public EfiStatus Exit(ulong key) => _boot.Call(ExitBootServices, _image, key);

    /// <summary>The address of a variable on the stack.</summary>
    // SAFETY: nothing here is moved; the firmware is done with the address when its function returns.
    public static ulong AddressOf(ref ulong variable) => (ulong)Unsafe.AsPointer(ref variable);

    /// <summary>The address of memory that nobody moves: the stack's, the firmware's or the loader's own.</summary>
    // SAFETY: as above.
    public static ulong AddressOf(ReadOnlySpan<byte> octets) => (ulong)Unsafe.AsPointer(ref MemoryMarshal.GetReference(octets));

    private bool TryGetProtocol(ulong handle, ReadOnlySpan<byte> name, out EfiTable protocol)
    {
        ulong address = 0;
        EfiStatus status = _boot.Call(HandleProtocol, handle, AddressOf(name), AddressOf(ref address));
        protocol = new EfiTable(address);
        return status == EfiStatus.Success && address != 0;
    }

    private ulong FindTable(ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherwise)
    {
        ulong address = FindTable(name);
        return address != 0 ? address : FindTable(otherwise);
    }

    private ulong FindTable(ReadOnlySpan<byte> name)
    {
        EfiTable tables = _system.Table(Tables);
        ulong count = Math.Min(_system.Read64(TableCount), TableCountMax);
        for (int i = 0; i < (int)count; i++)
        {
            if (tables.Octets(i * TableLength, EfiGuid.Length).SequenceEqual(name)) return tables.Read64((i * TableLength) + EfiGuid.Length);
        }
        return 0;
    }
}
