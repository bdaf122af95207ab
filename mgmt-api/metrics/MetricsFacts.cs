namespace Memcachier.Management.Metrics;

/// <summary>What does not change while the machine runs.</summary>
public sealed class MetricsFacts
{
    /// <param name="build">The image's build id as text; empty if it has none.</param>
    /// <param name="ramBytes">The machine's memory.</param>
    public MetricsFacts(byte[] build, long ramBytes)
    {
        Build = build;
        RamBytes = ramBytes;
    }

    public byte[] Build { get; }

    public long RamBytes { get; }
}
