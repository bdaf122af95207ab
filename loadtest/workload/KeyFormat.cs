using System;
using System.Text;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest.Workload;

/// <summary>
/// The keys on the wire: a letter that says what they are for (<c>k:</c>, <c>n:</c>, <c>a:</c>), and the index with
/// zeros in front, all of one length. If there is a file, those of values are its keys.
/// </summary>
public sealed class KeyFormat
{
    /// <summary>The prefix, and the 12 digits of a trillion keys.</summary>
    public const int LengthMin = 14;

    private const int PrefixLength = 2;

    private readonly int _length;
    private readonly KeyFile? _file;

    /// <param name="length">Bytes of a key with a number, <see cref="LengthMin"/> to 250.</param>
    /// <param name="file">The keys of values; null if they have numbers, too.</param>
    public KeyFormat(int length, KeyFile? file = null)
    {
        _length = length;
        _file = file;
    }

    /// <summary>Hot: once per key. Bytes of a key, 1 to 250.</summary>
    public int LengthOf(long index, KeyKind kind) =>
        _file == null || kind != KeyKind.Value ? _length : _file[index].Length;

    /// <summary>Hot: once per value. Its bytes, if the file says so, or <see cref="KeyFile.NoSize"/>.</summary>
    public int ValueSizeOf(long index) => _file == null ? KeyFile.NoSize : _file.SizeOf(index);

    /// <summary>
    /// Hot: once per key. Fills the first bytes of <paramref name="destination"/>; returns how many.
    /// </summary>
    public int Write(long index, KeyKind kind, Span<byte> destination)
    {
        if (_file != null && kind == KeyKind.Value)
        {
            ReadOnlySpan<byte> key = _file[index];
            key.CopyTo(destination);
            return key.Length;
        }
        destination[0] = (byte)kind;
        destination[1] = (byte)':';
        ulong rest = (ulong)index;
        for (int i = _length - 1; i >= PrefixLength; i--)
        {
            ulong quotient = rest / 10;
            destination[i] = (byte)('0' + (rest - (quotient * 10)));
            rest = quotient;
            if (rest == 0)
            {
                destination[PrefixLength..i].Fill((byte)'0');
                break;
            }
        }
        return _length;
    }

    public string ToText(long index, KeyKind kind)
    {
        byte[] text = new byte[LengthOf(index, kind)];
        _ = Write(index, kind, text);
        return Encoding.UTF8.GetString(text);
    }

    /// <summary>The first key of the file that one of this kind has, too; null if there is none.</summary>
    /// <param name="kind">One of those with numbers, of which there are as many as keys in the file.</param>
    public long? FirstClash(KeyKind kind)
    {
        for (long i = 0; i < _file?.Count; i++)
        {
            ReadOnlySpan<byte> key = _file[i];
            if (key.Length == _length && key[0] == (byte)kind && key[1] == (byte)':' &&
                AsciiDecimal.TryParse(key[PrefixLength..], out ulong index) && index < (ulong)_file.Count)
                return i;
        }
        return null;
    }
}
