using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Who may touch what: text is executed and never written, constants are only read, data is never executed, ring 0's
/// memory is ring 0's, and what is not named here faults: the null page, the pages below the stacks, firmware's memory.
/// </summary>
/// <remarks>
/// Virtual addresses are physical ones, but for the window in which <see cref="Join"/> makes one range out of several.
/// Until <see cref="Seal"/> the tables themselves can be written, so that drivers can map their devices; after it nothing
/// can change them, whatever goes wrong in this program.
/// </remarks>
public sealed class AddressSpace
{
    // kernel/build/assembler/RingZeroLayout.cs
    private const ulong RingZeroCode = 0x10_0000;
    private const ulong RingZeroData = 0x10_1000;
    private const ulong GateStackGuard = 0x10_9000;
    private const ulong GateStack = 0x10_A000;
    private const ulong FaultStackGuard = 0x10_B000;
    private const ulong FaultStack = 0x10_C000;
    private const ulong SharedPage = 0x10_E000;
    private const ulong TablesStart = 0x11_0000;
    private const ulong TablesEnd = 0x20_0000;

    // Above everything physical that the machines in question have, in the lower half.
    private const ulong WindowStart = 1UL << 46;
    private const int TableShift = 30;                  // one table of large pages covers a GiB
    private const ulong PageSize = (ulong)PageTables.PageSize;
    private const ulong LargePageMask = (ulong)PageTables.LargePageSize - 1;

    private readonly PageTables _tables;
    private ulong _windowLength;
    private bool _isSealed;

    /// <summary>Maps ring 0, the image and the memory above it.</summary>
    /// <param name="arena">For the tables: <see cref="TableMemory"/>, but for tests.</param>
    /// <param name="image">Where the linker put the parts.</param>
    /// <param name="ram">The memory behind the image: whole pages.</param>
    /// <param name="main">The memory that the machine is built in; the same, or apart from it.</param>
    public AddressSpace(Region arena, in ImageLayout image, MemoryRange ram, MemoryRange main)
    {
        arena.Slice(0, (int)arena.Length).Clear();
        _tables = new PageTables(arena);

        Map(RingZeroCode, RingZeroData, PageAccess.RingZeroCode);
        Map(RingZeroData, GateStackGuard, PageAccess.RingZeroData);
        Map(GateStack, FaultStackGuard, PageAccess.RingZeroData);
        Map(FaultStack, SharedPage, PageAccess.RingZeroData);
        Map(SharedPage, SharedPage + PageSize, PageAccess.Data);
        Map(TablesStart, TablesEnd, PageAccess.Data);

        Map(image.TextStart, image.ConstantsStart, PageAccess.Code);
        Map(image.ConstantsStart, image.DataStart, PageAccess.Constants);
        Map(image.DataStart, image.MainStackGuard, PageAccess.Data);
        Map(image.MainStackGuard + PageSize, image.FaultStackGuard, PageAccess.Data);
        Map(image.FaultStackGuard + PageSize, image.ImageEnd, PageAccess.Data);
        Map(ram.Start, ram.End, PageAccess.Data);
        if (main.Start != ram.Start) Map(main.Start, main.End, PageAccess.Data);
    }

    /// <summary>Where the tables are in the image.</summary>
    public static Region TableMemory => Region.At((nuint)TablesStart, (long)(TablesEnd - TablesStart));

    /// <summary>For CR3.</summary>
    public nuint Root => _tables.Root;

    /// <summary>Bytes that the tables take.</summary>
    public long TableBytes => _tables.UsedBytes;

    /// <summary>
    /// Maps the pages of [<paramref name="address"/>, + <paramref name="length"/>) as a device's. Fails if one of them is
    /// memory, beyond what the processor can address, where the window is, or if there is no room for tables.
    /// </summary>
    public bool TryMapDevice(ulong address, ulong length, ulong addressEnd)
    {
        Invariant.Holds(!_isSealed);
        if (addressEnd > WindowStart) addressEnd = WindowStart;
        if (length == 0 || address >= addressEnd || length > addressEnd - address) return false;
        ulong end = (address + length + PageSize - 1) & ~(PageSize - 1);
        address &= ~(PageSize - 1);
        while (address < end)
        {
            bool isLarge = (address & LargePageMask) == 0 && end - address > LargePageMask && _tables.IsUntouched(address);
            ulong size = isLarge ? LargePageMask + 1 : PageSize;
            if (_tables.TryTranslate(address, out _, out PageAccess access))
            {
                // Several windows of one device may share a page.
                if (access != PageAccess.Device) return false;
            }
            else if (!_tables.TryMap(address, address, size, PageAccess.Device))
            {
                return false;
            }
            address += size;
        }
        return true;
    }

    /// <summary>
    /// Appends memory to the window, in whole large pages: what is left over at its ends stays unused, and so does what
    /// there is no room to map.
    /// </summary>
    /// <returns>How many bytes were appended.</returns>
    public ulong Join(MemoryRange range)
    {
        Invariant.Holds(!_isSealed);
        ulong start = (range.Start + LargePageMask) & ~LargePageMask;
        ulong end = range.End & ~LargePageMask;
        if (end <= start) return 0;
        // A range that starts or ends in the middle of a table needs two more than its length says, and one above them.
        const long TablesAbove = 3;
        long tables = _tables.FreeTableCount - TablesAbove;
        if (tables <= 0) return 0;
        ulong length = System.Math.Min(end - start, (ulong)tables << TableShift);
        bool isMapped = _tables.TryMap(WindowStart + _windowLength, start, length, PageAccess.Data);
        Invariant.Holds(isMapped);
        _windowLength += length;
        return length;
    }

    /// <summary>All that was joined, as one region.</summary>
    public Region Window => Region.At(unchecked((nuint)WindowStart), (long)_windowLength);

    /// <summary>Takes the tables out of ring 3's reach. The gate then loads them anew and is sealed itself.</summary>
    public void Seal()
    {
        Invariant.Holds(!_isSealed);
        _isSealed = true;
        _tables.Restrict(TablesStart, TablesEnd - TablesStart, PageAccess.RingZeroData);
    }

    private void Map(ulong start, ulong end, PageAccess access)
    {
        if (start == end) return;
        bool isMapped = _tables.TryMap(start, start, end - start, access);
        Invariant.Holds(isMapped);
    }
}
