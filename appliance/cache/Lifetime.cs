using System;

namespace Memcachier.Cache;

/// <summary>
/// The store's clock and what it means for items: which are still there. Seconds count from the start of the machine
/// plus <see cref="FirstSecond"/>, and tick once a second, as memcached's do.
/// </summary>
/// <remarks>
/// An immediate flush_all ends what there is (<see cref="SegmentLog.FlushAll"/>). A delayed one hides what there is and
/// what is stored during a second, once that second arrives.
/// </remarks>
public sealed class Lifetime
{
    /// <summary>
    /// protocol.txt: "up to 60*60*24*30 seconds relative"; above that, exptime is absolute Unix time.
    /// </summary>
    public const int RelativeMax = 60 * 60 * 24 * 30;

    /// <summary>The first second there is: one later than <see cref="LongPast"/>.</summary>
    public const uint FirstSecond = 2;

    /// <summary>What an exptime means that is over already.</summary>
    internal const uint LongPast = 1;

    private const long MicrosPerSecond = 1_000_000;

    private long _unixAtZero;
    private uint _delayedFlushTime;

    /// <summary>The current second.</summary>
    public uint Now { get; private set; } = FirstSecond;

    /// <summary>Seconds since the start.</summary>
    public uint Uptime => Now - FirstSecond;

    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    public long UnixSeconds => _unixAtZero + Now;

    /// <summary>
    /// memcached's oldest_live: items not stored or read after this second are gone once it has come.
    /// </summary>
    public uint OldestLive => _delayedFlushTime;

    /// <summary>
    /// Whether a delayed flush_all is over when the clock is set to this: every item there is has ended, which has to
    /// be noted before.
    /// </summary>
    internal bool EndsFlush(long nowMicros) => Now <= _delayedFlushTime && _delayedFlushTime < SecondOf(nowMicros);

    /// <summary>Sets the clock; a clock of the platform that went back is ignored.</summary>
    internal void Tick(long nowMicros, long unixSeconds)
    {
        uint now = SecondOf(nowMicros);
        if (now > Now) Now = now;
        // Both clocks count whole seconds but do not tick at the same moment: a difference of one says nothing, and
        // following it would move absolute times to and fro.
        long unixAtZero = unixSeconds - Now;
        if (Math.Abs(unixAtZero - _unixAtZero) > 1) _unixAtZero = unixAtZero;
    }

    /// <summary>
    /// The second that an exptime of the protocol means: 0 never, negative already past, relative up to 30 days,
    /// absolute above.
    /// </summary>
    public uint FromExptime(int exptime)
    {
        if (exptime == 0) return 0;
        if (exptime < 0) return LongPast;
        if (exptime <= RelativeMax) return Now + (uint)exptime;
        return exptime <= _unixAtZero + LongPast ? LongPast : (uint)(exptime - _unixAtZero);
    }

    /// <summary>The Unix time of a second on this scale.</summary>
    public long ToUnix(uint second) => _unixAtZero + second;

    /// <summary>
    /// The seconds until an item that expires at <paramref name="exptime"/> does; -1 if it never does.
    /// </summary>
    public long SecondsLeft(uint exptime) => exptime == 0 ? -1 : Math.Max((long)exptime - Now, 0);

    /// <summary>
    /// The second of a delayed flush_all: whatever is there or is stored has ended, until the second is over.
    /// </summary>
    internal bool IsFlushing => _delayedFlushTime == Now;

    /// <summary>
    /// flush_all: at once when <paramref name="exptime"/> is not in the future, otherwise a second before it, which is
    /// memcached's own reading of it. Replaces an earlier flush that is still to come.
    /// </summary>
    /// <returns>True if it happens at once.</returns>
    internal bool Flush(int exptime)
    {
        _delayedFlushTime = exptime > 0 ? FromExptime(exptime) - 1 : Now - 1;
        return _delayedFlushTime < Now;
    }

    private static uint SecondOf(long micros) => (uint)(micros / MicrosPerSecond) + FirstSecond;
}
