using System;
using System.IO;

namespace Memcachier.LoadTest.Workload;

/// <summary>
/// Keys from a file, one a line, and the sizes of their values where the lines say them. They are in one piece of
/// memory, one behind the other: millions of them take little more than the file has, and at most 8 bytes more each.
/// </summary>
public sealed class KeyFile
{
    /// <summary>The size of a value of which the line says none.</summary>
    public const int NoSize = -1;

    private readonly byte[] _bytes;

    // Where each key begins, and where the last one ends.
    private readonly int[] _starts;

    // Empty if no line says a size.
    private readonly int[] _sizes;

    internal KeyFile(string path, int count, byte[] bytes, int[] starts, int[] sizes, ulong hash)
    {
        Path = path;
        Count = count;
        _bytes = bytes;
        _starts = starts;
        _sizes = sizes;
        Hash = hash;
    }

    /// <summary>As the user wrote it.</summary>
    public string Path { get; }

    /// <summary>Lines, at least 1; a key may have several.</summary>
    public int Count { get; }

    /// <summary>Of all keys and sizes in their order: files with the same one have the same lines.</summary>
    public ulong Hash { get; }

    /// <summary>True if a line says the size of a value.</summary>
    internal bool HasSizes => _sizes.Length > 0;

    /// <summary>Hot: once per key. That of a line, 1 to 250 bytes.</summary>
    /// <param name="index">The line, from 0.</param>
    public ReadOnlySpan<byte> this[long index] => _bytes.AsSpan(_starts[index].._starts[index + 1]);

    /// <summary>Reads a file, or a pipe, to its end.</summary>
    /// <exception cref="LoadTestException">It cannot be read, or a line is not a key.</exception>
    public static KeyFile Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return KeyFileReader.Read(path, stream);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new LoadTestException($"cannot read the keys: {problem.Message}", problem);
        }
    }

    /// <summary>Hot: once per value. Its bytes, or <see cref="NoSize"/>.</summary>
    /// <param name="index">The line, from 0.</param>
    public int SizeOf(long index) => _sizes.Length == 0 ? NoSize : _sizes[index];
}
