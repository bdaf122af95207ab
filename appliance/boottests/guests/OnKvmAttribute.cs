using Memcachier.Cli.Machines;

namespace Memcachier.BootTests.Guests;

/// <summary>Every machine on the host's own processor.</summary>
public sealed class OnKvmAttribute : GuestsAttribute
{
    public OnKvmAttribute() : base(Accelerator.Kvm)
    {
    }
}
