using System;

namespace Memcachier.Kernel.Base;

/// <summary>
/// Builds one line of text in a buffer. What does not fit is cut off: a report that is too long is still a report.
/// </summary>
public ref struct LineBuilder
{
    private const int MaxDigits = 20;

    private readonly Span<byte> _buffer;
    private int _length;

    public LineBuilder(Span<byte> buffer) => _buffer = buffer;

    /// <summary>What was written so far.</summary>
    public readonly ReadOnlySpan<byte> Octets => _buffer.Slice(0, _length);

    public void Append(scoped ReadOnlySpan<byte> text)
    {
        if (text.Length > _buffer.Length - _length) text = text.Slice(0, _buffer.Length - _length);
        text.CopyTo(_buffer.Slice(_length));
        _length += text.Length;
    }

    public void AppendDecimal(ulong value) => AppendDecimal(value, 1);

    /// <summary>Appends <paramref name="value"/>, right-aligned in <paramref name="width"/> columns (at most 20).</summary>
    public void AppendDecimal(ulong value, int width)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        int count = AsciiDecimal.Format(value, digits);
        for (int i = count; i < width; i++) Append(" "u8);
        Append(digits.Slice(0, count));
    }

    /// <summary>Appends 0x and exactly 16 digits: an address, as the symbolizer looks for it.</summary>
    public void AppendAddress(ulong value)
    {
        Append("0x"u8);
        AppendHex(value, 16);
    }

    /// <summary>Appends the lowest <paramref name="digits"/> hexadecimal digits (1 to 16) of <paramref name="value"/>.</summary>
    public void AppendHex(ulong value, int digits)
    {
        ReadOnlySpan<byte> alphabet = "0123456789abcdef"u8;
        Span<byte> text = stackalloc byte[16];
        for (int i = digits - 1; i >= 0; i--)
        {
            text[i] = alphabet[(int)(value & 15)];
            value >>= 4;
        }
        Append(text.Slice(0, digits));
    }

    /// <summary>Appends a literal of the runtime's 16-bit characters; those outside ASCII become question marks.</summary>
    public void AppendLiteral(string text)
    {
        Span<byte> one = stackalloc byte[1];
        for (int i = 0; i < text.Length; i++)
        {
            one[0] = text[i] < 0x80 ? (byte)text[i] : (byte)'?';
            Append(one);
        }
    }
}
