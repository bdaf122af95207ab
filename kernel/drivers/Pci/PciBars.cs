using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Drivers.Pci;

/// <summary>Reads and sizes the six base address registers of a function.</summary>
public static class PciBars
{
    /// <summary>Base address registers in a header of type 0.</summary>
    public const int Count = 6;

    private const uint IoSpace = 1;
    private const uint TypeMask = 6, Type64 = 4;
    private const uint IoAddressMask = ~3u, MemoryAddressMask = ~15u;

    /// <summary>
    /// Fills <paramref name="bars"/>. The size is what a register answers after ones were written to it (PCI 3.0
    /// §6.2.5.1). Address decoding is off meanwhile: else the function would answer at the top of memory for a moment,
    /// and some hypervisors lose the mapping for good.
    /// </summary>
    public static void Read<TConfig>(TConfig config, PciAddress address, Span<PciBar> bars)
        where TConfig : struct, IPciConfig
    {
        Invariant.Holds(bars.Length == Count);
        ushort command = config.Read16(address, PciRegister.Command);
        const ushort Decoding = PciRegister.CommandIo | PciRegister.CommandMemory;
        config.Write16(address, PciRegister.Command, (ushort)(command & ~Decoding));
        for (int index = 0; index < Count; index++)
        {
            uint low = Probe(config, address, index, out uint lowMask);
            bars[index] = default;
            if (lowMask == 0) continue;
            if ((low & IoSpace) != 0)
            {
                // A function may leave the upper 16 bits of an I/O register unimplemented.
                ulong ioMask = 0xFFFF_FFFF_FFFF_0000 | (lowMask & IoAddressMask);
                bars[index] = Describe(PciBarKind.Io, low & IoAddressMask, ioMask);
                continue;
            }
            ulong mask = 0xFFFF_FFFF_0000_0000 | (lowMask & MemoryAddressMask);
            ulong start = low & MemoryAddressMask;
            int first = index;
            if ((low & TypeMask) == Type64)
            {
                bars[index] = default;
                index++;
                if (index == Count) break;
                bars[index] = default;
                uint high = Probe(config, address, index, out uint highMask);
                start |= (ulong)high << 32;
                mask = (ulong)highMask << 32 | (lowMask & MemoryAddressMask);
            }
            bars[first] = Describe(PciBarKind.Memory, start, mask);
        }
        config.Write16(address, PciRegister.Command, command);
    }

    /// <summary>The register's value, which is restored, and the bits of it that can be written.</summary>
    private static uint Probe<TConfig>(TConfig config, PciAddress address, int index, out uint mask)
        where TConfig : struct, IPciConfig
    {
        int offset = PciRegister.BaseAddress0 + (index * sizeof(uint));
        uint value = config.Read32(address, offset);
        config.Write32(address, offset, uint.MaxValue);
        mask = config.Read32(address, offset);
        config.Write32(address, offset, value);
        return value;
    }

    private static PciBar Describe(PciBarKind kind, ulong start, ulong mask)
    {
        ulong length = ~mask + 1;
        bool isPowerOfTwo = length != 0 && (length & (length - 1)) == 0;
        return isPowerOfTwo ? new PciBar(kind, start, length) : default;
    }
}
