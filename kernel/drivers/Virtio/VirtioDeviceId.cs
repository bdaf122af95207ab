namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>The device types of virtio 1.2 §5 that have a driver here.</summary>
public static class VirtioDeviceId
{
    public const uint Network = 1;
    public const uint Block = 2;
    public const uint Entropy = 4;
}
