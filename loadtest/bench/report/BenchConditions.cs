namespace Memcachier.Bench.Report;

/// <summary>Under which the figures were taken.</summary>
public sealed record BenchConditions
{
    /// <summary>As QEMU says it.</summary>
    public required string QemuVersion { get; init; }

    /// <summary>The host's processor and how many of them there are.</summary>
    public required string Host { get; init; }

    /// <summary>Of the image.</summary>
    public required string BuildId { get; init; }
}
