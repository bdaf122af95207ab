using System;
using System.Buffers.Binary;
using System.IO;
using Memcachier.Kernel.Base;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Traces;

/// <summary>Reads the requests of a trace, one after the other.</summary>
public sealed class TraceReader : IDisposable
{
    /// <summary>The longest line of a text trace, and the size of the sample that tells the format.</summary>
    private const int BufferSize = FormatDetector.SampleSize;

    private const string TextShape = "time, key and size";

    private readonly string _path;
    private readonly TraceStream _stream;
    private readonly byte[] _buffer = new byte[BufferSize];
    private readonly byte[] _key = new byte[Limits.KeyLengthMax];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    /// <summary>Records taken so far.</summary>
    private long _recordCount;

    private TraceReader(string path, TraceStream stream)
    {
        _path = path;
        _stream = stream;
        "k:"u8.CopyTo(_key);
    }

    public TraceFormat Format { get; private set; }

    /// <summary>Opens the trace and finds out its format, if it is not given.</summary>
    public static TraceReader Open(string path, TraceFormat format)
    {
        var reader = new TraceReader(path, TraceStream.Open(path));
        try
        {
            reader.Refill();
            reader.Choose(format);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        return reader;
    }

    /// <summary>False at the end of the trace.</summary>
    public bool TryRead(out TraceRequest request)
    {
        request = default;
        bool isRead = Format switch
        {
            TraceFormat.Int32 => TryReadKey(sizeof(uint), out request),
            TraceFormat.Int64 => TryReadKey(sizeof(ulong), out request),
            _ => TryReadLine(out request),
        };
        if (isRead) _recordCount++;
        return isRead;
    }

    public void Dispose() => _stream.Dispose();

    private void Choose(TraceFormat format)
    {
        if (format == TraceFormat.Auto && _end > 0 &&
            !FormatDetector.TryDetect(Path.GetFileName(_path), _buffer.AsSpan(0, _end), out format))
            throw new LoadTestException(
                $"the format of {_path} does not show: choose it with --format int32, int64 or text");
        Format = format;
    }

    /// <summary>k: and the digits of a big-endian number.</summary>
    private bool TryReadKey(int size, out TraceRequest request)
    {
        request = default;
        if (_end - _start < size) Refill();
        int length = Math.Min(_end - _start, size);
        if (length == 0) return false;
        if (length < size)
            throw new LoadTestException(
                $"{_path} ends within record {_recordCount + 1}: {length} of {size} bytes; is --format right?");
        ReadOnlySpan<byte> record = _buffer.AsSpan(_start, size);
        _start += size;
        ulong number = size == sizeof(uint)
            ? BinaryPrimitives.ReadUInt32BigEndian(record)
            : BinaryPrimitives.ReadUInt64BigEndian(record);
        Span<byte> key = _key.AsSpan(0, "k:"u8.Length + (2 * size));
        for (int i = key.Length - 1; i >= "k:"u8.Length; i--, number >>= 4)
            key[i] = "0123456789abcdef"u8[(int)(number & 0xF)];
        request = new TraceRequest { Key = key, Size = TraceRequest.NoSize };
        return true;
    }

    private bool TryReadLine(out TraceRequest request)
    {
        request = default;
        if (!TryTakeLine(out ReadOnlySpan<byte> line)) return false;
        var words = new Tokens(line);
        bool isGood = words.TryNext(out _);
        isGood &= words.TryNext(out ReadOnlySpan<byte> key);
        isGood &= words.TryNext(out ReadOnlySpan<byte> sizeWord);
        isGood &= AsciiDecimal.TryParse(sizeWord, out ulong size);
        if (!isGood || words.TryNext(out _)) throw Bad($"has not {TextShape}");
        int prefixLength = "k:"u8.Length;
        if (key.Length > _key.Length - prefixLength)
            throw Bad($"has a key of {key.Length} bytes; {_key.Length - prefixLength} is the most");
        if (key.IndexOfAnyInRange((byte)0, (byte)' ') >= 0) throw Bad("has a control character in its key");
        key.CopyTo(_key.AsSpan(prefixLength));
        request = new TraceRequest
        {
            Key = _key.AsSpan(0, prefixLength + key.Length),
            Size = (int)Math.Min(size, int.MaxValue),
        };
        return true;
    }

    /// <summary>The next line without its end; the last one may lack it.</summary>
    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (length < 0 && !_isAtEnd)
        {
            Refill();
            length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        }
        line = _buffer.AsSpan(_start, length < 0 ? _end - _start : length);
        if (length < 0 && !_isAtEnd) throw Bad($"has more than {BufferSize} bytes");
        if (length < 0 && line.IsEmpty) return false;
        _start = length < 0 ? _end : _start + length + 1;
        line = line.TrimEnd((byte)'\r');
        return true;
    }

    private LoadTestException Bad(string why) => new($"line {_recordCount + 1} of {_path} {why}");

    /// <summary>Moves the rest to the front and reads what fits behind it.</summary>
    private void Refill()
    {
        if (_isAtEnd) return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int length = _stream.Read(_buffer.AsSpan(_end));
        _isAtEnd = length < _buffer.Length - _end;
        _end += length;
    }
}
