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
