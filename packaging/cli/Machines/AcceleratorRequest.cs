namespace Memcachier.Cli.Machines;

/// <summary>The values of <c>--accel</c>.</summary>
public enum AcceleratorRequest
{
    /// <summary>KVM where the image really boots on it, else TCG.</summary>
    Auto,
    Kvm,
    Tcg,
}
