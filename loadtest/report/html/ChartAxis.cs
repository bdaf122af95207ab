using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>A scale and the places on it that are labelled.</summary>
internal sealed class ChartAxis
{
    private readonly Func<double, double> _map;
    private readonly double _least;
    private readonly double _most;

    private ChartAxis(Func<double, double> map, double least, double most, IEnumerable<(double, string)> ticks)
    {
        _map = map;
        _least = map(least);
        _most = map(most);
        Ticks = [.. ticks];
    }

    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    /// <summary>Where on the axis it is: 0 at its beginning, 1 at its end, never outside.</summary>
    public double PlaceOf(double value) => Math.Clamp((_map(value) - _least) / (_most - _least), 0, 1);

    /// <summary>From 0 to a round number that is not below <paramref name="most"/>.</summary>
    /// <param name="most">The largest value.</param>
    /// <param name="label">Makes text of a value.</param>
    public static ChartAxis Linear(double most, Func<double, string> label)
    {
        if (!(most > 0)) most = 1;
        double step = RoundUp(most / 4);
        int count = (int)Math.Ceiling((most / step) - 1e-9);
        return new ChartAxis(
            value => value, 0, step * count, Enumerable.Range(0, count + 1).Select(i => (i * step, label(i * step))));
    }

    /// <summary>From 0 to <paramref name="seconds"/>.</summary>
    public static ChartAxis Time(double seconds)
    {
        double[] steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400];
        double step = steps.FirstOrDefault(each => seconds / each <= 6, seconds / 6);
        if (seconds < 1) step = 0.5;
        return new ChartAxis(
            value => value, 0, seconds,
            Enumerable.Range(0, (int)(seconds / step) + 1).Select(i => (i * step, TimeText(i * step))));
    }

    /// <summary>Logarithmic, from a round number to a round number.</summary>
    /// <param name="least">The smallest value, above 0.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="label">Makes text of a value.</param>
    public static ChartAxis Log(double least, double most, Func<double, string> label)
    {
        double low = RoundDown(least), high = RoundUp(most);
        if (high <= low) high = low * 10;
        var ticks = new List<double>();
        for (double tick = low; tick <= high * 1.001; tick = RoundUp(tick * 1.001)) ticks.Add(tick);
        // Where there is no room for all, those of the decades are left.
        if (ticks.Count > 9) _ = ticks.RemoveAll(tick => Math.Abs(Math.Log10(tick) - Math.Round(Math.Log10(tick))) > 1e-6);
        return new ChartAxis(Math.Log10, low, high, ticks.Select(tick => (tick, label(tick))));
    }

    /// <summary>Percentiles, with as much room for 90 to 99 % as for 99 to 99.9 %.</summary>
    /// <param name="count">Of the values: it says how fine percentiles can be.</param>
    public static ChartAxis Percentiles(long count)
    {
        const double Finest = 1e-7;
        static double Map(double share) => -Math.Log10(Math.Max(1 - share, Finest));
        double most = 1 - Math.Clamp(1.0 / Math.Max(count, 1), Finest, 0.01);
        (double, string)[] ticks =
        [
            (0.5, "50%"), (0.9, "90%"), (0.99, "99%"), (0.999, "99.9%"), (0.9999, "99.99%"),
            (0.99999, "99.999%"), (0.999999, "99.9999%"),
        ];
        return new ChartAxis(Map, 0, most, ticks.Where(tick => tick.Item1 <= most + 1e-9));
    }

    public static string TimeText(double seconds)
    {
        if (seconds < 1 && seconds > 0) return FormattableString.Invariant($"{seconds:0.#} s");
        var time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalHours >= 1
            ? FormattableString.Invariant($"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : FormattableString.Invariant($"{time.Minutes}:{time.Seconds:00}");
    }

    /// <summary>1, 2 or 5 and zeros.</summary>
    private static double RoundUp(double value)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        double[] steps = [1, 2, 5, 10];
        return decade * steps.First(step => step * decade >= value * (1 - 1e-9));
    }

    private static double RoundDown(double value)
    {
        double decade = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        double[] steps = [5, 2, 1];
        return decade * steps.First(step => step * decade <= value * (1 + 1e-9));
    }
}
