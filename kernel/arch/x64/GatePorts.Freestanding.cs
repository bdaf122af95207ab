using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>The I/O ports, through the gate.</summary>
public readonly struct GatePorts : IPorts
{
    public byte In8(ushort port) => Gate.In8(port);

    public ushort In16(ushort port) => Gate.In16(port);

    public uint In32(ushort port) => Gate.In32(port);

    public void Out8(ushort port, byte value) => Gate.Out8(port, value);

    public void Out16(ushort port, ushort value) => Gate.Out16(port, value);

    public void Out32(ushort port, uint value) => Gate.Out32(port, value);
}
