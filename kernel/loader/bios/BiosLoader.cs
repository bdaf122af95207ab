using System;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Storage;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// What the loader does, but for its last step: reads the command line and the kernel from the disk that was booted from, puts the
/// kernel where it belongs, and writes what it is told.
/// </summary>
public readonly struct BiosLoader<TBios>
    where TBios : struct, IBios
{
    private readonly TBios _bios;

    public BiosLoader(TBios bios) => _bios = bios;

    /// <param name="drive">The firmware's number of the drive.</param>
    /// <param name="entry">The kernel's PVH entry point. The start info lies at <see cref="BiosMemory.StartInfo"/>.</param>
    public LoadFault TryLoad(byte drive, out uint entry)
    {
        entry = 0;
        if (!A20Gate.TryOpen(_bios)) return LoadFault.NoA20;
        Region memory = _bios.Memory;
        var info = new StartInfoBuilder(
            memory.Slice(BiosMemory.StartInfo, StartInfoBuilder.RoomLength), BiosMemory.StartInfo);
        if (!E820Map.TryRead(_bios, ref info)) return LoadFault.NoMemoryMap;
        if (!info.IsRam(BiosMemory.File, BiosMemory.Length)) return LoadFault.LittleMemory;

        LoadFault fault = TryOpenVolume(drive, out FatVolume<BiosDisk<TBios>> volume);
        if (fault != LoadFault.None) return fault;
        fault = ReadCommandLine(volume, info.CommandLine);
        if (fault != LoadFault.None) return fault;
        Span<byte> room = memory.Slice(BiosMemory.File, BiosMemory.FileLengthMax);
        fault = ReadKernel(volume, room, out int length);
        if (fault != LoadFault.None) return fault;

        ReadOnlySpan<byte> file = room.Slice(0, length);
        fault = FaultOf(KernelImage.Read(file, out KernelImage kernel));
        if (fault != LoadFault.None) return fault;
        if (kernel.MemoryEnd > BiosMemory.File) return LoadFault.KernelSegments;
        if (!info.IsRam(kernel.Start, kernel.MemoryEnd)) return LoadFault.KernelMemory;
        Place(kernel, file);
        info.Finish(RootPointer.Find(memory), smbios: 0);
        entry = kernel.Entry;
        return LoadFault.None;
    }

    private LoadFault TryOpenVolume(byte drive, out FatVolume<BiosDisk<TBios>> volume)
    {
        volume = default;
        var windows = new BiosDiskWindows<TBios>(_bios, drive);
        if (!windows.TryStart()) return LoadFault.NoDrive;
        var disk = Extent<BiosDisk<TBios>>.Of(new BiosDisk<TBios>(windows));
        if (!GuidPartitions.TryFindSystemPartition(disk, out Extent<BiosDisk<TBios>> partition)) return LoadFault.NoPartition;
        return FatVolume<BiosDisk<TBios>>.TryOpen(partition, out volume) ? LoadFault.None : LoadFault.NoFileSystem;
    }

    /// <summary>Without the file there is nothing to say to the kernel.</summary>
    private LoadFault ReadCommandLine(in FatVolume<BiosDisk<TBios>> volume, Span<byte> line)
    {
        Span<byte> room = _bios.Memory.Slice(BiosMemory.File, CommandLineFile.FileLengthMax);
        FileOutcome outcome = volume.TryRead(CommandLineFile.Name, room, out int length);
        if (outcome == FileOutcome.NoFile) return LoadFault.None;
        if (outcome == FileOutcome.TooLarge) return LoadFault.ConfigurationTooLong;
        if (outcome != FileOutcome.Done) return LoadFault.ConfigurationUnreadable;
        return CommandLineFile.TryRead(room.Slice(0, length), line, out _) ? LoadFault.None : LoadFault.CommandLineTooLong;
    }

    private static LoadFault ReadKernel(in FatVolume<BiosDisk<TBios>> volume, Span<byte> room, out int length) =>
        volume.TryRead(KernelImage.FileName, room, out length) switch
        {
            FileOutcome.Done => LoadFault.None,
            FileOutcome.NoFile => LoadFault.NoKernel,
            FileOutcome.TooLarge => LoadFault.KernelTooLong,
            _ => LoadFault.KernelUnreadable,
        };

    private static LoadFault FaultOf(KernelFault fault) => fault switch
    {
        KernelFault.None => LoadFault.None,
        KernelFault.Truncated => LoadFault.KernelTruncated,
        KernelFault.BadSegments => LoadFault.KernelSegments,
        KernelFault.NoEntry => LoadFault.KernelEntry,
        _ => LoadFault.NotElf,
    };

    private void Place(in KernelImage kernel, ReadOnlySpan<byte> file)
    {
        int cursor = 0;
        while (kernel.TryNext(file, ref cursor, out KernelSegment segment))
        {
            Span<byte> target = _bios.Memory.Slice((long)segment.Address, (int)segment.Length);
            file.Slice(segment.FileOffset, segment.FileLength).CopyTo(target);
            target.Slice(segment.FileLength).Clear();
        }
    }
}
