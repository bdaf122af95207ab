using System.Runtime.InteropServices;
using System.Threading;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Whether there is memory where a memory map says so. Only the last word of a range is tried, because that is where a map
/// that promises too much is wrong, and because each page that is touched costs the host one.
/// </summary>
public static class MemoryProbe
{
    private const ulong Pattern = 0xA5C3_96E1_5A3C_691E;

    /// <summary>Tries a range that ends at a multiple of 8, and leaves it as it was.</summary>
    public static bool Holds(Region range)
    {
        ref ulong word = ref MemoryMarshal.Cast<byte, ulong>(
            range.Slice(range.Length - sizeof(ulong), sizeof(ulong)))[0];
        ulong before = Volatile.Read(ref word);
        bool holds = Keeps(ref word, Pattern) && Keeps(ref word, ~Pattern);
        Volatile.Write(ref word, before);
        return holds;
    }

    private static bool Keeps(ref ulong word, ulong value)
    {
        Volatile.Write(ref word, value);
        return Volatile.Read(ref word) == value;
    }
}
