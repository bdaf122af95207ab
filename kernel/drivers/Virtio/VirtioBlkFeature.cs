namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>The block device's feature bits that this driver accepts (virtio 1.2 §5.2.3).</summary>
/// <remarks>
/// Never accepted: SEG_MAX, because a request here has one segment; FLUSH, DISCARD and the like, because nothing is
/// written; MQ, because there is one request at a time; GEOMETRY and TOPOLOGY, because nobody asks.
/// </remarks>
internal static class VirtioBlkFeature
{
    /// <summary>The device says how long a segment may be.</summary>
    public const ulong SizeMax = 1UL << 1;

    /// <summary>Writing fails. §5.2.5.2 wants it accepted where it is offered.</summary>
    public const ulong Ro = 1UL << 5;

    /// <summary>The device says how large the medium's own blocks are.</summary>
    public const ulong BlkSize = 1UL << 6;

    public const ulong Wanted = SizeMax | Ro | BlkSize;
}
