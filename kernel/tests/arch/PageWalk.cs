using System.Buffers.Binary;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Tests.Arch;

/// <summary>
/// Page tables as the processor reads them (Intel SDM 3A §4.5, figure 4-11), written apart from the code under test.
/// </summary>
internal readonly struct PageWalk(Region tables)
{
    public const ulong Present = 1 << 0;
    public const ulong Write = 1 << 1;
    public const ulong User = 1 << 2;
    public const ulong CacheDisable = 1 << 4;
    public const ulong PageSize = 1 << 7;
    public const ulong ExecuteDisable = 1UL << 63;
    public const ulong Address = 0x000F_FFFF_FFFF_F000;

    /// <summary>
    /// The four entries on the way to <paramref name="address"/>; those after a large page or a hole are 0.
    /// </summary>
    public ulong[] Entries(ulong address)
    {
        ulong[] entries = new ulong[4];
        ulong table = tables.Address;
        for (int level = 0; level < 4; level++)
        {
            int index = (int)(address >> (39 - (9 * level))) & 0x1FF;
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(
                tables.Slice((long)(table - tables.Address) + (index * 8), 8));
            entries[level] = entry;
            if ((entry & Present) == 0 || (level > 0 && (entry & PageSize) != 0 && level < 3)) break;
            table = entry & Address;
        }
        return entries;
    }

    /// <summary>The entry that maps <paramref name="address"/>, or 0, and the size of its page.</summary>
    public ulong Leaf(ulong address, out ulong size)
    {
        ulong[] entries = Entries(address);
        size = (entries[2] & PageSize) != 0 ? 2UL << 20 : 4096;
        ulong leaf = size == 4096 ? entries[3] : entries[2];
        return (leaf & Present) != 0 ? leaf : 0;
    }
}
