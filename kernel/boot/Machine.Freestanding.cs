using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Arch.X64;

namespace Memcachier.Kernel.Boot;

/// <summary>What the linker and the boot code know.</summary>
public static unsafe class Machine
{
    /// <summary>Where the image's parts are.</summary>
    public static ref readonly ImageLayout Layout
    {
        get
        {
            // SAFETY: the routine returns the address of a constant table that has this type's fields.
            return ref *LayoutTable();
        }
    }

    [RuntimeImport("*", "image_layout")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ImageLayout* LayoutTable();
}
