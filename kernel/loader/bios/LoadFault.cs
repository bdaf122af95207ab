using System;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>Why the BIOS loader goes no further.</summary>
public enum LoadFault : byte
{
    None,
    NoA20,
    NoMemoryMap,
    LittleMemory,
    NoDrive,
    NoPartition,
    NoFileSystem,
    ConfigurationUnreadable,
    ConfigurationTooLong,
    CommandLineTooLong,
    NoKernel,
    KernelUnreadable,
    KernelTooLong,
    NotElf,
    KernelTruncated,
    KernelSegments,
    KernelEntry,
    KernelMemory,
}

/// <summary>What each means, for who reads the console.</summary>
public static class LoadFaultText
{
    public static ReadOnlySpan<byte> Of(LoadFault fault) => fault switch
    {
        LoadFault.NoA20 => "the memory above 1 MiB cannot be reached (address line A20 is off)"u8,
        LoadFault.NoMemoryMap => "the BIOS has no memory map (INT 15h, E820h)"u8,
        LoadFault.LittleMemory => "there is no memory from 8 to 12 MiB; give the machine 32 MiB or more"u8,
        LoadFault.NoDrive => "the BIOS does not know the disk's size, or its sectors have not 512 bytes"u8,
        LoadFault.NoPartition => "the disk has no EFI system partition; write the image to it again"u8,
        LoadFault.NoFileSystem => "the EFI system partition is not formatted as FAT; write the image to the disk again"u8,
        LoadFault.ConfigurationUnreadable => "memcachier.conf cannot be read"u8,
        LoadFault.ConfigurationTooLong => "memcachier.conf is longer than 64 KiB"u8,
        LoadFault.CommandLineTooLong => "memcachier.conf has more than 4095 bytes, comments not counted"u8,
        LoadFault.NoKernel => "there is no memcachier.elf on the EFI system partition"u8,
        LoadFault.KernelUnreadable => "memcachier.elf cannot be read"u8,
        LoadFault.KernelTooLong => "memcachier.elf is longer than 4 MiB"u8,
        LoadFault.NotElf => KernelFaultText.Of(KernelFault.NotElf),
        LoadFault.KernelTruncated => KernelFaultText.Of(KernelFault.Truncated),
        LoadFault.KernelSegments => KernelFaultText.Of(KernelFault.BadSegments),
        LoadFault.KernelEntry => KernelFaultText.Of(KernelFault.NoEntry),
        LoadFault.KernelMemory => "the BIOS keeps memory for itself that the kernel needs (1 MiB and what follows)"u8,
        _ => "unknown error"u8,
    };
}
