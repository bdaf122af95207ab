using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Packaging.Image.Formats;

/// <summary>
/// What Google Compute Engine makes an image of: a tar archive in GNU's old format, compressed by gzip, with one file,
/// <c>disk.raw</c>, whose size is a whole number of GiB. What is between the partitions and the backup table is a hole.
/// </summary>
/// <remarks>
/// <code>
///   [ name:100 ][ mode:8 ][ uid:8 ][ gid:8 ][ stored size:12 ][ mtime:12 ][ checksum:8 ][ 'S' ][ link:100 ][ "ustar  " ]
///   [ names, devices, times: ..386 ][ 4 times [ offset:12 ][ size:12 ] ][ more of them:1 ][ size:12 ][ 0: ..512 ][ pieces ]
/// </code>
/// Numbers are octal (GNU tar's manual, "Basic Tar Format").
/// </remarks>
internal static class GoogleArchive
{
    /// <summary>1 GiB.</summary>
    public const long SectorCount = 1 << 21;

    private const int BlockSize = 512, RecordSize = 20 * BlockSize;
    private const int ModeOffset = 100, UidOffset = 108, GidOffset = 116, SizeOffset = 124, TimeOffset = 136;
    private const int ChecksumOffset = 148, TypeOffset = 156, MagicOffset = 257, MapOffset = 386, RealSizeOffset = 483;
    private const int NumberSize = 12, ShortNumberSize = 8;
    private const byte TypeSparse = (byte)'S';

    /// <summary>
    /// gzip does it, not .NET: .NET's compressor may choose by the processor what it writes, and gzip does not.
    /// </summary>
    public static Task<byte[]> CreateAsync(DiskImage image, CancellationToken cancel) =>
        ExternalProgram.RunAsync("gzip", "gzip", ["-n", "-9"], Archive(image), cancel);

    private static byte[] Archive(DiskImage image)
    {
        byte[] head = image.Head(SectorCount), tail = image.Tail(SectorCount);
        using var archive = new MemoryStream();
        archive.Write(Header(head.Length, tail.Length));
        archive.Write(head);
        archive.Write(tail);
        // Two blocks of zeroes end it, and more of them its last record.
        archive.SetLength((archive.Length + (2 * BlockSize) + RecordSize - 1) / RecordSize * RecordSize);
        return archive.ToArray();
    }

    private static byte[] Header(int headSize, int tailSize)
    {
        const long Size = SectorCount * DiskLayout.SectorSize;
        byte[] header = new byte[BlockSize];
        "disk.raw"u8.CopyTo(header);
        Write(header, ModeOffset, ShortNumberSize, Convert.ToInt32("644", 8));
        Write(header, UidOffset, ShortNumberSize, 0);
        Write(header, GidOffset, ShortNumberSize, 0);
        Write(header, SizeOffset, NumberSize, headSize + tailSize);
        Write(header, TimeOffset, NumberSize, 0);
        header[TypeOffset] = TypeSparse;
        "ustar  \0"u8.CopyTo(header.AsSpan(MagicOffset));
        Write(header, MapOffset, NumberSize, 0);
        Write(header, MapOffset + NumberSize, NumberSize, headSize);
        Write(header, MapOffset + (2 * NumberSize), NumberSize, Size - tailSize);
        Write(header, MapOffset + (3 * NumberSize), NumberSize, tailSize);
        Write(header, RealSizeOffset, NumberSize, Size);
        // The checksum is the sum of all bytes, its own counted as spaces; six digits, a zero and a space.
        header.AsSpan(ChecksumOffset, ShortNumberSize).Fill((byte)' ');
        int sum = 0;
        foreach (byte octet in header) sum += octet;
        Write(header, ChecksumOffset, ShortNumberSize - 1, sum);
        return header;
    }

    /// <summary>Octal digits that fill the field but for a zero at its end.</summary>
    private static void Write(byte[] header, int offset, int size, long number)
    {
        string digits = Convert.ToString(number, 8).PadLeft(size - 1, '0');
        _ = Encoding.ASCII.GetBytes(digits, header.AsSpan(offset));
        header[offset + size - 1] = 0;
    }
}
