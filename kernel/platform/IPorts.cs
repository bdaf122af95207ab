namespace Memcachier.Kernel.Platform;

/// <summary>The x86 I/O ports.</summary>
public interface IPorts
{
    byte In8(ushort port);

    ushort In16(ushort port);

    uint In32(ushort port);

    void Out8(ushort port, byte value);

    void Out16(ushort port, ushort value);

    void Out32(ushort port, uint value);
}
