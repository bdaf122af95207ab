namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>
/// How the driver touches memory that a device reads and writes at the same time. Every access happens exactly once, in
/// program order, with the one exception that x86 makes: a read may overtake an earlier write to another address, and
/// only <see cref="Fence"/> prevents that.
/// </summary>
/// <remarks>
/// A type parameter, so that a test can run the driver's own code between any two steps of a device, and can delay each
/// write as a processor's store buffer does.
/// </remarks>
public interface ISharedMemory
{
    ushort Read16(nuint address);

    uint Read32(nuint address);

    void Write16(nuint address, ushort value);

    void Write32(nuint address, uint value);

    void Write64(nuint address, ulong value);

    /// <summary>Every earlier write is visible to the device before any later read.</summary>
    void Fence();
}
