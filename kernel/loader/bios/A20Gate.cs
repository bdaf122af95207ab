using System.Threading;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>
/// The 21st address line, which PCs may have switched off for programs of 1981: then every second megabyte is a mirror of the one
/// before.
/// </summary>
public static class A20Gate
{
    private const byte SystemServices = 0x15;
    private const uint EnableFunction = 0x2401;
    private const ushort SystemControlPort = 0x92;
    private const byte FastA20 = 2, FastReset = 1;
    private const long Probe = BiosMemory.Exchange;
    private const long Mirror = Probe + (1 << 20);

    /// <summary>Switches it on by what the machine offers. Fails if memory is still mirrored after all of that.</summary>
    public static bool TryOpen<TBios>(TBios bios)
        where TBios : struct, IBios
    {
        if (IsOpen(bios.Memory)) return true;
        var registers = new BiosRegisters { Eax = EnableFunction };
        bios.Call(SystemServices, ref registers);
        if (IsOpen(bios.Memory)) return true;
        bios.Out8(SystemControlPort, (byte)((bios.In8(SystemControlPort) & ~FastReset) | FastA20));
        return IsOpen(bios.Memory);
    }

    /// <summary>A byte whose mirror changes with it, whatever it becomes, is one that is seen twice.</summary>
    private static bool IsOpen(Region memory)
    {
        ref byte probe = ref memory.Slice(Probe, 1)[0];
        ref byte mirror = ref memory.Slice(Mirror, 1)[0];
        for (byte value = 1; value != 0; value <<= 1)
        {
            Volatile.Write(ref probe, value);
            if (Volatile.Read(ref mirror) != value) return true;
        }
        return false;
    }
}
