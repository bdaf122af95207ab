namespace Memcachier.LoadTest.Engine;

/// <summary>What a thread knows at the end of a phase, beside its samples.</summary>
internal sealed class ThreadOutcome
{
    /// <summary>When the last answer came.</summary>
    public long LastAnswer { get; set; }

    /// <summary>Of each simulation, requests that were due and had not been sent when the time was over.</summary>
    public required long[] Unsent { get; init; }

    /// <summary>Processor time of the measured part.</summary>
    public long CpuNanos { get; set; }

    /// <summary>And how long that took.</summary>
    public long WallNanos { get; set; }

    /// <summary>What the thread allocated in it.</summary>
    public long AllocatedBytes { get; set; }
}
