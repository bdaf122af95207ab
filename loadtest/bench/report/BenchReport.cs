using System;
using System.Collections.Generic;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Instructions;

namespace Memcachier.Bench.Report;

/// <summary>What a run of the bench has found out; a part that was left out is empty, or null.</summary>
public sealed record BenchReport
{
    public required BenchConditions Conditions { get; init; }

    public IReadOnlyList<WorkloadCost> Costs { get; init; } = [];

    public BootCost? Boot { get; init; }

    /// <summary>It depends on the host, so no baseline is kept of it.</summary>
    public PeerComparison? Comparison { get; init; }

    /// <summary>
    /// The figures that are the same in every run, by name: those of which a baseline is kept. More is worse, so the
    /// store's bytes stand here as what of the machine is not the store's.
    /// </summary>
    public IReadOnlyDictionary<string, double> Figures
    {
        get
        {
            var figures = new SortedDictionary<string, double>(StringComparer.Ordinal);
            foreach (WorkloadCost each in Costs)
            {
                figures.Add($"{each.Workload.Name}: instructions", each.Budget.Instructions);
                figures.Add($"{each.Workload.Name}: repetitions", each.Budget.Repetitions);
                figures.Add($"{each.Workload.Name}: notifications", each.Measured.NotificationsPerRequest);
                figures.Add($"{each.Workload.Name}: copied bytes", each.Measured.CopiedBytesPerRequest);
                figures.Add($"{each.Workload.Name}: frames sent", each.FramesOutPerRequest);
            }
            if (Boot != null)
            {
                figures.Add("image: bytes", Boot.ImageBytes);
                figures.Add("boot: instructions", Boot.ReadyInstructions);
                figures.Add("memory that is not the store's, of 64 MiB", (64 << 20) - Boot.StoreBytesOf64);
                figures.Add("memory that is not the store's, of 256 MiB", (256 << 20) - Boot.StoreBytesOf256);
            }
            return figures;
        }
    }
}
