namespace Memcachier.Bench.Instructions;

/// <summary>What a request spends in a function itself, without those that it calls.</summary>
/// <param name="Name">As <c>Memcachier.Cache.Store.TryGet</c>.</param>
/// <param name="Instructions">Per request, those with a repeat prefix not counted.</param>
/// <param name="Repetitions">Per request, of instructions with a repeat prefix.</param>
public sealed record FunctionCost(string Name, double Instructions, double Repetitions);
