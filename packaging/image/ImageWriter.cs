using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Packaging.Image.Formats;

namespace Memcachier.Packaging.Image;

/// <summary>
/// Writes a disk in one format or another, into a directory. Equal disks make equal files: what <c>qemu-img</c> makes up is
/// replaced by what follows from the disk's contents.
/// </summary>
public sealed class ImageWriter
{
    private readonly DiskImage _image;
    private readonly string _directory;

    public ImageWriter(DiskImage image, string directory)
    {
        _image = image;
        _directory = directory;
    }

    /// <summary>The name of the file.</summary>
    public static string FileName(ImageFormat format) => format switch
    {
        ImageFormat.Raw => "memcachier.raw",
        ImageFormat.Qcow2 => "memcachier.qcow2",
        ImageFormat.Vmdk => "memcachier.vmdk",
        ImageFormat.Vhd => "memcachier.vhd",
        ImageFormat.Gce => "memcachier-gce.tar.gz",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Returns the file's path. An older one of that name is replaced, and only if all went well.</summary>
    /// <exception cref="ImageException">A program that this needs is missing, or fails.</exception>
    public async Task<string> WriteAsync(ImageFormat format, CancellationToken cancel)
    {
        string path = Path.Combine(_directory, FileName(format));
        byte[] octets = format switch
        {
            ImageFormat.Raw => _image.ToRaw(),
            ImageFormat.Qcow2 => await ConvertAsync(format, "qcow2", "compat=1.1", cancel),
            ImageFormat.Vmdk => Vmdk.WithContentId(
                await ConvertAsync(format, "vmdk", "subformat=streamOptimized", cancel),
                NameBasedGuid.CreateNumber("VMDK", _image.Digest)),
            ImageFormat.Vhd => Vhd.WithIdentity(
                await ConvertAsync(format, "vpc", "subformat=fixed,force_size=on", cancel),
                NameBasedGuid.Create("VHD", _image.Digest)),
            ImageFormat.Gce => await GoogleArchive.CreateAsync(_image, cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
        string unfinished = path + ".new";
        await File.WriteAllBytesAsync(unfinished, octets, cancel);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }

    private async Task<byte[]> ConvertAsync(
        ImageFormat format, string driver, string options, CancellationToken cancel)
    {
        string directory = Directory.CreateTempSubdirectory("memcachier-image-").FullName;
        try
        {
            // A VMDK says its own name.
            string raw = Path.Combine(directory, "disk"), converted = Path.Combine(directory, FileName(format));
            await File.WriteAllBytesAsync(raw, _image.ToRaw(), cancel);
            // One piece after the other: where each goes depends on the order.
            string[] arguments = ["convert", "-m", "1", "-f", "raw", "-O", driver, "-o", options, raw, converted];
            _ = await ExternalProgram.RunAsync("qemu-img", "qemu-utils", arguments, [], cancel);
            return await File.ReadAllBytesAsync(converted, cancel);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
