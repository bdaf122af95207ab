using System;
using System.Globalization;

namespace Memcachier.LoadTest.Sizes;

/// <summary>
/// A value size for every key, for traces that have none: a function of the key's <see cref="KeyHash"/> alone, so every
/// run, every server and every policy sees the same sizes.
/// </summary>
public sealed class SizeDistribution
{
    /// <summary>
    /// memcached's largest item is 1 MiB with its header and its key; this leaves 512 bytes for both.
    /// </summary>
    public const int SizeMax = (1024 * 1024) - 512;

    /// <summary>
    /// Value sizes of Facebook's ETC pool: a generalized Pareto distribution (Atikoglu et al., "Workload Analysis of a
    /// Large-Scale Key-Value Store", SIGMETRICS 2012, section 5: location 0, scale 214.476, shape 0.348238).
    /// </summary>
    public const string Etc = "gpd:0,214.476,0.348238";

    private const string Shapes =
        "write fixed:N, uniform:A-B, etc, gpd:LOCATION,SCALE,SHAPE, lognormal:MEDIAN,SIGMA or histogram:FILE, and " +
        "*FACTOR behind it if wanted";

    private readonly Func<ulong, double> _quantile;
    private readonly double _factor;
    private readonly string _text;

    private SizeDistribution(Func<ulong, double> quantile, double factor, string text)
    {
        _text = text;
        _quantile = quantile;
        _factor = factor;
    }

    /// <summary>Reads what the user writes.</summary>
    /// <param name="text">Say <c>lognormal:300,1.2*2</c>.</param>
    public static SizeDistribution Parse(string text)
    {
        string[] parts = text.Split('*');
        double factor = 1;
        bool isGood = parts.Length == 1 || (parts.Length == 2 && TryNumber(parts[1], out factor) && factor > 0);
        string law = parts[0] == "etc" ? Etc : parts[0];
        int colon = law.IndexOf(':', StringComparison.Ordinal);
        Func<ulong, double>? quantile = colon < 0 ? null : Law(law[..colon], law[(colon + 1)..]);
        if (!isGood || quantile == null)
            throw new LoadTestException($"'{text}' is not a distribution of sizes: {Shapes}");
        return new SizeDistribution(quantile, factor, text);
    }

    /// <summary>The size of the value of the key with this hash: whole bytes, 1 to <see cref="SizeMax"/>.</summary>
    public int Draw(ulong keyHash)
    {
        double size = Math.Floor(_quantile(keyHash) * _factor);
        return (int)Math.Clamp(size, 1, SizeMax);
    }

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    private static Func<ulong, double>? Law(string name, string text)
    {
        if (name == "histogram")
        {
            if (text.Length == 0) return null;
            var histogram = SizeHistogram.Read(text);
            return hash => histogram.SizeAt(Unit(hash));
        }
        string[] words = text.Split(name == "uniform" ? '-' : ',');
        double[] p = new double[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!TryNumber(words[i], out p[i])) return null;
        }
        return name switch
        {
            "fixed" when p.Length == 1 && p[0] >= 1 => _ => p[0],
            "uniform" when p.Length == 2 && p[0] >= 1 && p[1] >= p[0] =>
                hash => p[0] + ((p[1] - p[0] + 1) * Unit(hash)),
            "gpd" when p.Length == 3 && p[1] > 0 => hash => GeneralizedPareto(p[0], p[1], p[2], Unit(hash)),
            "lognormal" when p.Length == 2 && p[0] > 0 && p[1] >= 0 => hash => p[0] * Math.Exp(p[1] * Normal(hash)),
            _ => null,
        };
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) &&
        double.IsFinite(number);

    /// <summary>The upper 53 bits as a number above 0 and below 1.</summary>
    private static double Unit(ulong hash) => ((hash >> 11) + 0.5) / (1UL << 53);

    private static double GeneralizedPareto(double location, double scale, double shape, double unit) =>
        location + (scale * (shape == 0 ? -Math.Log(unit) : (Math.Pow(unit, -shape) - 1) / shape));

    /// <summary>A standard normal number from the halves of the hash (Box and Muller, 1958).</summary>
    private static double Normal(ulong hash)
    {
        double radius = Math.Sqrt(-2 * Math.Log(((hash >> 32) + 0.5) / (1UL << 32)));
        return radius * Math.Cos(2 * Math.PI * ((uint)hash + 0.5) / (1UL << 32));
    }
}
