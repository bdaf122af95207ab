namespace Memcachier.Cache;

/// <summary>
/// The streams of items that each fill a segment of their own, so that what is written together also ends together: by
/// queue (new items, and those that have proved themselves), and within a queue by how long they have to live.
/// </summary>
internal static class Streams
{
    public const int Count = QueueCount * LifetimeCount;

    private const int QueueCount = 2;
    private const int LifetimeCount = 6;

    // The lifetimes that share segments: for ever, up to ten minutes, six hours, eighteen hours, a day and a half,
    // longer. A day is what many choose; with those of its kind, an item's expiry takes 16 bits (NearExptime).
    private const uint Hour = 3600;
    private const uint ShortSeconds = 600;
    private const uint MediumSeconds = 6 * Hour;
    private const uint LongSeconds = 18 * Hour;
    private const uint DaySeconds = 36 * Hour;

    /// <summary>The stream of an item that expires at <paramref name="exptime"/> (0 never).</summary>
    public static byte For(bool isMain, uint exptime, uint now)
    {
        int lifetime = 0;
        if (exptime != 0)
        {
            uint seconds = exptime > now ? exptime - now : 0;
            lifetime = LifetimeOf(seconds);
        }
        return (byte)((isMain ? LifetimeCount : 0) + lifetime);
    }

    private static int LifetimeOf(uint seconds)
    {
        if (seconds <= ShortSeconds) return 1;
        if (seconds <= MediumSeconds) return 2;
        if (seconds <= LongSeconds) return 3;
        return seconds <= DaySeconds ? 4 : 5;
    }

    public static bool IsMain(int stream) => stream >= LifetimeCount;

    /// <summary>The same stream of the main queue.</summary>
    public static byte InMain(int stream) => (byte)(IsMain(stream) ? stream : stream + LifetimeCount);
}
