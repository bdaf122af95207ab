using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Json;

/// <content>Numbers and strings.</content>
public ref partial struct JsonReader
{
    private const int HexDigits = 4;

    /// <summary>The number that was just read; fails if it is none, is no integer as it is written, or is too large.</summary>
    public readonly bool TryInteger(out long value)
    {
        value = 0;
        if (Token != JsonToken.Number) return false;
        bool isNegative = Raw[0] == '-';
        if (!AsciiDecimal.TryParse(isNegative ? Raw.Slice(1) : Raw, out ulong size)) return false;
        if (size > long.MaxValue) return false;
        value = isNegative ? -(long)size : (long)size;
        return true;
    }

    /// <summary>
    /// Copies the name or string that was just read, its escapes resolved, as UTF-8. Fails if it is none, or too long.
    /// </summary>
    /// <param name="length">In bytes; never more than <see cref="Raw"/> has.</param>
    public readonly bool TryText(Span<byte> destination, out int length)
    {
        length = 0;
        if (Token is not (JsonToken.Name or JsonToken.String)) return false;
        ReadOnlySpan<byte> rest = Raw;
        Span<byte> character = stackalloc byte[4];
        while (rest.Length > 0)
        {
            character[0] = rest[0];
            int size = 1;
            int taken = 1;
            if (rest[0] == '\\') taken = Unescape(rest, character, out size);
            if (size > destination.Length - length) return false;
            character.Slice(0, size).CopyTo(destination.Slice(length));
            length += size;
            rest = rest.Slice(taken);
        }
        return true;
    }

    /// <summary>Whether the name or string that was just read is this text.</summary>
    /// <param name="text">At most 64 bytes.</param>
    public readonly bool Is(ReadOnlySpan<byte> text)
    {
        if (!HasEscapes) return Raw.SequenceEqual(text);
        Span<byte> room = stackalloc byte[64];
        return TryText(room, out int length) && text.SequenceEqual(room.Slice(0, length));
    }

    /// <summary>RFC 8259 §6</summary>
    private bool TryNumber()
    {
        int start = _position;
        if (Next == '-') _position++;
        if (Next == '0') _position++;
        else if (!TryDigits()) return false;
        if (Next is >= '0' and <= '9') return FailNumber();
        if (Next == '.')
        {
            _position++;
            if (!TryDigits()) return false;
        }
        if (Next is 'e' or 'E')
        {
            _position++;
            if (Next is '+' or '-') _position++;
            if (!TryDigits()) return false;
        }
        Raw = _text.Slice(start, _position - start);
        return true;
    }

    private bool TryDigits()
    {
        if (Next is not (>= '0' and <= '9')) return FailNumber();
        while (Next is >= '0' and <= '9') _position++;
        return true;
    }

    private bool FailNumber()
    {
        _ = FailHere(Next < 0 ? JsonError.EndsEarly : JsonError.BadNumber);
        return false;
    }

    /// <summary>RFC 8259 §7</summary>
    private bool TryString()
    {
        int start = ++_position;
        while (Next != '"')
        {
            JsonError error = TakeCharacter();
            if (error == JsonError.None) continue;
            _ = FailHere(error);
            return false;
        }
        Raw = _text.Slice(start, _position - start);
        _position++;
        return true;
    }

    private JsonError TakeCharacter()
    {
        switch (Next)
        {
            case < 0:
                return JsonError.EndsEarly;
            case < 0x20:
                return JsonError.ControlCharacter;
            case '\\':
                HasEscapes = true;
                return TakeEscape();
            default:
                int length = Utf8.LengthOfFirst(_text.Slice(_position));
                if (length == 0) return JsonError.BadUtf8;
                _position += length;
                return JsonError.None;
        }
    }

    private JsonError TakeEscape()
    {
        ReadOnlySpan<byte> rest = _text.Slice(_position + 1);
        if (rest.Length == 0) return JsonError.EndsEarly;
        if (rest[0] != 'u')
        {
            if (Simple(rest[0]) == 0) return JsonError.BadEscape;
            _position += 2;
            return JsonError.None;
        }
        int unit = HexOf(rest.Slice(1));
        if (unit < 0) return rest.Length <= HexDigits ? JsonError.EndsEarly : JsonError.BadEscape;
        if (unit is >= 0xDC00 and <= 0xDFFF) return JsonError.LoneSurrogate;
        if (unit is >= 0xD800 and <= 0xDBFF)
        {
            rest = rest.Slice(1 + HexDigits);
            if (!rest.StartsWith("\\u"u8) || HexOf(rest.Slice(2)) is not (>= 0xDC00 and <= 0xDFFF)) return JsonError.LoneSurrogate;
            _position += 2 + HexDigits;
        }
        _position += 2 + HexDigits;
        return JsonError.None;
    }

    /// <summary>Of a string that was checked. Returns how long the escape is.</summary>
    private static int Unescape(ReadOnlySpan<byte> text, Span<byte> character, out int size)
    {
        size = 1;
        if (text[1] != 'u')
        {
            character[0] = Simple(text[1]);
            return 2;
        }
        int code = HexOf(text.Slice(2));
        int taken = 2 + HexDigits;
        if (code is >= 0xD800 and <= 0xDBFF)
        {
            code = 0x10000 + ((code - 0xD800) << 10) + (HexOf(text.Slice(taken + 2)) - 0xDC00);
            taken += 2 + HexDigits;
        }
        size = Utf8.Encode(code, character);
        return taken;
    }

    /// <summary>What a letter behind a backslash stands for; 0 if it stands for nothing.</summary>
    private static byte Simple(byte letter) => letter switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => letter,
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => 0,
    };

    /// <summary>Four hexadecimal digits; -1 if they are not there.</summary>
    private static int HexOf(ReadOnlySpan<byte> text)
    {
        if (text.Length < HexDigits) return -1;
        int value = 0;
        for (int i = 0; i < HexDigits; i++)
        {
            byte letter = (byte)(text[i] | 0x20);
            int digit = text[i] is >= (byte)'0' and <= (byte)'9' ? text[i] - '0'
                : letter is >= (byte)'a' and <= (byte)'f' ? letter - 'a' + 10 : -1;
            if (digit < 0) return -1;
            value = value << 4 | digit;
        }
        return value;
    }
}
