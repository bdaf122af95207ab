using System;

namespace Memcachier.Kernel.Loader;

/// <summary>
/// The file that a disk has its command line in: words over any number of lines; a # at the start of a line or behind a
/// blank begins a comment that ends with the line.
/// </summary>
public static class CommandLineFile
{
    /// <summary>The name of the file, in the root directory of the disk's EFI system partition.</summary>
    public static ReadOnlySpan<byte> Name => "memcachier.conf"u8;

    /// <summary>Room for the longest file in bytes, comments included.</summary>
    public const int FileLengthMax = 64 * 1024;

    /// <summary>The longest command line in bytes, without the zero at its end; the kernel reads a byte more.</summary>
    public const int LineLengthMax = 4095;

    /// <summary>
    /// Reads a file into a command line: its words, one blank between two. A zero byte is a blank, so that it does not end
    /// the line unseen.
    /// </summary>
    /// <param name="text">The file. A byte-order mark at its start is passed over.</param>
    /// <param name="line">Where the line goes.</param>
    /// <param name="length">Its length.</param>
    /// <returns>False if the words do not fit.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> line, out int length)
    {
        length = 0;
        if (text.StartsWith("\uFEFF"u8)) text = text.Slice(3);
        bool isInWord = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet <= (byte)' ')
            {
                isInWord = false;
                continue;
            }
            if (octet == (byte)'#' && !isInWord)
            {
                int end = text.Slice(i).IndexOf((byte)'\n');
                if (end < 0) break;
                i += end;
                continue;
            }
            if (!isInWord && length > 0 && !TryAppend((byte)' ', line, ref length)) return false;
            if (!TryAppend(octet, line, ref length)) return false;
            isInWord = true;
        }
        return true;
    }

    private static bool TryAppend(byte octet, Span<byte> line, ref int length)
    {
        if (length == line.Length) return false;
        line[length++] = octet;
        return true;
    }
}
