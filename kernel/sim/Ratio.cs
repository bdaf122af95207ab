using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Sim;

/// <summary>A probability as a ratio of integers, so that a simulation is the same everywhere.</summary>
public readonly struct Ratio
{
    public Ratio(uint numerator, uint denominator)
    {
        Invariant.Holds(denominator >= 1);
        Invariant.Holds(numerator <= denominator);
        Numerator = numerator;
        Denominator = denominator;
    }

    public uint Numerator { get; }

    public uint Denominator { get; }

    public static Ratio Percent(uint percent) => new(percent, 100);

    /// <summary>Draws: true with this probability. The default value is never true and draws nothing.</summary>
    public bool Draw(ref Prng random) => Numerator != 0 && random.Chance(Numerator, Denominator);
}
