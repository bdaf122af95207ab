namespace Memcachier.Cache;

/// <summary>
/// The streams of items that each fill a segment of their own, so that what is written together also ends together: by
/// queue (new items, and those that have proved themselves), and within a queue by how long they have to live.
/// </summary>
internal static class Streams
{
    public const int Count = QueueCount * LifetimeCount;

    private const int QueueCount = 2;
    private const int LifetimeCount = 4;

    // The lifetimes that share segments: up to ten minutes, up to six hours, longer; the last one is for ever.
    private const uint ShortSeconds = 600;
    private const uint MediumSeconds = 6 * 3600;

    /// <summary>The stream of an item that expires at <paramref name="exptime"/> (0 never).</summary>
    public static byte For(bool isMain, uint exptime, uint now)
    {
        int lifetime = 0;
        if (exptime != 0)
        {
            uint seconds = exptime > now ? exptime - now : 0;
            lifetime = seconds <= ShortSeconds ? 1 : seconds <= MediumSeconds ? 2 : 3;
        }
        return (byte)((isMain ? LifetimeCount : 0) + lifetime);
    }

    public static bool IsMain(int stream) => stream >= LifetimeCount;

    /// <summary>The same stream of the main queue.</summary>
    public static byte InMain(int stream) => (byte)(IsMain(stream) ? stream : stream + LifetimeCount);
}
