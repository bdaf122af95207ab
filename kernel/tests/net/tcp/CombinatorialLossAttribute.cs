using System.Collections.Generic;
using System.Reflection;
using Xunit.Sdk;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The loss rates that are promised, each with a list of seeds.</summary>
public sealed class CombinatorialLossAttribute : DataAttribute
{
    private static readonly uint[] LossPercents = [0, 1, 5, 20];

    public ulong SeedCount { get; init; } = 6;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        foreach (uint lossPercent in LossPercents)
        {
            for (ulong seed = 1; seed <= SeedCount; seed++) yield return [lossPercent, seed];
        }
    }
}
