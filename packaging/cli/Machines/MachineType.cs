namespace Memcachier.Cli.Machines;

/// <summary>The machines of QEMU that the image boots on.</summary>
public enum MachineType
{
    /// <summary>A PC with PCI Express; devices are virtio over PCI.</summary>
    Q35,

    /// <summary>A machine without PCI; devices are virtio over MMIO, as on Firecracker.</summary>
    MicroVm,
}
