namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>Feature bits that belong to no device type (virtio 1.2 §6).</summary>
public static class VirtioFeature
{
    public const ulong EventIdx = 1UL << 29;
    public const ulong Version1 = 1UL << 32;
    public const ulong AccessPlatform = 1UL << 33;
    public const ulong OrderPlatform = 1UL << 36;

    /// <summary>
    /// What a driver here accepts whenever it is offered. EVENT_IDX: fewer notifications. ACCESS_PLATFORM: there is no
    /// IOMMU, so a bus address is the physical address either way. ORDER_PLATFORM: the barriers in
    /// <see cref="Virtqueue{TMemory}"/> are those of x86, which hold for hardware too.
    /// </summary>
    public const ulong Common = EventIdx | Version1 | AccessPlatform | OrderPlatform;
}
