using System.Collections.Generic;
using System.Linq;

namespace Memcachier.Bench.Instructions;

/// <summary>The rows of the table.</summary>
public static class Workloads
{
    private const int Kibibyte = 1024;
    private const int LargeValueSize = 100 * Kibibyte;

    private static readonly int[] s_smallSizes = [2, 100, Kibibyte];
    private static readonly int[] s_connections = [1, 50];
    private static readonly int[] s_depths = [1, 16, 32];

    /// <summary>All, grouped by the size of the values, and reads before writes.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        .. s_smallSizes.SelectMany(OfSmallSize),
        new Workload(Operation.Get, 1, 1, LargeValueSize), new Workload(Operation.Get, 1, 16, LargeValueSize),
        new Workload(Operation.Set, 1, 1, LargeValueSize), new Workload(Operation.Set, 1, 16, LargeValueSize),
    ];

    /// <summary>Those that the tests look at.</summary>
    public static IReadOnlyList<Workload> Guarded { get; } =
    [
        .. from operation in new[] { Operation.Get, Operation.Set }
           from shape in new[] { (1, 1), (1, 32), (50, 1) }
           select new Workload(operation, shape.Item1, shape.Item2, 100),
        new Workload(Operation.MultiGet, 1, 1, 100),
    ];

    private static IEnumerable<Workload> OfSmallSize(int size) =>
    [
        .. OfOperation(Operation.Get, size),
        new Workload(Operation.MultiGet, 1, 1, size),
        .. OfOperation(Operation.Set, size),
    ];

    private static IEnumerable<Workload> OfOperation(Operation operation, int size) =>
        from connections in s_connections
        from depth in s_depths
        select new Workload(operation, connections, depth, size);
}
