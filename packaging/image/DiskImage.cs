using System;
using Memcachier.Packaging.Image.Fat;
using Memcachier.Packaging.Image.Gpt;

namespace Memcachier.Packaging.Image;

/// <summary>
/// A disk that boots by UEFI and by a legacy BIOS (<see cref="DiskLayout"/>). A function of its contents: no time and no
/// random number is in it.
/// </summary>
public sealed class DiskImage
{
    /// <summary>The label of the file system.</summary>
    public const string Label = "MEMCACHIER";

    private static readonly Guid s_biosBoot = new("21686148-6449-6e6f-744e-656564454649");
    private static readonly Guid s_efiSystem = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

    private readonly ImageContents _contents;
    private readonly GptTable _table;
    private readonly byte[] _system;

    /// <exception cref="ImageException">The files do not fit.</exception>
    public DiskImage(ImageContents contents)
    {
        ArgumentNullException.ThrowIfNull(contents);
        _contents = contents;
        Digest = contents.Digest();
        _table = new GptTable(NameBasedGuid.Create("disk", Digest),
        [
            new(s_biosBoot, NameBasedGuid.Create("BIOS boot partition", Digest), DiskLayout.BiosBootFirst,
                DiskLayout.BiosBootLast, "BIOS boot partition"),
            new(s_efiSystem, NameBasedGuid.Create("EFI system partition", Digest), DiskLayout.SystemFirst,
                DiskLayout.SystemLast, "EFI system partition"),
        ]);
        var volume = new FatVolumeBuilder(
            (int)(DiskLayout.SystemLast - DiskLayout.SystemFirst + 1), (uint)DiskLayout.SystemFirst,
            NameBasedGuid.CreateNumber("volume", Digest), Label);
        foreach ((string path, byte[] octets) in contents.SystemFiles) volume.Add(path, octets);
        _system = volume.Build();
    }

    /// <summary>SHA-256 of the contents.</summary>
    public byte[] Digest { get; }

    /// <summary>All of the smallest disk.</summary>
    public byte[] ToRaw()
    {
        byte[] disk = new byte[DiskLayout.SectorCount * DiskLayout.SectorSize];
        Head(DiskLayout.SectorCount).CopyTo(disk, 0);
        Tail(DiskLayout.SectorCount).CopyTo(disk, disk.Length - (DiskLayout.BackupTableSectors * DiskLayout.SectorSize));
        return disk;
    }

    /// <summary>The sectors up to the last one of the EFI system partition, of a disk of so many sectors.</summary>
    public byte[] Head(long sectorCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sectorCount, DiskLayout.SectorCount);
        byte[] disk = new byte[(DiskLayout.SystemLast + 1) * DiskLayout.SectorSize];
        ProtectiveMbr.Write(disk, _contents.BootCode, sectorCount);
        _table.WritePrimary(disk, sectorCount);
        _contents.BiosLoader.CopyTo(disk, DiskLayout.BiosBootFirst * DiskLayout.SectorSize);
        _system.CopyTo(disk, DiskLayout.SystemFirst * DiskLayout.SectorSize);
        return disk;
    }

    /// <summary>The last <see cref="DiskLayout.BackupTableSectors"/> sectors of that disk; what lies between is zeroes.</summary>
    public byte[] Tail(long sectorCount) => _table.Backup(sectorCount);
}
