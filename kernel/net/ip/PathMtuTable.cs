using System;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Ip;

/// <summary>
/// Destinations whose path is narrower than our interface, as routers told (RFC 1191). A packet larger than its path is
/// sent without "don't fragment", so that it arrives in pieces instead of never.
/// </summary>
/// <remarks>
/// A forged message therefore costs its victim nothing: a packet that fits its path is not fragmented just because it
/// may be. Fixed size; a new destination takes the place of the one heard of least recently.
/// </remarks>
public sealed class PathMtuTable
{
    /// <summary>RFC 1191 §6.3: a larger value is tried again "no more than once every 10 minutes".</summary>
    public const long LifetimeMicros = 10 * 60 * 1_000_000L;

    private const int EntryCount = 64;

    /// <summary>RFC 791 §3.2: "Every internet module must be able to forward a datagram of 68 octets".</summary>
    private const int MtuMin = 68;

    /// <summary>RFC 1191 §7.1: the plateaus, for routers that do not say what their next hop's MTU is.</summary>
    private static ReadOnlySpan<ushort> Plateaus => [65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296];

    private readonly Entry[] _entries = new Entry[EntryCount];
    private long _latestExpiryMicros;

    /// <summary>Grows with every message that is believed. What time changes is not counted.</summary>
    public long Version { get; private set; }

    /// <summary>A router said that a packet to <paramref name="destination"/> was too big.</summary>
    /// <param name="destination">Where the packet was going.</param>
    /// <param name="nextHopMtu">What the router's next hop takes; 0 if it did not say.</param>
    /// <param name="packetLength">Total length of the packet, at least 20.</param>
    /// <param name="nowMicros">The time.</param>
    public void Arrives(IpAddress destination, int nextHopMtu, int packetLength, long nowMicros)
    {
        int mtu = nextHopMtu < MtuMin ? PlateauBelow(packetLength) : nextHopMtu;
        // The message is about a packet that did not fit; anything else it claims is nonsense.
        if (mtu >= packetLength) return;
        ref Entry entry = ref FindOrReplace(destination);
        entry.Destination = destination;
        entry.Mtu = mtu;
        entry.ExpiryMicros = nowMicros + LifetimeMicros;
        _latestExpiryMicros = entry.ExpiryMicros;
        Version++;
    }

    /// <summary>True if a packet of this size may not get through whole.</summary>
    public bool IsTooLong(IpAddress destination, int packetLength, long nowMicros) =>
        nowMicros < _latestExpiryMicros && IsTooLongSlow(destination, packetLength, nowMicros);

    /// <summary>
    /// Up to which size <see cref="IsTooLong"/> is false from now until <paramref name="untilMicros"/>, if no message comes.
    /// </summary>
    public int LengthMax(IpAddress destination, long nowMicros, out long untilMicros)
    {
        untilMicros = long.MaxValue;
        for (int i = 0; i < _entries.Length; i++)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Destination != destination || nowMicros >= entry.ExpiryMicros) continue;
            untilMicros = entry.ExpiryMicros;
            return entry.Mtu;
        }
        return int.MaxValue;
    }

    private bool IsTooLongSlow(IpAddress destination, int packetLength, long nowMicros)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            ref readonly Entry entry = ref _entries[i];
            if (entry.Destination != destination) continue;
            return nowMicros < entry.ExpiryMicros && packetLength > entry.Mtu;
        }
        return false;
    }

    private ref Entry FindOrReplace(IpAddress destination)
    {
        int oldest = 0;
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].Destination == destination) return ref _entries[i];
            if (_entries[i].ExpiryMicros < _entries[oldest].ExpiryMicros) oldest = i;
        }
        return ref _entries[oldest];
    }

    private static int PlateauBelow(int packetLength)
    {
        foreach (ushort plateau in Plateaus)
        {
            if (plateau < packetLength) return plateau;
        }
        return MtuMin;
    }

    private struct Entry
    {
        public IpAddress Destination;
        public int Mtu;
        public long ExpiryMicros;
    }
}
