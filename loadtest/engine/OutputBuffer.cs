using System;

namespace Memcachier.LoadTest.Engine;

/// <summary>Bytes that wait to be sent. It grows to what is needed at once, and stays so.</summary>
internal sealed class OutputBuffer
{
    private byte[] _bytes = new byte[16 * 1024];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Waiting => _bytes.AsSpan(_start, _end - _start);

    public int Count => _end - _start;

    /// <summary>
    /// Hot: once per request. A place for <paramref name="length"/> bytes, which are then in the buffer.
    /// </summary>
    public Span<byte> Take(int length)
    {
        if (_bytes.Length - _end < length) MakeRoomSlow(length);
        Span<byte> place = _bytes.AsSpan(_end, length);
        _end += length;
        return place;
    }

    public void Append(ReadOnlySpan<byte> text) => text.CopyTo(Take(text.Length));

    /// <summary>Gives back the last bytes of what was taken.</summary>
    public void Shrink(int length) => _end -= length;

    public void Sent(int length)
    {
        _start += length;
        if (_start == _end) Clear();
    }

    public void Clear() => _start = _end = 0;

    private void MakeRoomSlow(int length)
    {
        int count = Count;
        byte[] target = _bytes;
        if (count + length > _bytes.Length) target = new byte[Math.Max(count + length, 2 * _bytes.Length)];
        Waiting.CopyTo(target);
        _bytes = target;
        _start = 0;
        _end = count;
    }
}
