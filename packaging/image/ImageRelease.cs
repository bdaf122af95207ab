using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Packaging.Image.Bill;

namespace Memcachier.Packaging.Image;

/// <summary>Disks, their bill of materials and their checksums: what is handed to others.</summary>
public sealed class ImageRelease
{
    public const string BillName = "memcachier.spdx.json";

    /// <summary>As <c>sha256sum --check</c> reads it.</summary>
    public const string ChecksumsName = "SHA256SUMS";

    private readonly BuildFacts _facts;
    private readonly ImageContents _contents;

    public ImageRelease(BuildFacts facts, ImageContents contents)
    {
        _facts = facts;
        _contents = contents;
    }

    /// <summary>Writes everything; returns what was written, but for the checksums.</summary>
    /// <param name="formats">In which formats.</param>
    /// <param name="directory">Where to.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="ImageException">The files do not fit, or a program is missing or fails.</exception>
    public async Task<IReadOnlyList<BillFile>> WriteAsync(
        IReadOnlyList<ImageFormat> formats, string directory, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(formats);
        var writer = new ImageWriter(new DiskImage(_contents), directory);
        var disks = new List<BillFile>();
        foreach (ImageFormat format in formats)
        {
            string path = await writer.WriteAsync(format, cancel);
            string type = format == ImageFormat.Gce ? "ARCHIVE" : "BINARY";
            disks.Add(new BillFile(Path.GetFileName(path), type, await File.ReadAllBytesAsync(path, cancel)));
        }
        byte[] bill = SpdxDocument.Create(_facts, Parts(), disks);
        await File.WriteAllBytesAsync(Path.Combine(directory, BillName), bill, cancel);
        List<BillFile> all = [.. disks, new BillFile(BillName, "TEXT", bill)];
        string sums = string.Concat(all.Select(file => $"{file.Sha256}  {file.Name}\n"));
        await File.WriteAllTextAsync(Path.Combine(directory, ChecksumsName), sums, cancel);
        return all;
    }

    private List<BillFile> Parts() =>
    [
        new(ImageContents.KernelFile, "BINARY", _contents.Kernel),
        new(ImageContents.UefiLoaderFile, "BINARY", _contents.UefiLoader),
        new(ImageContents.BootCodeFile, "BINARY", _contents.BootCode),
        new(ImageContents.BiosLoaderFile, "BINARY", _contents.BiosLoader),
        new(ConfigurationFile.FileName, "TEXT", _contents.Configuration.Octets),
    ];
}
