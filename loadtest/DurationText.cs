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

    /// <param name="text">Say <c>10s</c>.</param>
    /// <param name="option">For whom it is.</param>
    public static TimeSpan Parse(string text, string option) => TryParse(text, out TimeSpan duration)
        ? duration
        : throw new LoadTestException(
            $"'{text}' is not a duration: {option} takes a number and us, ms, s, m or h, say 10s");
}
