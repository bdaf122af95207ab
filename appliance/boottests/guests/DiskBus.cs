namespace Memcachier.BootTests.Guests;

/// <summary>How a disk is attached.</summary>
public enum DiskBus
{
    Ide,
    VirtioBlk,
    VirtioScsi,
    Nvme,
}
