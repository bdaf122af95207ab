using System.Runtime;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Memory;

/// <summary>
/// Where `new` takes its memory from while the machine boots, and where boot takes the regions of pools and rings. After
/// <see cref="Seal"/> there is no more: an allocation then is a mistake of this program and ends the machine.
/// </summary>
/// <remarks>
/// One of the two places with mutable statics (the other is the crash report): compiled code asks for memory by calling
/// a routine by name, and that routine has no `this`.
/// </remarks>
public static unsafe class BootArena
{
    private const byte Poison = 0xCC;

    private static ulong s_next;
    private static ulong s_end;
    private static bool s_isSealed;

    /// <summary>Bytes that can still be taken.</summary>
    public static long FreeBytes => (long)(s_end - s_next);

    /// <summary>Gives the arena its memory: mapped, writable, nobody else's.</summary>
    public static void Open(ulong start, ulong end)
    {
        Invariant.Holds(s_end == 0);
        Invariant.Holds(start < end);
        s_next = start;
        s_end = end;
    }

    /// <summary>Moves the end up, once the machine's memory is known.</summary>
    public static void Extend(ulong end)
    {
        Invariant.Holds(end >= s_end);
        s_end = end;
    }

    /// <summary>Leaves what is left of its memory, and goes on in other memory.</summary>
    public static void Continue(ulong start, ulong end)
    {
        Invariant.Holds(!s_isSealed);
        Invariant.Holds(start < end);
        s_next = start;
        s_end = end;
    }

    /// <summary>Takes zeroed memory at a multiple of <paramref name="alignment"/>, a power of two.</summary>
    public static Region Take(long length, long alignment)
    {
        Region region = TakeUncleared(length, alignment);
        for (long offset = 0; offset < length; offset += 1 << 30)
        {
            region.Slice(offset, (int)System.Math.Min(1 << 30, length - offset)).Clear();
        }
        return region;
    }

    /// <summary>As <see cref="Take"/>, but what the memory held is still there: for a store that writes before it reads.</summary>
    public static Region TakeUncleared(long length, long alignment)
    {
        Invariant.Holds(!s_isSealed);
        ulong start = (s_next + (ulong)alignment - 1) & ~((ulong)alignment - 1);
        Invariant.Holds(start <= s_end);
        Invariant.Holds((ulong)length <= s_end - start);
        s_next = start + (ulong)length;
        return Region.At((nuint)start, length);
    }

    /// <summary>
    /// Lends memory at the arena's end, which stays the arena's: for what is over before the arena hands that out. Two
    /// loans are of the same memory.
    /// </summary>
    public static Region Lend(long length, long alignment)
    {
        Invariant.Holds(!s_isSealed);
        Invariant.Holds(length + alignment <= FreeBytes);
        ulong start = (s_end - (ulong)length) & ~((ulong)alignment - 1);
        return Region.At((nuint)start, length);
    }

    /// <summary>Gives up for good what was lent: a device that could not be stopped may still write there.</summary>
    public static void GiveUp(Region lent)
    {
        Invariant.Holds(lent.Address >= s_next);
        Invariant.Holds(lent.Address < s_end);
        s_end = lent.Address;
    }

    /// <summary>How far the arena is taken: for <see cref="Rewind"/>.</summary>
    public static ulong Mark => s_next;

    /// <summary>
    /// Takes back everything that was taken since <paramref name="mark"/>, for what boot needs only for a while. Nothing of
    /// it may be used any more, and to make sure of that its bytes become an address that no machine has: who kept a
    /// reference ends the machine at once, and on every boot.
    /// </summary>
    public static void Rewind(ulong mark)
    {
        Invariant.Holds(!s_isSealed);
        Invariant.Holds(mark <= s_next);
        Region.At((nuint)mark, (long)(s_next - mark)).Slice(0, (int)(s_next - mark)).Fill(Poison);
        s_next = mark;
    }

    /// <summary>Ends allocation for good.</summary>
    public static void Seal() => s_isSealed = true;

    [RuntimeExport("kernel_allocate")]
    private static void* Allocate(ulong size)
    {
        Region region = Take((long)size, sizeof(ulong));
        // SAFETY: the region was just taken from the arena and belongs to nobody else.
        return (void*)region.Address;
    }
}
