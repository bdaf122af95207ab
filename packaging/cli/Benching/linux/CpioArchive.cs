using System;
using System.IO;
using System.Text;

namespace Memcachier.Cli.Benching.Linux;

/// <summary>
/// Writes what Linux makes its first root file system of: a cpio archive in the format "newc" (the kernel's
/// Documentation/driver-api/early-userspace/buffer-format.rst). Everything belongs to root and is as old as the epoch.
/// </summary>
public sealed class CpioArchive
{
    private const int Alignment = 4;
    private const int DirectoryType = 0x4000; // S_IFDIR
    private const int DeviceType = 0x2000;    // S_IFCHR
    private const int FileType = 0x8000;      // S_IFREG

    private static readonly byte[] s_padding = new byte[Alignment];

    private readonly Stream _output;
    private int _inode;

    public CpioArchive(Stream output) => _output = output;

    /// <param name="path">Without a slash in front; what is above it has been added.</param>
    public void AddDirectory(string path) => Add(path, DirectoryType | Mode("755"), [], 0, 0);

    /// <inheritdoc cref="AddDirectory"/>
    public void AddFile(string path, ReadOnlySpan<byte> content) => Add(path, FileType | Mode("755"), content, 0, 0);

    /// <summary>A character device.</summary>
    /// <inheritdoc cref="AddDirectory"/>
    public void AddDevice(string path, int major, int minor) => Add(path, DeviceType | Mode("600"), [], major, minor);

    /// <summary>Nothing comes after it.</summary>
    public void End() => Add("TRAILER!!!", 0, [], 0, 0);

    private static int Mode(string octal) => Convert.ToInt32(octal, 8);

    // Header: the magic number and 13 numbers of 8 hexadecimal digits; then the name with a zero, and the content, both
    // filled up to a multiple of four bytes.
    private void Add(string path, int mode, ReadOnlySpan<byte> content, int major, int minor)
    {
        const int HeaderLength = 6 + (13 * 8);
        byte[] name = Encoding.ASCII.GetBytes(path + "\0");
        int[] fields = [++_inode, mode, 0, 0, 1, 0, content.Length, 0, 0, major, minor, name.Length, 0];
        var header = new StringBuilder("070701");
        foreach (int field in fields) _ = header.Append($"{field:X8}");
        _output.Write(Encoding.ASCII.GetBytes(header.ToString()));
        _output.Write(name);
        Pad(HeaderLength + name.Length);
        _output.Write(content);
        Pad(content.Length);
    }

    private void Pad(int length)
    {
        int rest = length % Alignment;
        if (rest != 0) _output.Write(s_padding, 0, Alignment - rest);
    }
}
