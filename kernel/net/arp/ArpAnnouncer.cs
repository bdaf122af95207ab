using System;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>
/// Announces our address and defends it (RFC 5227 §2.3, §2.4). Announcements make neighbours and switches forget
/// whoever had the address before, so a replaced appliance is reached at once.
/// </summary>
/// <remarks>
/// There is no probing first: it costs seconds at boot, and the addresses of clouds and DHCP servers are not contested.
/// </remarks>
public sealed class ArpAnnouncer
{
    // RFC 5227 §1.1.
    private const int AnnounceCount = 2;
    private const long AnnounceIntervalMicros = 2_000_000;
    private const long DefendIntervalMicros = 10_000_000;

    private int _remaining;
    private long _lastDefenceMicros = -DefendIntervalMicros;

    /// <summary>When <see cref="TryTakeAnnouncement"/> succeeds next; <see cref="long.MaxValue"/> if never.</summary>
    public long NextTimerMicros { get; private set; } = long.MaxValue;

    /// <summary>We have a new address.</summary>
    public void Start(long nowMicros)
    {
        _remaining = AnnounceCount;
        NextTimerMicros = nowMicros;
    }

    /// <summary>We have no address any more.</summary>
    public void Stop()
    {
        _remaining = 0;
        NextTimerMicros = long.MaxValue;
    }

    /// <summary>
    /// Another station uses our address. RFC 5227 §2.4 (b): the host "broadcasts one single ARP Announcement", unless it
    /// did so within the last ten seconds, lest two stubborn hosts fill the wire; §2.4 (c): it keeps the address.
    /// </summary>
    public void Defend(long nowMicros)
    {
        if (nowMicros - _lastDefenceMicros < DefendIntervalMicros) return;
        _lastDefenceMicros = nowMicros;
        _remaining = Math.Max(_remaining, 1);
        NextTimerMicros = nowMicros;
    }

    /// <summary>True if an announcement should be sent now.</summary>
    public bool TryTakeAnnouncement(long nowMicros)
    {
        if (nowMicros < NextTimerMicros) return false;
        _remaining--;
        NextTimerMicros = _remaining > 0 ? nowMicros + AnnounceIntervalMicros : long.MaxValue;
        return true;
    }
}
