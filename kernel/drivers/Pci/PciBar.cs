namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>What a base address register decodes.</summary>
public enum PciBarKind : byte
{
    /// <summary>Nothing, or the upper half of the 64-bit register before it.</summary>
    None,
    Io,
    Memory,
}

/// <summary>A base address register: where a function's registers are.</summary>
public readonly struct PciBar
{
    public PciBar(PciBarKind kind, ulong address, ulong length)
    {
        Kind = kind;
        Address = address;
        Length = length;
    }

    public PciBarKind Kind { get; }

    /// <summary>0 if firmware assigned none.</summary>
    public ulong Address { get; }

    /// <summary>Size in bytes, a power of two.</summary>
    public ulong Length { get; }

    /// <summary>
    /// False if firmware left the register alone, or put in it what cannot be: firmware gives neither address 0 nor one
    /// that is not a multiple of the size.
    /// </summary>
    public bool IsAssigned => Address != 0 && (Address & (Length - 1)) == 0;

    /// <summary>True if the <paramref name="length"/> bytes at <paramref name="offset"/> are inside.</summary>
    public bool Contains(ulong offset, ulong length) => length <= Length && offset <= Length - length;
}
