using System;
using System.Globalization;

namespace Memcachier.LoadTest;

/// <summary>
/// Durations as the user writes them: a number and <c>us</c>, <c>ms</c>, <c>s</c>, <c>m</c> or <c>h</c>.
/// </summary>
public static class DurationText
{
    private const double SecondsMax = 365 * 24 * 60 * 60;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        string number = text.TrimEnd('u', 'µ', 'm', 's', 'h');
        double? seconds = text[number.Length..] switch
        {
            "us" or "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        if (seconds is not { } unit ||
            !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count) ||
            count * unit > SecondsMax)
            return false;
        duration = TimeSpan.FromTicks((long)Math.Round(count * unit * TimeSpan.TicksPerSecond));
        return true;
    }

    /// <summary>In the largest unit in which it is a whole number.</summary>
    public static string Of(TimeSpan duration)
    {
        (long ticks, string unit) = duration.Ticks switch
        {
            long count when count % TimeSpan.TicksPerHour == 0 => (TimeSpan.TicksPerHour, "h"),
            long count when count % TimeSpan.TicksPerMinute == 0 => (TimeSpan.TicksPerMinute, "m"),
            long count when count % TimeSpan.TicksPerSecond == 0 => (TimeSpan.TicksPerSecond, "s"),
            long count when count % TimeSpan.TicksPerMillisecond == 0 => (TimeSpan.TicksPerMillisecond, "ms"),
            _ => (TimeSpan.TicksPerMicrosecond, "us"),
        };
        return ((double)duration.Ticks / ticks).ToString("0.#", CultureInfo.InvariantCulture) + unit;
    }

    /// <param name="text">Say <c>10s</c>.</param>
    /// <param name="option">For whom it is.</param>
    public static TimeSpan Parse(string text, string option) => TryParse(text, out TimeSpan duration)
        ? duration
        : throw new LoadTestException(
            $"'{text}' is not a duration: {option} takes a number and us, ms, s, m or h, say 10s");
}
