using Memcachier.Cli.Machines;

namespace Memcachier.BootTests.Guests;

/// <summary>Every machine under QEMU's translator.</summary>
public sealed class OnTcgAttribute : GuestsAttribute
{
    public OnTcgAttribute() : base(Accelerator.Tcg)
    {
    }
}
