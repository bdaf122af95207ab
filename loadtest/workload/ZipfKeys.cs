using System;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest.Workload;

/// <summary>
/// Key k, counted from 1, is asked for in proportion to k^-exponent: by rejection-inversion, which needs no table and
/// the same time for any number of keys (Hörmann and Derflinger, "Rejection-inversion to generate variates from
/// monotone discrete distributions", ACM TOMACS 6(3), 1996). The names are the paper's.
/// </summary>
internal sealed class ZipfKeys : KeyDistribution
{
    private readonly double _exponent;
    private readonly long _keyCount;
    private readonly double _hX1;
    private readonly double _hN;
    private readonly double _s;

    public ZipfKeys(long keyCount, double exponent)
    {
        _exponent = exponent;
        _keyCount = keyCount;
        _hX1 = H(1.5) - 1;
        _hN = H(keyCount + 0.5);
        _s = 2 - HInverse(H(2.5) - Weight(2));
    }

    public override long Draw(ref Prng prng)
    {
        while (true)
        {
            double unit = (prng.Next() >> 11) * (1.0 / (1L << 53));
            double u = _hN + (unit * (_hX1 - _hN));
            double x = HInverse(u);
            long k = Math.Clamp((long)(x + 0.5), 1, _keyCount);
            if (k - x <= _s || u >= H(k + 0.5) - Weight(k)) return k - 1;
        }
    }

    private double Weight(double x) => Math.Exp(-_exponent * Math.Log(x));

    /// <summary>An integral of x^-exponent.</summary>
    private double H(double x)
    {
        double log = Math.Log(x);
        double power = (1 - _exponent) * log;
        return log * (Math.Abs(power) < 1e-8 ? 1 + (power / 2) : (Math.Exp(power) - 1) / power);
    }

    private double HInverse(double y)
    {
        double power = y * (1 - _exponent);
        if (Math.Abs(power) < 1e-8) return Math.Exp(y * (1 - (power / 2)));
        return Math.Exp(Math.Log(1 + Math.Max(power, -1)) / (1 - _exponent));
    }
}
