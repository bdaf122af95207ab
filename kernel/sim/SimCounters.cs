namespace Memcachier.Kernel.Sim;

/// <summary>What a simulated network has done to its packets.</summary>
public sealed class SimCounters
{
    public long Sent { get; internal set; }

    public long Delivered { get; internal set; }

    public long Lost { get; internal set; }

    public long Duplicated { get; internal set; }

    public long Reordered { get; internal set; }

    public long Corrupted { get; internal set; }

    /// <summary>Dropped because the queue before the bandwidth was full.</summary>
    public long QueueDrops { get; internal set; }
}
