using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Packaging.Image;

/// <summary>Writes a disk in one format or another, into a directory.</summary>
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
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Returns the file's path. An older one of that name is replaced, and only if all went well.</summary>
    public async Task<string> WriteAsync(ImageFormat format, CancellationToken cancel)
    {
        string path = Path.Combine(_directory, FileName(format));
        string unfinished = path + ".new";
        await File.WriteAllBytesAsync(unfinished, _image.ToRaw(), cancel);
        File.Move(unfinished, path, overwrite: true);
        return path;
    }
}
