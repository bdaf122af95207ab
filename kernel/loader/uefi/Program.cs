using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>
/// The UEFI application on the disk: reads the command line and the kernel from the volume that it lies on itself, leaves the
/// firmware, and enters the kernel as a PVH loader does. What goes wrong before that is said on the console, and returned to the
/// firmware, whose boot manager goes on with what it has.
/// </summary>
internal static unsafe class Program
{
    private const ulong LoaderCode = 1, LoaderData = 2;
    private const int KernelLengthMax = 64 << 20;
    private const int MapLength = 96 << 10;
    private const int ExitAttempts = 4;
    private const int HandoverLength = 4096;

    [RuntimeExport("efi_main")]
    private static ulong Main(ulong image, ulong system)
    {
        var firmware = new EfiFirmware(image, new EfiTable(system));
        return (ulong)Boot(firmware);
    }

    private static EfiStatus Boot(EfiFirmware firmware)
    {
        if (!firmware.TryOpenVolume(out EfiTable root))
        {
            return Fail(firmware, "the volume that it was started from cannot be read"u8, EfiStatus.NotFound);
        }
        bool hasMemory = firmware.TryAllocate(HandoverLength, LoaderCode, out EfiTable code)
            & firmware.TryAllocate(Handover.RoomLength, LoaderData, out EfiTable list)
            & firmware.TryAllocate(StartInfoBuilder.RoomLength, LoaderData, out EfiTable infoMemory)
            & firmware.TryAllocate(MapLength, LoaderData, out EfiTable map);
        if (!hasMemory) return Fail(firmware, "there is no memory below 4 GiB"u8, EfiStatus.OutOfResources);

        var info = new StartInfoBuilder(infoMemory.Octets(0, StartInfoBuilder.RoomLength), infoMemory.Address);
        EfiStatus status = ReadCommandLine(firmware, root, info.CommandLine);
        if (status != EfiStatus.Success) return status;
        status = ReadKernel(firmware, root, out EfiTable file, out int fileLength, out KernelImage kernel);
        if (status != EfiStatus.Success) return status;

        bool isApart = IsApart(code, HandoverLength, kernel) && IsApart(list, Handover.RoomLength, kernel)
            && IsApart(infoMemory, StartInfoBuilder.RoomLength, kernel) && IsApart(file, fileLength, kernel);
        if (!isApart) return Fail(firmware, "the firmware gives it the memory that is the kernel's"u8, EfiStatus.OutOfResources);
        HandoverPage().CopyTo(code.Octets(0, HandoverLength));
        Handover.Write(kernel, file.Octets(0, fileLength), (uint)file.Address, list.Octets(0, Handover.RoomLength));
        ulong acpi = firmware.FindAcpi();
        ulong smbios = firmware.FindSmbios();

        Span<byte> mapRoom = map.Octets(0, MapLength);
        status = firmware.ReadMemoryMap(mapRoom, out int length, out _, out int step);
        if (status != EfiStatus.Success) return Fail(firmware, "the firmware's memory map is too long"u8, status);
        if (!UefiMemoryMap.TryAdd(mapRoom.Slice(0, length), step, ref info))
        {
            return Fail(firmware, "the firmware's memory map is not understood"u8, EfiStatus.Aborted);
        }
        if (!info.IsRam(kernel.Start, kernel.MemoryEnd))
        {
            return Fail(firmware, "the firmware keeps memory for itself that the kernel needs (1 MiB and what follows)"u8, EfiStatus.OutOfResources);
        }
        status = Leave(firmware, mapRoom, ref length, ref step);

        // From here on there is no firmware, not even if it did not end (§7.4.6: after the first attempt nothing else of it may be
        // called): nothing to return to, no console but the serial port.
        if (status != EfiStatus.Success) SerialConsole.Die("the firmware does not end its services"u8);
        info.ClearRanges();
        bool isSame = UefiMemoryMap.TryAdd(mapRoom.Slice(0, length), step, ref info) && info.IsRam(kernel.Start, kernel.MemoryEnd);
        if (!isSame) SerialConsole.Die("the firmware took the kernel's memory at the last moment"u8);
        info.Finish(acpi, smbios);
        Enter((void*)code.Address, (uint)list.Address, (uint)infoMemory.Address, kernel.Entry);
        return EfiStatus.Aborted;
    }

    private static EfiStatus ReadCommandLine(EfiFirmware firmware, EfiTable root, Span<byte> line)
    {
        EfiStatus status = EfiFile.Open(root, CommandLineFile.Name, out EfiFile file);
        if (status == EfiStatus.NotFound) return EfiStatus.Success;
        if (status != EfiStatus.Success) return Fail(firmware, "memcachier.conf cannot be read"u8, status);
        if (file.Length > CommandLineFile.FileLengthMax)
        {
            return Fail(firmware, "memcachier.conf is longer than 64 KiB"u8, EfiStatus.BufferTooSmall);
        }
        if (!firmware.TryAllocate(Math.Max(file.Length, 1), LoaderData, out EfiTable text))
        {
            return Fail(firmware, "there is no memory below 4 GiB"u8, EfiStatus.OutOfResources);
        }
        Span<byte> octets = text.Octets(0, file.Length);
        if (!file.TryReadAll(octets)) return Fail(firmware, "memcachier.conf cannot be read"u8, EfiStatus.LoadError);
        if (!CommandLineFile.TryRead(octets, line, out _))
        {
            return Fail(firmware, "memcachier.conf has more than 4095 bytes, comments not counted"u8, EfiStatus.BufferTooSmall);
        }
        return EfiStatus.Success;
    }

    private static EfiStatus ReadKernel(
        EfiFirmware firmware, EfiTable root, out EfiTable file, out int length, out KernelImage kernel)
    {
        kernel = default;
        file = default;
        EfiStatus status = EfiFile.Open(root, KernelImage.FileName, out EfiFile opened);
        length = opened.Length;
        if (status == EfiStatus.NotFound) return Fail(firmware, "there is no memcachier.elf on its volume"u8, status);
        if (status != EfiStatus.Success) return Fail(firmware, "memcachier.elf cannot be read"u8, status);
        bool hasMemory = length <= KernelLengthMax && firmware.TryAllocate(Math.Max(length, 1), LoaderData, out file);
        if (!hasMemory) return Fail(firmware, "memcachier.elf is too large for the memory"u8, EfiStatus.OutOfResources);
        Span<byte> octets = file.Octets(0, length);
        if (!opened.TryReadAll(octets)) return Fail(firmware, "memcachier.elf cannot be read"u8, EfiStatus.LoadError);
        KernelFault fault = KernelImage.Read(octets, out kernel);
        return fault == KernelFault.None ? EfiStatus.Success : Fail(firmware, KernelFaultText.Of(fault), EfiStatus.LoadError);
    }

    /// <summary>Ends boot services; the call itself may change the map, and wants the new one then.</summary>
    private static EfiStatus Leave(EfiFirmware firmware, Span<byte> map, ref int length, ref int step)
    {
        EfiStatus status = EfiStatus.Aborted;
        for (int i = 0; i < ExitAttempts && status != EfiStatus.Success; i++)
        {
            status = firmware.ReadMemoryMap(map, out length, out ulong key, out step);
            if (status == EfiStatus.Success) status = firmware.Exit(key);
        }
        return status;
    }

    private static bool IsApart(EfiTable memory, int length, in KernelImage kernel) =>
        memory.Address + (ulong)length <= kernel.Start || memory.Address >= kernel.MemoryEnd;

    private static EfiStatus Fail(EfiFirmware firmware, ReadOnlySpan<byte> reason, EfiStatus status)
    {
        firmware.Write("memcachier loader: "u8);
        firmware.Write(reason);
        firmware.Write("; not started\r\n"u8);
        return status;
    }

    private static ReadOnlySpan<byte> HandoverPage()
    {
        // SAFETY: the boot assembler's constant, a page long.
        return new ReadOnlySpan<byte>(HandoverCode(), HandoverLength);
    }

    [RuntimeImport("*", "handover_code")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void* HandoverCode();

    [RuntimeImport("*", "efi_handover")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Enter(void* code, uint list, uint startInfo, uint entry);
}
