namespace Memcachier.LoadTest.Engine;

/// <summary>What a thread knows at the end of a phase, beside its samples.</summary>
internal sealed class ThreadOutcome
{
    /// <summary>When the last answer came.</summary>
    public long LastAnswer { get; set; }

    /// <summary>Of each simulation, requests that were due and had not been sent when the time was over.</summary>
    public required long[] Unsent { get; init; }

    /// <summary>True if the phase ended early, with what had been measured.</summary>
    public bool IsCut { get; set; }

    /// <summary>When, if it did.</summary>
    public long End { get; set; }

    /// <summary>True if the phase ended before there was anything to measure.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Processor time of the measured part.</summary>
    public long CpuNanos { get; set; }

    /// <summary>And how long that took.</summary>
    public long WallNanos { get; set; }

    /// <summary>What the thread allocated in it.</summary>
    public long AllocatedBytes { get; set; }
}
