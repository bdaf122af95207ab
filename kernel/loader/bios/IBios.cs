using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Loader.Bios;

/// <summary>The firmware, and the machine as the loader sees it.</summary>
public interface IBios
{
    /// <summary>Physical memory from address 0 on, at least <see cref="BiosMemory.Length"/> bytes.</summary>
    Region Memory { get; }

    /// <summary>Calls the handler of a software interrupt.</summary>
    void Call(byte interrupt, ref BiosRegisters registers);

    byte In8(ushort port);

    void Out8(ushort port, byte value);
}
