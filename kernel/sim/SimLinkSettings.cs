namespace Memcachier.Kernel.Sim;

/// <summary>What a link does to the packets of one direction. The default value is a perfect wire.</summary>
public struct SimLinkSettings
{
    /// <summary>Propagation delay.</summary>
    public long DelayMicros { get; set; }

    /// <summary>Bandwidth, or zero for unlimited.</summary>
    public long OctetsPerSecond { get; set; }

    /// <summary>
    /// How many bytes may wait for the bandwidth before packets are dropped, or zero for unlimited.
    /// </summary>
    public int QueueSize { get; set; }

    /// <summary>Packets that vanish.</summary>
    public Ratio Loss { get; set; }

    /// <summary>Packets that arrive twice, the copy up to <see cref="ReorderingMicros"/> later.</summary>
    public Ratio Duplication { get; set; }

    /// <summary>Packets that are held back, and overtaken by later ones.</summary>
    public Ratio Reordering { get; set; }

    /// <summary>For how long at most.</summary>
    public long ReorderingMicros { get; set; }

    /// <summary>
    /// Packets with one octet changed. One octet, because the Internet checksum detects that for certain: a test that
    /// compares bytes must not fail for what the protocol cannot see.
    /// </summary>
    public Ratio Corruption { get; set; }
}
