using System.Runtime.InteropServices;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>Where the linker put the image's parts (kernel/build/image.ld). The field order is BootObject's.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct ImageLayout
{
    public readonly ulong TextStart;
    public readonly ulong TextEnd;
    public readonly ulong ConstantsStart;
    public readonly ulong ConstantsEnd;
    public readonly ulong DataStart;

    /// <summary>The unmapped page below the main stack; the stack ends where the next guard starts.</summary>
    public readonly ulong MainStackGuard;

    /// <summary>The unmapped page below the stack of the crash report.</summary>
    public readonly ulong FaultStackGuard;
    public readonly ulong ImageEnd;
    public readonly ulong BuildIdStart;
    public readonly ulong BuildIdEnd;
}
