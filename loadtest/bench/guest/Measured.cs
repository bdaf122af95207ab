using System.Collections.Generic;

namespace Memcachier.Bench.Guest;

/// <summary>What some batches of requests took.</summary>
public sealed class Measured
{
    public long Requests { get; set; }

    public long Rounds { get; set; }

    /// <summary>Frames to the guest and from it.</summary>
    public long FramesIn { get; set; }

    public long FramesOut { get; set; }

    /// <summary>Of the device by the guest, by its own counter: each is an exit to the hypervisor.</summary>
    public double NotificationsPerRequest { get; set; }

    /// <summary>Taken by the guest, by its own counter.</summary>
    public double InterruptsPerRequest { get; set; }

    /// <summary>Of requests, answers and values by the guest, by its own counter.</summary>
    public double CopiedBytesPerRequest { get; set; }

    /// <summary>
    /// Of the guest's time, by its own counter of what its rounds took: where time is counted, as many as instructions.
    /// </summary>
    public double WorkNanosPerRequest { get; set; }

    public IReadOnlyList<BlockCount> Blocks { get; set; } = [];
}
