using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Cache;

/// <summary>
/// The store's clock and what it means for items: which are still there. Seconds count from the start of the machine
/// plus <see cref="FirstSecond"/>, and tick once a second, as memcached's do.
/// </summary>
/// <remarks>
/// An immediate flush_all ends what was stored before its second, and, of what was stored in that very second, what
/// belongs to an earlier generation. A delayed one hides the items last stored or read up to a second, once that second
/// arrives.
/// </remarks>
public sealed class Lifetime
{
    /// <summary>
    /// protocol.txt: "up to 60*60*24*30 seconds relative"; above that, exptime is absolute Unix time.
    /// </summary>
    public const int RelativeMax = 60 * 60 * 24 * 30;

    /// <summary>The first second there is: one later than <see cref="LongPast"/>.</summary>
    public const uint FirstSecond = 2;

    private const uint LongPast = 1;
    private const long MicrosPerSecond = 1_000_000;

    private long _unixAtZero;
    private uint _flushSecond;
    private uint _delayedFlushTime;
    private ushort _flushesInSecond;

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

    /// <summary>Counts the immediate flushes; kept with each item.</summary>
    internal ushort Generation { get; private set; }

    /// <summary>Sets the clock; a clock of the platform that went back is ignored.</summary>
    public void Tick(long nowMicros, long unixSeconds)
    {
        uint now = (uint)(nowMicros / MicrosPerSecond) + FirstSecond;
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

    /// <summary>Hot: once per key found.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ItemFate Judge(in ItemHeader header)
    {
        if (IsFlushed(in header)) return ItemFate.Flushed;
        if (header.Time <= _delayedFlushTime && _delayedFlushTime <= Now) return ItemFate.Flushed;
        return header.Exptime != 0 && header.Exptime <= Now ? ItemFate.Expired : ItemFate.Alive;
    }

    /// <summary>True for what an immediate flush ended; such items are no longer counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsFlushed(in ItemHeader header) =>
        header.Time <= _flushSecond && (header.Time < _flushSecond || header.Generation != Generation);

    /// <summary>
    /// flush_all: at once when <paramref name="exptime"/> is not in the future, otherwise a second before it, which is
    /// memcached's own reading of it. Replaces an earlier flush that is still to come.
    /// </summary>
    /// <returns>True if it happened at once: every item there is has just ended.</returns>
    internal bool Flush(int exptime)
    {
        uint time = exptime > 0 ? FromExptime(exptime) - 1 : Now - 1;
        _delayedFlushTime = time;
        if (time >= Now) return false;

        if (_flushSecond < Now)
        {
            _flushSecond = Now;
            _flushesInSecond = 0;
        }
        Generation++;
        // The generations of one second must differ. In a second with more flushes than there are generations, what is
        // stored until its end is lost as well.
        if (++_flushesInSecond == ushort.MaxValue) _flushSecond = Now + 1;
        return true;
    }
}
