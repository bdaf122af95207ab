using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// Builds four-level page tables (Intel SDM 3A §4.5): 2 MiB pages where a range allows it, 4 KiB ones at its edges. What
/// is not mapped faults.
/// </summary>
/// <remarks>
/// <code>
/// virtual address   [ sign : 47 ][ PML4 : 9 ][ PDPT : 9 ][ PD : 9 ][ PT : 9 ][ offset : 12 ]
/// entry             [ NX ][ ... ][ physical 51..12 ][ ... ][ PS : 7 ][ PCD : 4 ][ US : 2 ][ RW : 1 ][ P : 0 ]
/// </code>
/// </remarks>
public sealed class PageTables
{
    public const long PageSize = 4096;
    public const long LargePageSize = 2 * 1024 * 1024;

    private const ulong Present = 1;
    private const ulong Large = 1UL << 7;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    // An upper level allows everything; the last one decides.
    private const ulong UpperLevel = Present | (ulong)PageAccess.Write | (ulong)PageAccess.User;
    private const int EntriesPerTable = 512;
    private const int TopShift = 39;
    private const int LargeShift = 21;
    private const int PageShift = 12;
    private const int LevelBits = 9;

    private readonly Region _arena;
    private long _used;

    /// <param name="arena">Zeroed memory for the tables, page-aligned, mapped where it physically is.</param>
    public PageTables(Region arena)
    {
        Invariant.Holds(arena.Length >= PageSize);
        _arena = arena;
        _used = PageSize;
    }

    /// <summary>The physical address for CR3.</summary>
    public nuint Root => _arena.Address;

    /// <summary>Bytes of the arena in use.</summary>
    public long UsedBytes => _used;

    /// <summary>How many more tables the arena has room for.</summary>
    public long FreeTableCount => (_arena.Length - _used) / PageSize;

    /// <summary>
    /// Maps [<paramref name="virtualStart"/>, + <paramref name="length"/>) to physical memory. Both starts and the length
    /// are multiples of 4096; nothing in the range is mapped yet.
    /// </summary>
    /// <returns>False if the arena is used up; some of the range may then be mapped.</returns>
    public bool TryMap(ulong virtualStart, ulong physicalStart, ulong length, PageAccess access)
    {
        Invariant.Holds(((virtualStart | physicalStart | length) & (ulong)(PageSize - 1)) == 0);
        while (length > 0)
        {
            bool isLarge = ((virtualStart | physicalStart) & (ulong)(LargePageSize - 1)) == 0
                && length >= (ulong)LargePageSize;
            ulong size = isLarge ? (ulong)LargePageSize : (ulong)PageSize;
            if (!TryFindTable(virtualStart, isLarge ? LargeShift : PageShift, out long table)) return false;
            int index = Index(virtualStart, isLarge ? LargeShift : PageShift);
            Invariant.Holds(Read(table, index) == 0);
            Write(table, index, physicalStart | (ulong)access | Present | (isLarge ? Large : 0));
            virtualStart += size;
            physicalStart += size;
            length -= size;
        }
        return true;
    }

    /// <summary>
    /// Changes who may touch a range that was mapped in 4 KiB pages and lies in one table. The processor may go on using
    /// what it remembers until the tables are loaded anew.
    /// </summary>
    /// <remarks>
    /// The range may hold the very table that is written here, and the new access may forbid writing it: the entry for
    /// the table itself comes last, and nothing is read after it.
    /// </remarks>
    public void Restrict(ulong virtualStart, ulong length, PageAccess access)
    {
        Invariant.Holds(length <= (ulong)LargePageSize - (virtualStart & ((ulong)LargePageSize - 1)));
        bool exists = TryFindTable(virtualStart, PageShift, out long table);
        Invariant.Holds(exists);
        int own = -1;
        for (ulong offset = 0; offset < length; offset += (ulong)PageSize)
        {
            int index = Index(virtualStart + offset, PageShift);
            ulong entry = Read(table, index);
            Invariant.Holds((entry & Present) != 0);
            if ((entry & AddressMask) == Root + (ulong)table) own = index;
            else Write(table, index, (entry & AddressMask) | (ulong)access | Present);
        }
        if (own >= 0) Write(table, own, (Root + (ulong)table) | (ulong)access | Present);
    }

    /// <summary>Follows the tables as the processor does.</summary>
    /// <returns>False if <paramref name="address"/> is not mapped.</returns>
    public bool TryTranslate(ulong address, out ulong physical, out PageAccess access)
    {
        physical = 0;
        access = PageAccess.None;
        long table = 0;
        for (int shift = TopShift; shift >= PageShift; shift -= LevelBits)
        {
            ulong entry = Read(table, Index(address, shift));
            if ((entry & Present) == 0) return false;
            if (shift == PageShift || (entry & Large) != 0)
            {
                ulong offsetMask = (1UL << shift) - 1;
                physical = (entry & AddressMask & ~offsetMask) | (address & offsetMask);
                access = (PageAccess)(entry & (ulong)(PageAccess.Device));
                return true;
            }
            table = (long)((entry & AddressMask) - Root);
        }
        return false;
    }

    /// <summary>True if nothing in the 2 MiB around <paramref name="address"/> was ever mapped.</summary>
    public bool IsUntouched(ulong address)
    {
        long table = 0;
        for (int shift = TopShift; shift > LargeShift; shift -= LevelBits)
        {
            ulong entry = Read(table, Index(address, shift));
            if (entry == 0) return true;
            table = (long)((entry & AddressMask) - Root);
        }
        return Read(table, Index(address, LargeShift)) == 0;
    }

    /// <summary>Finds the table whose entries cover 2^<paramref name="leafShift"/> bytes, creating those above it.</summary>
    private bool TryFindTable(ulong address, int leafShift, out long table)
    {
        table = 0;
        for (int shift = TopShift; shift > leafShift; shift -= LevelBits)
        {
            int index = Index(address, shift);
            ulong entry = Read(table, index);
            if (entry == 0)
            {
                if (_arena.Length - _used < PageSize) return false;
                entry = (Root + (ulong)_used) | UpperLevel;
                _used += PageSize;
                Write(table, index, entry);
            }
            Invariant.Holds((entry & Large) == 0);
            table = (long)((entry & AddressMask) - Root);
        }
        return true;
    }

    private static int Index(ulong address, int shift) => (int)(address >> shift) & (EntriesPerTable - 1);

    private ulong Read(long table, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(_arena.Slice(table + (index * sizeof(ulong)), sizeof(ulong)));

    private void Write(long table, int index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_arena.Slice(table + (index * sizeof(ulong)), sizeof(ulong)), entry);
}
