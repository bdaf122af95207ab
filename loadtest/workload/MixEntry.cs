namespace Memcachier.LoadTest.Workload;

/// <summary>An operation of a mix.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="KeyCount">Keys of a request: 1 but for a multiget.</param>
/// <param name="Weight">Its share of the sum of all weights.</param>
public sealed record MixEntry(Operation Operation, int KeyCount, int Weight)
{
    /// <summary>As the user writes it: <c>get</c> or <c>multiget:10</c>.</summary>
    public string Name => Operation == Operation.Multiget
        ? $"multiget:{KeyCount}"
        : Operation.ToString().ToLowerInvariant();
}
