namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>The network device's feature bits that this driver knows how to use (virtio 1.2 §5.1.3).</summary>
/// <remarks>
/// Never accepted, on purpose:
/// MRG_RXBUF: it lets the device spread a frame over several buffers. Every buffer here holds the largest frame of the
/// MTU, and without the feature the device must use exactly one (§5.1.6.4), so one used entry is one whole frame.
/// GUEST_TSO4/6, GUEST_UFO: they would make 64 KiB frames legal.
/// CTRL_VQ and what depends on it: the device starts in the state that is wanted.
/// INDIRECT_DESC, RING_PACKED, IN_ORDER: a buffer is a single descriptor of the split ring.
/// </remarks>
internal static class VirtioNetFeature
{
    /// <summary>The device fills in checksums of frames that ask for it.</summary>
    public const ulong Csum = 1UL << 0;

    /// <summary>The driver takes frames whose checksum was verified by the device, or not yet filled in.</summary>
    public const ulong GuestCsum = 1UL << 1;

    public const ulong Mtu = 1UL << 3;
    public const ulong Mac = 1UL << 5;
    public const ulong Status = 1UL << 16;

    public const ulong Wanted = Csum | GuestCsum | Mtu | Mac | Status;
}
