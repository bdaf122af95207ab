using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Bench.Guest;

namespace Memcachier.Bench.Instructions;

/// <summary>Where a request's instructions go.</summary>
public sealed class Budget
{
    private Budget(IReadOnlyList<FunctionCost> functions) => Functions = functions;

    /// <summary>The dearest first.</summary>
    public IReadOnlyList<FunctionCost> Functions { get; }

    /// <summary>Per request.</summary>
    public double Instructions => Functions.Sum(each => each.Instructions);

    /// <summary>Per request.</summary>
    public double Repetitions => Functions.Sum(each => each.Repetitions);

    /// <param name="measured">What was counted.</param>
    /// <param name="nameOf">The function at an address.</param>
    public static Budget Of(Measured measured, Func<ulong, string> nameOf)
    {
        double requests = Math.Max(measured.Requests, 1);
        IEnumerable<FunctionCost> functions = measured.Blocks
            .GroupBy(block => nameOf(block.Address))
            .Select(group => new FunctionCost(
                group.Key,
                group.Where(block => !block.IsRepeated).Sum(block => block.Count) / requests,
                group.Where(block => block.IsRepeated).Sum(block => block.Count) / requests));
        return new Budget([.. functions.OrderByDescending(each => each.Instructions)]);
    }

    /// <summary>Instructions per request of each of <see cref="Layers.All"/>.</summary>
    public double OfLayer(string layer) =>
        Functions.Where(each => Layers.Of(each.Name) == layer).Sum(each => each.Instructions);
}
