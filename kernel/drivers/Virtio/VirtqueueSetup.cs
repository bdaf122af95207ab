namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>What a device must know of a queue: its index, its size and where its three parts are.</summary>
public readonly struct VirtqueueSetup
{
    public VirtqueueSetup(ushort index, ushort size, nuint descriptors, nuint driver, nuint device)
    {
        Index = index;
        Size = size;
        Descriptors = descriptors;
        Driver = driver;
        Device = device;
    }

    public ushort Index { get; }

    public ushort Size { get; }

    /// <summary>Address of the descriptor table.</summary>
    public ulong Descriptors { get; }

    /// <summary>Address of the driver area: the available ring.</summary>
    public ulong Driver { get; }

    /// <summary>Address of the device area: the used ring.</summary>
    public ulong Device { get; }
}
