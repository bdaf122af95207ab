using System;
using System.Globalization;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>How much is tried: so many operations in runs with a seed each, as the environment has it.</summary>
internal static class Steps
{
    private const string StepsVariable = "MEMCACHIER_MODEL_STEPS";
    private const string SeedVariable = "MEMCACHIER_MODEL_SEED";
    private const long DefaultSteps = 200_000;
    private const int RunLengthMin = 2000;
    private const int RunLengthMax = 20_000;

    /// <summary>Fails the test with the first failure there is.</summary>
    /// <param name="share">The steps are divided among so many tests.</param>
    /// <param name="seedOffset">Tests with different ones see different operations.</param>
    /// <returns>The seeds.</returns>
    public static string RunAll(Harness harness, int share, int seedOffset)
    {
        ulong firstSeed = (ulong)FromEnvironment(SeedVariable, 1) + ((ulong)seedOffset * 1_000_000);
        ulong seed = firstSeed;
        var lengths = new Prng(firstSeed);
        for (long steps = FromEnvironment(StepsVariable, DefaultSteps) / share; steps > 0; seed++)
        {
            int length = RunLengthMin + (int)lengths.Below(RunLengthMax - RunLengthMin + 1);
            Failure? failure = harness.RunRandom(seed, length);
            Assert.True(failure == null, failure?.Description);
            steps -= length;
        }
        return $"seeds {firstSeed} to {seed - 1}";
    }

    private static long FromEnvironment(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
