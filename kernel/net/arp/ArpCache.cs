using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Net.Arp;

/// <summary>
/// The translation table of RFC 826, with the validation that RFC 1122 §2.3.2 adds. Invariant: only an incomplete entry
/// has pending frames, and an address is in the table at most once.
/// </summary>
/// <remarks>
/// The table is set-associative: an address may lie in any of four places of one set, chosen by a keyed hash. A full set
/// gives up an unanswered question first, else the neighbour used least recently; so asking about many absent hosts
/// does not push out the present ones.
/// </remarks>
public sealed class ArpCache
{
    /// <summary>RFC 1122 §2.3.2.1: "The timeout should be on the order of a minute".</summary>
    public const long ReachableMicros = 60 * 1_000_000L;

    /// <summary>RFC 1122 §2.3.2.1: "The recommended maximum rate is 1 per second per destination."</summary>
    public const long RequestIntervalMicros = 1_000_000;

    /// <summary>Unanswered questions until a neighbour counts as absent.</summary>
    public const int RequestCountMax = 3;

    /// <summary>RFC 1122 §2.3.2.2: "at least one (the latest)" packet per unresolved destination is kept.</summary>
    public const int PendingPerEntryMax = 4;

    private const int Ways = 4;
    private const int RequestsPerSecond = 100, RequestBurst = 32;

    private readonly Entry[] _entries;
    private readonly PendingFrames _pending;
    private readonly NetCounters _counters;
    private readonly RateLimit _requestLimit = new(RequestsPerSecond, RequestBurst);
    private readonly uint _hashKey;
    private readonly uint _setMask;

    /// <param name="setCount">Four neighbours each; a power of two.</param>
    /// <param name="pending">Where frames wait.</param>
    /// <param name="counters">Where drops are counted.</param>
    /// <param name="hashKey">Random, so that nobody can choose addresses that share a set.</param>
    public ArpCache(int setCount, PendingFrames pending, NetCounters counters, uint hashKey)
    {
        Invariant.Holds(setCount > 0);
        Invariant.Holds((setCount & (setCount - 1)) == 0);
        _entries = new Entry[setCount * Ways];
        _pending = pending;
        _counters = counters;
        _hashKey = hashKey;
        _setMask = (uint)setCount - 1;
    }

    /// <summary>How many neighbours there can be.</summary>
    public int Capacity => _entries.Length;

    /// <summary>
    /// Grows with every change of what <see cref="TryResolve"/> says, and of where a neighbour is in the table. What time
    /// changes is not counted.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>When <see cref="TryTakeRequest"/> has something to do next; <see cref="long.MaxValue"/> if never.</summary>
    public long NextTimerMicros { get; private set; } = long.MaxValue;

    /// <summary>
    /// Finds a neighbour's hardware address. If it is unknown, a question is on its way when this returns false.
    /// </summary>
    public bool TryResolve(IpAddress neighbour, long nowMicros, out MacAddress hardware)
    {
        ref Entry entry = ref Find(neighbour, out bool isFound);
        if (!isFound) entry = ref Replace(neighbour);
        entry.UsedMicros = nowMicros;
        hardware = entry.Hardware;
        switch (entry.State)
        {
            case ArpState.Reachable:
                if (nowMicros - entry.ConfirmedMicros >= ReachableMicros) Ask(ref entry, ArpState.Stale, nowMicros);
                return true;
            case ArpState.Stale:
                return true;
            case ArpState.Incomplete:
                return false;
            default:
                Ask(ref entry, ArpState.Incomplete, nowMicros);
                return false;
        }
    }

    /// <summary>
    /// Until when <see cref="TryResolve"/> has nothing to do but to say the same, if <see cref="Version"/> does not change,
    /// and to note the use: <see cref="Use"/>. Fails if it is about to ask.
    /// </summary>
    /// <param name="neighbour">One that it just found.</param>
    /// <param name="nowMicros">The time.</param>
    /// <param name="place">Where it is in the table.</param>
    /// <param name="untilMicros">When it will be asked again.</param>
    public bool TryPin(IpAddress neighbour, long nowMicros, out int place, out long untilMicros)
    {
        place = PlaceOf(neighbour);
        Invariant.Holds(place >= 0);
        ref readonly Entry entry = ref _entries[place];
        untilMicros = entry.ConfirmedMicros + ReachableMicros;
        return entry.State == ArpState.Reachable && nowMicros < untilMicros;
    }

    /// <summary>A packet leaves for a pinned neighbour. Hot: once per packet sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(int place, long nowMicros) => _entries[place].UsedMicros = nowMicros;

    /// <summary>
    /// Keeps a frame until its next hop, for which <see cref="TryResolve"/> just failed, is known. The newest frames
    /// are kept if there are too many.
    /// </summary>
    public void Hold(IpAddress neighbour, ReadOnlySpan<byte> frame, TransmitChecksum checksum)
    {
        ref Entry entry = ref Find(neighbour, out bool isFound);
        Invariant.Holds(isFound);
        Invariant.Holds(entry.State == ArpState.Incomplete);
        if (entry.Pending.Count == PendingPerEntryMax || (_pending.FreeCount == 0 && entry.Pending.Count > 0))
        {
            _pending.DropOldest(ref entry.Pending);
            _counters.ArpPacketsDropped++;
        }
        if (!_pending.TryHold(ref entry.Pending, frame, checksum)) _counters.ArpPacketsDropped++;
    }

    /// <summary>
    /// RFC 826: "If the pair &lt;protocol type, sender protocol address&gt; is already in my translation table, update
    /// the sender hardware address field". Returns false if it is not.
    /// </summary>
    public bool TryMerge(IpAddress neighbour, MacAddress hardware, long nowMicros)
    {
        ref Entry entry = ref Find(neighbour, out bool isFound);
        if (isFound) Confirm(ref entry, hardware, nowMicros);
        return isFound;
    }

    /// <summary>RFC 826: "add the triplet to the translation table". It is not in there yet.</summary>
    public void Add(IpAddress neighbour, MacAddress hardware, long nowMicros)
    {
        ref Entry entry = ref Replace(neighbour);
        entry.UsedMicros = nowMicros;
        Confirm(ref entry, hardware, nowMicros);
    }

    /// <summary>The next question that is due; call until it fails. Gives up neighbours that were asked often enough.</summary>
    public bool TryTakeRequest(long nowMicros, out ArpRequest request)
    {
        request = default;
        if (nowMicros < NextTimerMicros) return false;
        long next = long.MaxValue;
        for (int i = 0; i < _entries.Length; i++)
        {
            ref Entry entry = ref _entries[i];
            if (entry.State is not (ArpState.Incomplete or ArpState.Stale)) continue;
            if (entry.DeadlineMicros > nowMicros)
            {
                next = Math.Min(next, entry.DeadlineMicros);
                continue;
            }
            if (entry.RequestCount == RequestCountMax)
            {
                Forget(ref entry);
                continue;
            }
            entry.RequestCount++;
            entry.DeadlineMicros = nowMicros + RequestIntervalMicros;
            next = Math.Min(next, entry.DeadlineMicros);
            // Over the limit the question counts as asked and lost, like a frame on a busy wire.
            if (!_requestLimit.TryTake(nowMicros)) continue;
            // RFC 1122 §2.3.2.1 (2): an old entry is validated by a "unicast poll".
            MacAddress destination = entry.State == ArpState.Stale ? entry.Hardware : MacAddress.Broadcast;
            request = new ArpRequest(entry.Address, destination);
            return true;
        }
        NextTimerMicros = next;
        return false;
    }

    /// <summary>Forgets everything: the interface got another address, so neighbours and pending frames are others'.</summary>
    public void Clear()
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            if (_entries[i].State != ArpState.Free) Forget(ref _entries[i]);
        }
        _pending.DropReady();
        NextTimerMicros = long.MaxValue;
    }

    /// <summary>What is known about a neighbour.</summary>
    public ArpState StateOf(IpAddress neighbour)
    {
        ref readonly Entry entry = ref Find(neighbour, out bool isFound);
        return isFound ? entry.State : ArpState.Free;
    }

    /// <summary>
    /// Looks at the next few entries for one that is in use, and takes note of how far it got; fails if there is none among
    /// them.
    /// </summary>
    /// <param name="index">Where to look, from 0; then where to look next. <see cref="Capacity"/> at the end.</param>
    /// <param name="budget">How many may still be looked at; less what it took.</param>
    public bool TryFindNext(ref int index, ref int budget, out ArpNeighbour neighbour)
    {
        while (index < _entries.Length && budget-- > 0)
        {
            ref readonly Entry entry = ref _entries[index++];
            if (entry.State == ArpState.Free) continue;
            neighbour = new ArpNeighbour
            {
                Address = entry.Address,
                Hardware = entry.Hardware,
                State = entry.State,
                ConfirmedMicros = entry.ConfirmedMicros,
            };
            return true;
        }
        neighbour = default;
        return false;
    }

    private ref Entry Find(IpAddress neighbour, out bool isFound)
    {
        int place = PlaceOf(neighbour);
        isFound = place >= 0;
        return ref _entries[Math.Max(place, 0)];
    }

    /// <summary>Where a neighbour is in the table; -1 if it is not there.</summary>
    private int PlaceOf(IpAddress neighbour)
    {
        int set = SetOf(neighbour);
        for (int i = set; i < set + Ways; i++)
        {
            if (_entries[i].State == ArpState.Free) continue;
            if (_entries[i].Address == neighbour) return i;
        }
        return -1;
    }

    private ref Entry Replace(IpAddress neighbour)
    {
        int set = SetOf(neighbour);
        int victim = set;
        for (int i = set; i < set + Ways; i++)
        {
            if (IsBetterVictim(in _entries[i], in _entries[victim])) victim = i;
        }
        ref Entry entry = ref _entries[victim];
        if (entry.State != ArpState.Free) Forget(ref entry);
        entry.Address = neighbour;
        return ref entry;
    }

    private static bool IsBetterVictim(in Entry entry, in Entry other)
    {
        int rank = VictimRank(entry.State), otherRank = VictimRank(other.State);
        return rank != otherRank ? rank < otherRank : entry.UsedMicros < other.UsedMicros;
    }

    private static int VictimRank(ArpState state) => state switch
    {
        ArpState.Free => 0,
        ArpState.Incomplete => 1,
        _ => 2,
    };

    private void Ask(ref Entry entry, ArpState state, long nowMicros)
    {
        Become(ref entry, state);
        entry.RequestCount = 0;
        entry.DeadlineMicros = nowMicros;
        NextTimerMicros = Math.Min(NextTimerMicros, nowMicros);
    }

    private void Confirm(ref Entry entry, MacAddress hardware, long nowMicros)
    {
        if (entry.State != ArpState.Reachable) Become(ref entry, ArpState.Reachable);
        if (entry.Hardware != hardware) Version++;
        entry.Hardware = hardware;
        entry.ConfirmedMicros = nowMicros;
        _pending.Release(ref entry.Pending, hardware);
    }

    private void Forget(ref Entry entry)
    {
        while (entry.Pending.Count > 0)
        {
            _pending.DropOldest(ref entry.Pending);
            _counters.ArpPacketsDropped++;
        }
        Become(ref entry, ArpState.Free);
    }

    private void Become(ref Entry entry, ArpState next)
    {
        Invariant.Holds(IsMove(entry.State, next));
        entry.State = next;
        Version++;
    }

    private static bool IsMove(ArpState from, ArpState to) => from switch
    {
        ArpState.Free => to is ArpState.Incomplete or ArpState.Reachable,
        ArpState.Incomplete => to is ArpState.Reachable or ArpState.Free,
        ArpState.Reachable => to is ArpState.Stale or ArpState.Free,
        ArpState.Stale => to is ArpState.Reachable or ArpState.Free,
        _ => false,
    };

    private int SetOf(IpAddress neighbour)
    {
        // Fibonacci hashing; the upper bits of the product depend on all bits of the address.
        ulong product = (neighbour.V4Bits ^ _hashKey) * 0x9E37_79B9_7F4A_7C15;
        return (int)((uint)(product >> 40) & _setMask) * Ways;
    }

    private struct Entry
    {
        public IpAddress Address;
        public MacAddress Hardware;
        public ArpState State;
        public byte RequestCount;
        public PendingFrames.Queue Pending;
        public long ConfirmedMicros;
        public long UsedMicros;
        public long DeadlineMicros;
    }
}
