using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Json;

/// <summary>
/// Writes one piece of a JSON text (RFC 8259) into a buffer: a whole value, or part of an array or object that is too
/// long for one buffer. Commas come by themselves.
/// </summary>
/// <remarks>
/// What does not fit is not written, and <see cref="HasFailed"/> stays true from then on: the piece is to be made again
/// with more room, or given up. Strings are bytes of UTF-8; a byte that is not part of any character, as keys may have,
/// is written as U+FFFD, so that the text is always valid.
/// </remarks>
public ref struct JsonWriter
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly Span<byte> _room;
    private bool _needsComma;

    /// <param name="room">Where the piece goes.</param>
    /// <param name="follows">
    /// The piece goes on with an array or object that another piece began, and that has something in it already.
    /// </param>
    public JsonWriter(Span<byte> room, bool follows = false)
    {
        _room = room;
        _needsComma = follows;
    }

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Something did not fit.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public readonly int Room => _room.Length - Length;

    public void BeginObject() => Begin((byte)'{');

    public void EndObject() => End((byte)'}');

    public void BeginArray() => Begin((byte)'[');

    public void EndArray() => End((byte)']');

    /// <summary>The name of the member whose value comes next.</summary>
    public void Name(scoped ReadOnlySpan<byte> name)
    {
        String(name);
        Append((byte)':');
        _needsComma = false;
    }

    public void Null()
    {
        Separate();
        Append("null"u8);
    }

    public void Boolean(bool value)
    {
        Separate();
        Append(value ? "true"u8 : "false"u8);
    }

    /// <summary>A number. Readers that have only doubles lose the last digits from 2^53 on.</summary>
    public void Number(long value)
    {
        Separate();
        if (value < 0) Append((byte)'-');
        AppendDecimal(value < 0 ? 0 - (ulong)value : (ulong)value);
    }

    public void Unsigned(ulong value)
    {
        Separate();
        AppendDecimal(value);
    }

    /// <summary>A number, or elements with commas between them, that are JSON already.</summary>
    public void Literal(scoped ReadOnlySpan<byte> text)
    {
        Separate();
        Append(text);
    }

    /// <summary>White space, which says nothing but that there is more to come.</summary>
    public void Space() => Append((byte)' ');

    /// <summary>A time in seconds, with six decimals.</summary>
    /// <param name="micros">0 or more.</param>
    public void Seconds(long micros)
    {
        Separate();
        Invariant.Holds(micros >= 0);
        AppendDecimal((ulong)(micros / MicrosPerSecond));
        // One digit more than the fraction has, which the point replaces: it brings the leading zeros.
        int point = Length;
        AppendDecimal((ulong)(MicrosPerSecond + (micros % MicrosPerSecond)));
        if (!HasFailed) _room[point] = (byte)'.';
    }

    /// <summary>A string, escaped.</summary>
    public void String(scoped ReadOnlySpan<byte> text)
    {
        BeginString();
        StringPart(text);
        EndString();
    }

    /// <summary>Begins a string that comes in parts, perhaps of several pieces.</summary>
    public void BeginString()
    {
        Separate();
        Append((byte)'"');
    }

    /// <summary>A part of a string, escaped: whole characters.</summary>
    public void StringPart(scoped ReadOnlySpan<byte> text)
    {
        while (text.Length > 0)
        {
            int plain = CountPlain(text);
            Append(text.Slice(0, plain));
            text = text.Slice(plain);
            if (text.Length > 0) text = text.Slice(AppendOther(text));
        }
    }

    public void EndString() => Append((byte)'"');

    /// <summary>A string that is no longer than it has to be: the dotted text of an IPv4 address.</summary>
    public void Address(uint bits)
    {
        Span<byte> text = stackalloc byte[16];
        var line = new LineBuilder(text);
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            line.AppendDecimal(bits >> shift & 0xFF);
            if (shift > 0) line.Append("."u8);
        }
        String(line.Octets);
    }

    public void Member(scoped ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        Number(value);
    }

    public void Member(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> text)
    {
        Name(name);
        String(text);
    }

    public void Member(scoped ReadOnlySpan<byte> name, bool value)
    {
        Name(name);
        Boolean(value);
    }

    private void Begin(byte bracket)
    {
        Separate();
        Append(bracket);
        _needsComma = false;
    }

    private void End(byte bracket)
    {
        Append(bracket);
        _needsComma = true;
    }

    private void Separate()
    {
        if (_needsComma) Append((byte)',');
        _needsComma = true;
    }

    /// <summary>How many bytes from the start are ASCII that needs no escape.</summary>
    private static int CountPlain(scoped ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && text[count] is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\') count++;
        return count;
    }

    /// <summary>Writes a character that is not plain, and returns how many bytes it was.</summary>
    private int AppendOther(scoped ReadOnlySpan<byte> text)
    {
        byte first = text[0];
        if (first >= 0x80)
        {
            int length = Utf8.LengthOfFirst(text);
            if (length == 0) Append("\uFFFD"u8);
            else Append(text.Slice(0, length));
            return Math.Max(length, 1);
        }
        Append((byte)'\\');
        switch (first)
        {
            case (byte)'"' or (byte)'\\':
                Append(first);
                break;
            case (byte)'\n':
                Append((byte)'n');
                break;
            case (byte)'\r':
                Append((byte)'r');
                break;
            case (byte)'\t':
                Append((byte)'t');
                break;
            default:
                Append("u00"u8);
                Append("0123456789abcdef"u8[first >> 4]);
                Append("0123456789abcdef"u8[first & 15]);
                break;
        }
        return 1;
    }

    private void AppendDecimal(ulong value)
    {
        Span<byte> digits = stackalloc byte[AsciiDecimal.MaxLength];
        Append(digits.Slice(0, AsciiDecimal.Format(value, digits)));
    }

    private void Append(byte octet)
    {
        if (Room == 0 || HasFailed)
        {
            HasFailed = true;
            return;
        }
        _room[Length++] = octet;
    }

    private void Append(scoped ReadOnlySpan<byte> octets)
    {
        if (octets.Length > Room || HasFailed)
        {
            HasFailed = true;
            return;
        }
        octets.CopyTo(_room.Slice(Length));
        Length += octets.Length;
    }
}
