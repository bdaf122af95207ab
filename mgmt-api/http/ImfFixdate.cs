using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>The date format of HTTP: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 §5.6.7).</summary>
public static class ImfFixdate
{
    /// <summary>In bytes, always.</summary>
    public const int Length = 29;

    private const int SecondsPerDay = 86400;
    private const int DaysPerEra = 146_097;

    // The last second of the year 9999; there is no form for a later one.
    private const long SecondsMax = 253_402_300_799;

    private static ReadOnlySpan<byte> DayNames => "ThuFriSatSunMonTueWed"u8;

    private static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    /// <param name="unixSeconds">Since 1970; what is before that or after 9999 becomes the nearest date there is.</param>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        unixSeconds = Math.Clamp(unixSeconds, 0, SecondsMax);
        int days = (int)(unixSeconds / SecondsPerDay);
        int second = (int)(unixSeconds % SecondsPerDay);
        // Years that begin in March have their leap day last; an era is 400 of them, the first began in the year 0.
        int sinceEra = days + 719_468;
        int era = sinceEra / DaysPerEra;
        int dayOfEra = sinceEra % DaysPerEra;
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int marchMonth = ((5 * dayOfYear) + 2) / 153;
        int day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        int month = marchMonth < 10 ? marchMonth + 2 : marchMonth - 10;
        int year = yearOfEra + (era * 400) + (month < 2 ? 1 : 0);

        var text = new LineBuilder(destination.Slice(0, Length));
        text.Append(DayNames.Slice(days % 7 * 3, 3));
        text.Append(", "u8);
        AppendDigits(ref text, day, 10);
        text.Append(" "u8);
        text.Append(MonthNames.Slice(month * 3, 3));
        text.Append(" "u8);
        AppendDigits(ref text, year, 1000);
        text.Append(" "u8);
        AppendDigits(ref text, second / 3600, 10);
        text.Append(":"u8);
        AppendDigits(ref text, second / 60 % 60, 10);
        text.Append(":"u8);
        AppendDigits(ref text, second % 60, 10);
        text.Append(" GMT"u8);
    }

    private static void AppendDigits(ref LineBuilder text, int value, int weight)
    {
        for (; weight > 0; weight /= 10) text.AppendDecimal((ulong)(value / weight % 10));
    }
}
