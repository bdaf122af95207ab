using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>Device registers for drivers, mapped on demand until the address space is sealed.</summary>
public readonly struct DeviceMap : IRegisterMap<Mmio>
{
    private readonly AddressSpace _space;
    private readonly MemoryMap _ram;
    private readonly ulong _addressEnd;

    /// <param name="space">Where to map.</param>
    /// <param name="ram">Where no device can be, whatever it says.</param>
    /// <param name="addressBits">Width of the processor's physical addresses (CPUID 0x80000008).</param>
    public DeviceMap(AddressSpace space, MemoryMap ram, int addressBits)
    {
        _space = space;
        _ram = ram;
        // The upper half of the virtual address space would need sign-extended addresses.
        _addressEnd = 1UL << (addressBits < 47 ? addressBits : 47);
    }

    public bool TryMap(ulong address, uint length, out Mmio registers)
    {
        registers = default;
        if (_ram.Overlaps(address, length)) return false;
        if (!_space.TryMapDevice(address, length, _addressEnd)) return false;
        registers = new Mmio((nuint)address, length);
        return true;
    }
}
