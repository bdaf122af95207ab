using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The second stage of booting by BIOS: in ring 0, for some milliseconds.</summary>
internal static class Program
{
    /// <summary>Entered by the boot code, on an empty stack. Never returns.</summary>
    [RuntimeExport("loader_main")]
    private static void Main(ulong drive)
    {
        BootArena.Open(BiosMemory.Arena, BiosMemory.ArenaEnd);
        PcBios bios = default;
        LoadFault fault = new BiosLoader<PcBios>(bios).TryLoad((byte)drive, out uint entry);
        if (fault != LoadFault.None) LoaderConsole.Die(LoadFaultText.Of(fault));
        // All copies are made: the list has none.
        bios.Memory.Slice(BiosMemory.Exchange, sizeof(uint)).Clear();
        Enter(BiosMemory.Exchange, BiosMemory.StartInfo, entry);
    }

    [RuntimeImport("*", "loader_enter")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void Enter(uint list, uint startInfo, uint entry);
}
