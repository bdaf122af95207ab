using System;
using System.IO;
using System.Numerics;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Sizes;
using Memcachier.Protocol;

namespace Memcachier.LoadTest.Workload;

/// <summary>Reads a <see cref="KeyFile"/>, and says of a line that is none where it is and what is accepted.</summary>
internal sealed class KeyFileReader
{
    public const int LineCountMax = 100_000_000;

    /// <summary>A line may have so many, most of them blanks.</summary>
    private const int BufferSize = 64 * 1024;

    private const int ShownMax = 40;

    private static readonly string Shape =
        $"a line is a key of 1 to {Limits.KeyLengthMax} bytes without blanks and control characters, and behind a " +
        $"blank, if wanted, the size of its value, 0 to {SizeDistribution.SizeMax}";

    private readonly string _path;
    private readonly Stream _stream;
    private readonly int _byteCountMax;
    private readonly int _lineCountMax;
    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private byte[] _bytes;
    private int[] _starts = new int[1024];
    private int[] _sizes = [];
    private int _count;
    private ulong _hash;

    private KeyFileReader(string path, Stream stream, int byteCountMax, int lineCountMax)
    {
        _path = path;
        _stream = stream;
        _byteCountMax = byteCountMax;
        _lineCountMax = lineCountMax;
        // A file's keys have no more bytes than the file; how many a pipe has, only its end shows.
        long length = stream.CanSeek ? stream.Length : 0;
        _bytes = new byte[Math.Clamp(length, BufferSize, Array.MaxLength)];
    }

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <param name="path">Its name, for errors.</param>
    /// <param name="stream">What is in it.</param>
    /// <param name="byteCountMax">Bytes of all keys at most.</param>
    /// <param name="lineCountMax">Lines at most, up to <see cref="LineCountMax"/>.</param>
    public static KeyFile Read(
        string path, Stream stream, int byteCountMax = int.MaxValue, int lineCountMax = LineCountMax) =>
        new KeyFileReader(path, stream, Math.Min(byteCountMax, Array.MaxLength), lineCountMax).Read();

    private KeyFile Read()
    {
        Refill();
        if (_buffer.AsSpan(0, _end).StartsWith(ByteOrderMark)) _start = ByteOrderMark.Length;
        while (TryTakeLine(out ReadOnlySpan<byte> line)) Take(line);
        if (_count == 0) throw new LoadTestException($"{_path} has no keys: {Shape}");
        Array.Resize(ref _starts, _count + 1);
        if (_sizes.Length > 0) Array.Resize(ref _sizes, _count);
        var file = new KeyFile(_path, _count, _bytes, _starts, _sizes, _hash);
        if (file.HasSizes) CheckSizes(file);
        return file;
    }

    /// <summary>The next line without its end; the last one may lack it.</summary>
    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        int length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
        if (length < 0 && !_isAtEnd)
        {
            Refill();
            length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
        }
        bool isEnded = length >= 0;
        if (!isEnded && !_isAtEnd) throw Bad($"has more than {BufferSize} bytes");
        line = isEnded ? _buffer.AsSpan(_start, length) : _buffer.AsSpan(_start.._end);
        _start += isEnded ? length + 1 : line.Length;
        if (!isEnded && line.IsEmpty) return false;
        if (line.EndsWith("\r"u8)) line = line[..^1];
        return true;
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        int blank = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> key = blank < 0 ? line : line[..blank];
        if (line.IsEmpty) throw Bad("is empty");
        if (key.IsEmpty) throw Bad("begins with a blank");
        if (key.Length > Limits.KeyLengthMax) throw Bad($"has a key of {key.Length} bytes");
        if (key.IndexOfAnyInRange((byte)0, (byte)' ') >= 0 || key.Contains((byte)127))
            throw Bad("has a control character in its key");
        int size = blank < 0 ? KeyFile.NoSize : SizeIn(line[blank..].Trim(" \t"u8));
        Add(key, size);
    }

    private int SizeIn(ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty) return KeyFile.NoSize;
        if (!AsciiDecimal.TryParse(word, out ulong size) || size > SizeDistribution.SizeMax)
            throw Bad($"has '{Shown(word)}' for a size");
        return (int)size;
    }

    private void Add(ReadOnlySpan<byte> key, int size)
    {
        if (_count == _lineCountMax)
            throw new LoadTestException($"{_path} is too long: {_lineCountMax} lines are the most");
        int start = _starts[_count];
        if (key.Length > _byteCountMax - start)
            throw new LoadTestException($"{_path} is too long: {_byteCountMax} bytes of keys are the most");
        if (key.Length > _bytes.Length - start)
            Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, Array.MaxLength));
        if (_count + 1 == _starts.Length) Array.Resize(ref _starts, 2 * _starts.Length);
        key.CopyTo(_bytes.AsSpan(start));
        if (size != KeyFile.NoSize || _sizes.Length > 0) AddSize(size);
        _count++;
        _starts[_count] = start + key.Length;
        // Any odd factor makes the order count.
        _hash = (_hash * 0x9E37_79B9_7F4A_7C15) + KeyHash.Of(key) + (uint)size;
    }

    private void AddSize(int size)
    {
        if (_sizes.Length < _starts.Length)
        {
            int known = _sizes.Length == 0 ? 0 : _count;
            Array.Resize(ref _sizes, _starts.Length);
            _sizes.AsSpan(known.._count).Fill(KeyFile.NoSize);
        }
        _sizes[_count] = size;
    }

    /// <summary>
    /// A value's size is a function of its key, so one that comes again has to have the same. In a table of twice as
    /// many places as lines, the first line of each key is at its hash or behind.
    /// </summary>
    private void CheckSizes(KeyFile file)
    {
        int[] lines = new int[BitOperations.RoundUpToPowerOf2(2 * (uint)file.Count)];
        for (int i = 0; i < file.Count; i++)
        {
            int place = (int)KeyHash.Of(file[i]) & (lines.Length - 1);
            while (lines[place] > 0 && !file[lines[place] - 1].SequenceEqual(file[i]))
                place = (place + 1) & (lines.Length - 1);
            int line = lines[place];
            if (line == 0) lines[place] = i + 1;
            else if (file.SizeOf(i) != file.SizeOf(line - 1))
                throw new LoadTestException(
                    $"{_path}, line {i + 1}: '{Encoding.UTF8.GetString(file[i])}' has {SizeText(file.SizeOf(i))}, " +
                    $"and {SizeText(file.SizeOf(line - 1))} in line {line}: a key that comes again has the same size " +
                    "again");
        }
    }

    private static string SizeText(int size) => size switch
    {
        KeyFile.NoSize => "no size",
        1 => "1 byte",
        _ => $"{size} bytes",
    };

    /// <summary>What may be anything, so that a terminal can show it.</summary>
    private static string Shown(ReadOnlySpan<byte> word)
    {
        char[] text = new char[Math.Min(word.Length, ShownMax)];
        for (int i = 0; i < text.Length; i++) text[i] = word[i] is >= (byte)' ' and < 127 ? (char)word[i] : '?';
        return new string(text);
    }

    private LoadTestException Bad(string why) => new($"{_path}, line {_count + 1} {why}: {Shape}");

    /// <summary>Moves the rest to the front and reads what fits behind it.</summary>
    private void Refill()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int length = _stream.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
        _isAtEnd = length < _buffer.Length - _end;
        _end += length;
    }
}
