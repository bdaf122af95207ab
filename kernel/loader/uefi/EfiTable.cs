using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>
/// A table or protocol of the firmware's: fields at offsets, some of them functions. The one door from the firmware's
/// addresses to C#.
/// </summary>
internal readonly unsafe struct EfiTable
{
    private readonly byte* _address;

    public EfiTable(ulong address) => _address = (byte*)address;

    public bool IsNull => _address == null;

    public ulong Address => (ulong)_address;

    // SAFETY: the firmware lends its tables, whose layouts are the specification's, until boot services end.
    public ulong Read64(int offset) => *(ulong*)(_address + offset);

    public uint Read32(int offset) => *(uint*)(_address + offset);

    public EfiTable Table(int offset) => new(Read64(offset));

    /// <summary>The bytes from <paramref name="offset"/> on, of a table or of memory that the firmware has lent.</summary>
    // SAFETY: callers ask for no more than the table's layout has, or than was allocated.
    public Span<byte> Octets(int offset, int length) => new(_address + offset, length);

    /// <summary>Calls the function whose address is at <paramref name="offset"/>. What it does not take it does not see.</summary>
    public EfiStatus Call(int offset, ulong first, ulong second = 0, ulong third = 0, ulong fourth = 0, ulong fifth = 0) =>
        (EfiStatus)Call((void*)Read64(offset), first, second, third, fourth, fifth);

    [RuntimeImport("*", "efi_call")]
    [MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ulong Call(void* function, ulong first, ulong second, ulong third, ulong fourth, ulong fifth);
}
