using System.Runtime.CompilerServices;
using System.Threading;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// Memory-mapped device registers at an identity-mapped, uncached address. Every access is checked against the window.
/// </summary>
/// <remarks>
/// No method is inlined: each access stays a plain <c>mov</c> of its own width, which the instruction emulator of every
/// hypervisor knows. Inlined, the compiler may fold it into a <c>test</c> or <c>cmp</c> with memory. The exit that an
/// access causes costs a thousand times more than the call.
/// </remarks>
public readonly unsafe struct Mmio : IRegisters
{
    private readonly byte* _start;

    /// <param name="address">Where the window starts; the caller mapped it.</param>
    /// <param name="length">Size of the window in bytes.</param>
    public Mmio(nuint address, uint length)
    {
        _start = (byte*)address;
        Length = length;
    }

    public uint Length { get; }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte Read8(uint offset)
    {
        // SAFETY: At() checked the access against the window, which the constructor's caller mapped.
        return Volatile.Read(ref *At(offset, sizeof(byte)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ushort Read16(uint offset)
    {
        // SAFETY: as in Read8.
        return Volatile.Read(ref *(ushort*)At(offset, sizeof(ushort)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public uint Read32(uint offset)
    {
        // SAFETY: as in Read8.
        return Volatile.Read(ref *(uint*)At(offset, sizeof(uint)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write8(uint offset, byte value)
    {
        // SAFETY: as in Read8.
        Volatile.Write(ref *At(offset, sizeof(byte)), value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write16(uint offset, ushort value)
    {
        // SAFETY: as in Read8.
        Volatile.Write(ref *(ushort*)At(offset, sizeof(ushort)), value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write32(uint offset, uint value)
    {
        // SAFETY: as in Read8.
        Volatile.Write(ref *(uint*)At(offset, sizeof(uint)), value);
    }

    private byte* At(uint offset, uint width)
    {
        Invariant.Holds(width <= Length);
        Invariant.Holds(offset <= Length - width);
        return _start + offset;
    }
}
