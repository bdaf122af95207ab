namespace Memcachier.Kernel.Platform;

/// <summary>
/// A window of device registers. An access has exactly the width its name says and happens exactly once, in program
/// order with the other accesses of the window. An access outside the window is a mistake of the program.
/// </summary>
public interface IRegisters
{
    /// <summary>Size of the window in bytes.</summary>
    uint Length { get; }

    byte Read8(uint offset);

    ushort Read16(uint offset);

    uint Read32(uint offset);

    void Write8(uint offset, byte value);

    void Write16(uint offset, ushort value);

    void Write32(uint offset, uint value);
}
