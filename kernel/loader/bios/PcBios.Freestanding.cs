using System.Runtime;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The firmware of this machine.</summary>
internal readonly unsafe struct PcBios : IBios
{
    // All of this is mapped, virtual addresses being physical ones, and nobody else's but where the firmware says so.
    public Region Memory => Region.At(0, BiosMemory.Length);

    public void Call(byte interrupt, ref BiosRegisters registers)
    {
        BiosRegisters copy = registers;
        // SAFETY: the routine reads and writes the struct that it knows, here on the stack.
        BiosCall(&copy, interrupt);
        registers = copy;
    }

    public byte In8(ushort port) => PortRead(port);

    public void Out8(ushort port, byte value) => PortWrite(port, value);

    [RuntimeImport("*", "bios_call")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void BiosCall(BiosRegisters* registers, uint interrupt);

    [RuntimeImport("*", "port_read")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern byte PortRead(ushort port);

    [RuntimeImport("*", "port_write")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern void PortWrite(ushort port, byte value);
}
