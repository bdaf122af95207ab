namespace Memcachier.Cache;

/// <summary>
/// How 16 bits say when an item expires: in seconds after its segment's base. Items that are stored together mostly
/// expire within the same eighteen hours; the others have a field of 32 bits.
/// </summary>
internal static class NearExptime
{
    private const ushort Never = 0;

    // Seconds that are long over have no distance from a base.
    private const ushort LongPast = 1;
    private const ushort First = 2;

    // A quarter of what 16 bits reach: items that are stored later mostly expire later, too.
    private const uint Before = 1 << 14;

    /// <summary>
    /// The base of a segment whose first item that expires does so at <paramref name="exptime"/>; never 0.
    /// </summary>
    public static uint BaseFor(uint exptime) => exptime > Before ? exptime - Before : 1;

    /// <summary>Whether 16 bits can say it.</summary>
    public static bool TryEncode(uint exptime, uint exptimeBase, out ushort near)
    {
        near = exptime == 0 ? Never : LongPast;
        if (exptime <= Lifetime.LongPast) return true;
        near = (ushort)(exptime - exptimeBase + First);
        return exptime >= exptimeBase && exptime - exptimeBase <= ushort.MaxValue - First;
    }

    public static uint Decode(ushort near, uint exptimeBase) =>
        near == Never ? 0 : near == LongPast ? Lifetime.LongPast : exptimeBase + near - First;
}
