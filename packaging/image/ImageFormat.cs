namespace Memcachier.Packaging.Image;

/// <summary>What a disk is packed in.</summary>
public enum ImageFormat
{
    /// <summary>The sectors themselves.</summary>
    Raw,

    /// <summary>QEMU's own format: KVM, libvirt, Proxmox, OpenStack.</summary>
    Qcow2,

    /// <summary>VMware's, compressed, as it is in an OVA.</summary>
    Vmdk,

    /// <summary>Hyper-V's and Azure's: the sectors, and a footer.</summary>
    Vhd,

    /// <summary>Google Compute Engine's archive, with a disk of 1 GiB in it.</summary>
    Gce,
}
