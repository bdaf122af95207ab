namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>How opening a device ended, or what a broken device did.</summary>
public enum VirtioOutcome : byte
{
    Done,

    /// <summary>Nothing here: no virtio magic number, or an empty slot.</summary>
    NoDevice,

    /// <summary>A device of another type than this driver's.</summary>
    WrongDevice,

    /// <summary>A device from before virtio 1.0 (MMIO version 1, or PCI without the modern capabilities).</summary>
    LegacyDevice,

    /// <summary>
    /// The capabilities on PCI, what they point to, or the device's configuration contradict the specification.
    /// </summary>
    MalformedDevice,

    /// <summary>PCI: firmware gave the registers no address.</summary>
    BarUnassigned,

    /// <summary>The registers' address cannot be mapped.</summary>
    NotMapped,

    /// <summary>The device never finished its reset.</summary>
    ResetTimedOut,

    /// <summary>VIRTIO_F_VERSION_1 is not offered.</summary>
    Version1NotOffered,

    /// <summary>The device does not accept the chosen subset of its features.</summary>
    FeaturesRefused,

    /// <summary>A queue that the device must have is not there.</summary>
    QueueMissing,

    /// <summary>A queue could not be enabled.</summary>
    QueueRefused,

    /// <summary>A device that was running broke the protocol or asked for a reset.</summary>
    DeviceFailed,
}
