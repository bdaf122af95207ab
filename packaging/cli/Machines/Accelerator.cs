namespace Memcachier.Cli.Machines;

/// <summary>What executes the guest's instructions.</summary>
public enum Accelerator
{
    /// <summary>QEMU's translator: works everywhere.</summary>
    Tcg,

    /// <summary>The host's processor, through <c>/dev/kvm</c>.</summary>
    Kvm,
}
