using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace Memcachier.Packaging.Image;

/// <summary>What goes onto a disk, checked: a value of this type fits where it has to go, but for the file system.</summary>
public sealed class ImageContents
{
    /// <summary>Names in the directory that a build fills.</summary>
    public const string BootCodeFile = "memcachier.mbr";
    public const string BiosLoaderFile = "memcachier-bios.bin";
    public const string UefiLoaderFile = "memcachier.efi";
    public const string KernelFile = "memcachier.elf";

    /// <summary>Bytes of the boot code: the rest of its sector is the partition table, and a signature before that.</summary>
    public const int BootCodeSize = 440;

    /// <summary>Bytes of the largest second stage.</summary>
    public const int BiosLoaderSizeMax =
        (int)(DiskLayout.BiosBootLast - DiskLayout.BiosBootFirst + 1) * DiskLayout.SectorSize;

    /// <exception cref="ImageException">One of them cannot be what it should.</exception>
    public ImageContents(
        byte[] bootCode, byte[] biosLoader, byte[] uefiLoader, byte[] kernel, ConfigurationFile configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        BootCode = bootCode;
        BiosLoader = biosLoader;
        UefiLoader = uefiLoader;
        Kernel = kernel;
        Configuration = configuration;
        Check(BootCodeFile, bootCode, bootCode.Length == BootCodeSize, $"boot code of {BootCodeSize} bytes");
        Check(
            BiosLoaderFile, biosLoader, biosLoader.Length is > 0 and <= BiosLoaderSizeMax,
            $"a second stage of at most {BiosLoaderSizeMax} bytes");
        Check(UefiLoaderFile, uefiLoader, uefiLoader.AsSpan().StartsWith("MZ"u8), "a UEFI application");
        Check(KernelFile, kernel, kernel.AsSpan().StartsWith("\u007FELF"u8), "an ELF file");
    }

    public byte[] BootCode { get; }

    public byte[] BiosLoader { get; }

    public byte[] UefiLoader { get; }

    public byte[] Kernel { get; }

    public ConfigurationFile Configuration { get; }

    /// <summary>The files of the EFI system partition, by their path.</summary>
    public IReadOnlyList<(string Path, byte[] Octets)> SystemFiles =>
    [
        ("EFI/BOOT/BOOTX64.EFI", UefiLoader),
        (KernelFile, Kernel),
        (ConfigurationFile.FileName, Configuration.Octets),
    ];

    /// <summary>Reads what a build left in <paramref name="directory"/>.</summary>
    /// <exception cref="ImageException">A file is missing, or cannot be what it should.</exception>
    public static ImageContents Load(string directory, ConfigurationFile configuration) => new(
        Read(directory, BootCodeFile), Read(directory, BiosLoaderFile), Read(directory, UefiLoaderFile),
        Read(directory, KernelFile), configuration);

    /// <summary>SHA-256 of everything: what is random on other disks comes from it, so that equal contents make equal disks.</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, "boot code", BootCode);
        Append(hash, "second stage", BiosLoader);
        foreach ((string path, byte[] octets) in SystemFiles) Append(hash, path, octets);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string name, byte[] octets)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, octets.Length);
        hash.AppendData(Encoding.ASCII.GetBytes($"{name}\0"));
        hash.AppendData(length);
        hash.AppendData(octets);
    }

    private static byte[] Read(string directory, string name)
    {
        string path = Path.Combine(directory, name);
        if (!File.Exists(path)) throw new ImageException($"there is no {path}: ./memcachier build makes it");
        return File.ReadAllBytes(path);
    }

    private static void Check(string name, byte[] octets, bool holds, string what)
    {
        if (!holds) throw new ImageException($"{name} is not {what}: it has {octets.Length} bytes");
    }
}
