using System;

namespace Memcachier.Management.Http;

/// <summary>A second of the calendar (UTC, Gregorian), from 1970 to 9999.</summary>
public readonly struct CivilTime
{
    private const int SecondsPerDay = 86400;
    private const int DaysPerEra = 146_097;

    // The last second of the year 9999; the formats have no form for a later one.
    private const long SecondsMax = 253_402_300_799;

    /// <param name="unixSeconds">Since 1970; what is before that or after 9999 becomes the nearest second there is.</param>
    public CivilTime(long unixSeconds)
    {
        unixSeconds = Math.Clamp(unixSeconds, 0, SecondsMax);
        int days = (int)(unixSeconds / SecondsPerDay);
        // Years that begin in March have their leap day last; an era is 400 of them, the first began in the year 0.
        int sinceEra = days + 719_468;
        int era = sinceEra / DaysPerEra;
        int dayOfEra = sinceEra % DaysPerEra;
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int marchMonth = ((5 * dayOfYear) + 2) / 153;
        Day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        Month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        Year = yearOfEra + (era * 400) + (Month <= 2 ? 1 : 0);
        DaysSinceEpoch = days;
        SecondOfDay = (int)(unixSeconds % SecondsPerDay);
    }

    public int Year { get; }

    /// <summary>1 to 12.</summary>
    public int Month { get; }

    /// <summary>1 to 31.</summary>
    public int Day { get; }

    /// <summary>0 on 1 January 1970, which was a Thursday.</summary>
    public int DaysSinceEpoch { get; }

    /// <summary>0 to 86399.</summary>
    public int SecondOfDay { get; }
}
