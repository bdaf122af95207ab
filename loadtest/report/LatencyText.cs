using System.Globalization;

namespace Memcachier.LoadTest.Report;

/// <summary>A duration with three digits or more, and its unit.</summary>
public static class LatencyText
{
    public static string Of(double nanos) => nanos switch
    {
        < 1_000_000 => Scaled(nanos / 1_000, "µs"),
        < 1_000_000_000 => Scaled(nanos / 1_000_000, "ms"),
        _ => Scaled(nanos / 1_000_000_000, "s"),
    };

    private static string Scaled(double number, string unit)
    {
        string format = number switch
        {
            < 10 => "0.00",
            < 100 => "0.0",
            _ => "0",
        };
        return $"{number.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }
}
