using Memcachier.Bench.Guest;

namespace Memcachier.Bench.Instructions;

/// <summary>What was found out about a row.</summary>
public sealed record WorkloadCost(Workload Workload, Measured Measured, Budget Budget)
{
    public double RoundsPerRequest => (double)Measured.Rounds / Measured.Requests;

    public double FramesInPerRequest => (double)Measured.FramesIn / Measured.Requests;

    public double FramesOutPerRequest => (double)Measured.FramesOut / Measured.Requests;
}
