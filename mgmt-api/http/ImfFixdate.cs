using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>The date format of HTTP: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 §5.6.7).</summary>
public static class ImfFixdate
{
    /// <summary>In bytes, always.</summary>
    public const int Length = 29;

    private static ReadOnlySpan<byte> DayNames => "ThuFriSatSunMonTueWed"u8;

    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    /// <param name="unixSeconds">Since 1970; what is before that or after 9999 becomes the nearest date there is.</param>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        var time = new CivilTime(unixSeconds);
        var text = new LineBuilder(destination.Slice(0, Length));
        text.Append(DayNames.Slice(time.DaysSinceEpoch % 7 * 3, 3));
        text.Append(", "u8);
        Rfc3339.AppendDigits(ref text, time.Day, 10);
        text.Append(" "u8);
        text.Append(MonthNames.Slice((time.Month - 1) * 3, 3));
        text.Append(" "u8);
        Rfc3339.AppendDigits(ref text, time.Year, 1000);
        text.Append(" "u8);
        Rfc3339.AppendClock(ref text, time.SecondOfDay);
        text.Append(" GMT"u8);
    }
}
