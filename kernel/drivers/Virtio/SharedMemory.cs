using System.Runtime.CompilerServices;
using System.Threading;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>The processor's own memory, which devices see at the same (identity-mapped) addresses.</summary>
public readonly unsafe struct SharedMemory : ISharedMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Read16(nuint address)
    {
        // SAFETY: Virtqueue computes addresses inside the region it was given, from indices reduced by its size.
        return Volatile.Read(ref *(ushort*)address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read32(nuint address)
    {
        // SAFETY: as in Read16.
        return Volatile.Read(ref *(uint*)address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write16(nuint address, ushort value)
    {
        // SAFETY: as in Read16.
        Volatile.Write(ref *(ushort*)address, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write32(nuint address, uint value)
    {
        // SAFETY: as in Read16.
        Volatile.Write(ref *(uint*)address, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write64(nuint address, ulong value)
    {
        // SAFETY: as in Read16.
        Volatile.Write(ref *(ulong*)address, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fence() => Interlocked.MemoryBarrier();
}
