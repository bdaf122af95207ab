using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>The date format of JSON's users: 1994-11-06T08:49:37Z (RFC 3339 §5.6).</summary>
public static class Rfc3339
{
    /// <summary>In bytes, always.</summary>
    public const int Length = 20;

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    /// <param name="unixSeconds">Since 1970; what is before that or after 9999 becomes the nearest date there is.</param>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        var time = new CivilTime(unixSeconds);
        var text = new LineBuilder(destination.Slice(0, Length));
        AppendDigits(ref text, time.Year, 1000);
        text.Append("-"u8);
        AppendDigits(ref text, time.Month, 10);
        text.Append("-"u8);
        AppendDigits(ref text, time.Day, 10);
        text.Append("T"u8);
        AppendClock(ref text, time.SecondOfDay);
        text.Append("Z"u8);
    }

    /// <summary>08:49:37</summary>
    internal static void AppendClock(ref LineBuilder text, int secondOfDay)
    {
        AppendDigits(ref text, secondOfDay / 3600, 10);
        text.Append(":"u8);
        AppendDigits(ref text, secondOfDay / 60 % 60, 10);
        text.Append(":"u8);
        AppendDigits(ref text, secondOfDay % 60, 10);
    }

    /// <param name="weight">Of the first digit: 10 for two digits, 1000 for four.</param>
    internal static void AppendDigits(ref LineBuilder text, int value, int weight)
    {
        for (; weight > 0; weight /= 10) text.AppendDecimal((ulong)(value / weight % 10));
    }
}
