using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Server;

/// <summary>Writes "STAT name value\r\n".</summary>
internal static class StatLine
{
    private const long MicrosPerSecond = 1_000_000;

    public static int Number(Span<byte> line, ReadOnlySpan<byte> name, long value)
    {
        int length = Begin(line, name);
        return End(line, length + AsciiDecimal.Format((ulong)Math.Max(value, 0), line.Slice(length)));
    }

    public static int Text(Span<byte> line, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int length = Begin(line, name);
        value.CopyTo(line.Slice(length));
        return End(line, length + value.Length);
    }

    /// <summary>A number with some decimals, rounded.</summary>
    /// <param name="thousandths">The number, 0 or more.</param>
    /// <param name="decimals">1 to 3.</param>
    public static int Fraction(Span<byte> line, ReadOnlySpan<byte> name, long thousandths, int decimals)
    {
        long unit = decimals == 3 ? 1 : decimals == 2 ? 10 : 100;
        long scale = 1000 / unit;
        long value = (Math.Max(thousandths, 0) + (unit / 2)) / unit;
        int length = Begin(line, name);
        length += AsciiDecimal.Format((ulong)(value / scale), line.Slice(length));
        // One digit more than the fraction has, to be replaced by the point: it brings the leading zeros.
        int point = length;
        length += AsciiDecimal.Format((ulong)(scale + (value % scale)), line.Slice(length));
        line[point] = (byte)'.';
        return End(line, length);
    }

    /// <summary>Seconds with six decimals.</summary>
    public static int Seconds(Span<byte> line, ReadOnlySpan<byte> name, long micros)
    {
        int length = Begin(line, name);
        length += AsciiDecimal.Format((ulong)(micros / MicrosPerSecond), line.Slice(length));
        // One digit more than the fraction has, to be replaced by the point: it brings the leading zeros.
        int point = length;
        length += AsciiDecimal.Format((ulong)(MicrosPerSecond + (micros % MicrosPerSecond)), line.Slice(length));
        line[point] = (byte)'.';
        return End(line, length);
    }

    /// <summary>What stands between "STAT " and the line's end.</summary>
    public static ReadOnlySpan<byte> NameAndValue(ReadOnlySpan<byte> line) =>
        line.Slice("STAT "u8.Length, line.Length - "STAT "u8.Length - "\r\n"u8.Length);

    private static int Begin(Span<byte> line, ReadOnlySpan<byte> name)
    {
        "STAT "u8.CopyTo(line);
        name.CopyTo(line.Slice("STAT "u8.Length));
        int length = "STAT "u8.Length + name.Length;
        line[length] = (byte)' ';
        return length + 1;
    }

    private static int End(Span<byte> line, int length)
    {
        "\r\n"u8.CopyTo(line.Slice(length));
        return length + "\r\n"u8.Length;
    }
}
