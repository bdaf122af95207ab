using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// What happens on a reactor, as lines for those who watch: a ring of fixed size, written by whoever sees an event and
/// read once a round. A line that finds no room is dropped and counted; nobody waits.
/// </summary>
/// <remarks>
/// While nobody watches, an event costs the test of <see cref="IsWatched"/>. A line lies in one piece:
/// <code>
///   [ length:16 ][ kinds:16 ][ gid:64 ][ the line ]      a length of 0: go on at the ring's beginning
/// </code>
/// </remarks>
public sealed class EventLog
{
    /// <summary>
    /// No line is longer: a key of 250 bytes that are all escaped, two numbers of 20 digits, an address, and names.
    /// </summary>
    public const int LineLengthMax = 1024;

    /// <summary>memcached's worker_logbuf_size in bytes, and the least that there can be.</summary>
    public const int LengthDefault = 64 << 10;
    public const int LengthMin = 4 << 10;

    private const int LengthOffset = 0;
    private const int KindsOffset = 2;
    private const int GidOffset = 4;
    private const int HeaderLength = 12;

    private readonly byte[] _ring;
    private readonly Statistics _statistics;
    private HotKeys? _counting;
    private EventKinds _wanted;
    private EventClock _clock;
    private ulong _gid;
    private int _first;
    private int _end;
    private int _pendingCount;

    /// <param name="length">Bytes for lines on their way.</param>
    /// <param name="statistics">Where it is counted what was written and what dropped.</param>
    public EventLog(int length, Statistics statistics)
    {
        Invariant.Holds(length >= LengthMin);
        _ring = new byte[length];
        _statistics = statistics;
    }

    /// <summary>Bytes for lines on their way.</summary>
    public int Length => _ring.Length;

    /// <summary>What anybody watches.</summary>
    public EventKinds Wanted
    {
        get => _wanted;
        set
        {
            _wanted = value;
            IsWatched = _wanted != EventKinds.None || _counting is not null;
        }
    }

    /// <summary>Hot: once per request, and all that it costs while there is no watcher.</summary>
    public bool IsWatched { get; private set; }

    /// <summary>Lines that were not taken yet.</summary>
    public int PendingCount => _pendingCount;

    /// <summary>The time of the events that follow.</summary>
    public void SetTime(long nowMicros, long unixSeconds) => _clock.Set(nowMicros, unixSeconds);

    /// <summary>The next number of the one sequence that events and watchers are numbered in.</summary>
    public ulong NextGid() => ++_gid;

    /// <summary>Counts the keys that are looked for from now on; null for no more.</summary>
    public void CountIn(HotKeys? keys)
    {
        _counting = keys;
        Wanted = _wanted;
    }

    /// <summary>Somebody looked for a key.</summary>
    /// <param name="key">As it is stored.</param>
    /// <param name="status">found, not_found, expired or flushed</param>
    /// <param name="valueLength">Of what was found.</param>
    /// <param name="connection">memcached's cfd.</param>
    public void Fetched(ReadOnlySpan<byte> key, ItemStatus status, long valueLength, int connection)
    {
        _counting?.Add(key, status == ItemStatus.Found);
        if (!TryBegin(EventKinds.Fetchers, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "item_get"u8);
        line.AddKey(key);
        line.Add(" status="u8, NameOf(status));
        AddItem(ref line, status == ItemStatus.Found ? 1UL : 0, connection, valueLength);
        End(EventKinds.Fetchers, line.End());
    }

    /// <summary>A value was stored, or not.</summary>
    /// <param name="status">stored, not_stored, exists, not_found, too_large or no_memory</param>
    /// <param name="command">set, add, replace, append, prepend or cas</param>
    /// <param name="ttl">Seconds until it expires, 0 for never.</param>
    public void Stored(
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> status,
        ReadOnlySpan<byte> command,
        uint ttl,
        bool hadPlace,
        long valueLength,
        int connection)
    {
        if (!TryBegin(EventKinds.Mutations, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "item_store"u8);
        line.AddKey(key);
        line.Add(" status="u8, status);
        line.Add(" cmd="u8, command);
        line.Add(" ttl="u8, ttl);
        AddItem(ref line, hadPlace ? 1UL : 0, connection, valueLength);
        End(EventKinds.Mutations, line.End());
    }

    /// <summary>An item was deleted by delete or md.</summary>
    public void Deleted(ReadOnlySpan<byte> key, ReadOnlySpan<byte> command, long valueLength)
    {
        if (!TryBegin(EventKinds.Deletions, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "deleted"u8);
        line.AddKey(key);
        line.Add(" cmd="u8, command);
        line.Add(" clsid=1 size="u8, (ulong)valueLength);
        End(EventKinds.Deletions, line.End());
    }

    /// <summary>A connection began; it is told where from.</summary>
    public void Connected(ReadOnlySpan<byte> address, int port, int connection)
    {
        if (!TryBegin(EventKinds.Connections, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "conn_new"u8);
        AddPeer(ref line, address, port);
        line.Add(" cfd="u8, (ulong)connection);
        End(EventKinds.Connections, line.End());
    }

    /// <summary>A connection ended.</summary>
    /// <param name="reason">error, normal, idle_timeout or shutdown</param>
    public void Disconnected(ReadOnlySpan<byte> address, int port, ReadOnlySpan<byte> reason, int connection)
    {
        if (!TryBegin(EventKinds.Connections, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "conn_close"u8);
        AddPeer(ref line, address, port);
        line.Add(" reason="u8, reason);
        line.Add(" cfd="u8, (ulong)connection);
        End(EventKinds.Connections, line.End());
    }

    /// <summary>The oldest line; fails if there is none.</summary>
    public bool TryPeek(out EventKinds kinds, out ulong gid, out ReadOnlySpan<byte> line)
    {
        kinds = EventKinds.None;
        gid = 0;
        line = default;
        if (_pendingCount == 0) return false;
        Span<byte> entry = _ring.AsSpan(_first);
        kinds = (EventKinds)BinaryPrimitives.ReadUInt16LittleEndian(entry.Slice(KindsOffset));
        gid = BinaryPrimitives.ReadUInt64LittleEndian(entry.Slice(GidOffset));
        line = entry.Slice(HeaderLength, LengthAt(_first));
        return true;
    }

    /// <summary>Forgets the oldest line.</summary>
    public void Drop()
    {
        Invariant.Holds(_pendingCount > 0);
        _first += HeaderLength + LengthAt(_first);
        _pendingCount--;
        if (_pendingCount == 0) _first = _end = 0;
        else if (IsWrap(_first)) _first = 0;
    }

    /// <summary>Nobody watches any more.</summary>
    public void Clear()
    {
        _first = _end = 0;
        _pendingCount = 0;
    }

    /// <summary>An item goes for want of memory.</summary>
    internal void Evicted(in Item item, uint now)
    {
        if (!TryBegin(EventKinds.Evictions, out Span<byte> room)) return;
        var line = new EventLine(room, in _clock, NextGid(), "eviction"u8);
        line.AddKey(item.Key);
        line.Add(" fetch="u8, item.IsFetched ? "yes"u8 : "no"u8);
        line.AddSigned(" ttl="u8, item.Exptime == 0 ? -1 : (long)item.Exptime - now);
        line.Add(" la="u8, now - item.Time);
        line.Add(" clsid=1 size="u8, (ulong)item.ValueLength);
        End(EventKinds.Evictions, line.End());
    }

    private static void AddItem(ref EventLine line, ulong sizeClass, int connection, long valueLength)
    {
        line.Add(" clsid="u8, sizeClass);
        // A datagram comes over no connection.
        line.Add(" cfd="u8, (ulong)Math.Max(connection, 0));
        line.Add(" size="u8, (ulong)valueLength);
    }

    private static void AddPeer(ref EventLine line, ReadOnlySpan<byte> address, int port)
    {
        line.Add(" rip="u8, address);
        line.Add(" rport="u8, (ulong)port);
        line.Add(" transport="u8, "tcp"u8);
    }

    private static ReadOnlySpan<byte> NameOf(ItemStatus status) => status switch
    {
        ItemStatus.Found => "found"u8,
        ItemStatus.Expired => "expired"u8,
        ItemStatus.Flushed => "flushed"u8,
        _ => "not_found"u8,
    };

    /// <summary>Room for a line of this kind, unless nobody wants it or there is none.</summary>
    private bool TryBegin(EventKinds kind, out Span<byte> room)
    {
        room = default;
        if ((Wanted & kind) == 0) return false;
        const int Needed = HeaderLength + LineLengthMax;
        bool isWrapped = _pendingCount > 0 && _end <= _first;
        int limit = isWrapped ? _first : _ring.Length;
        if (limit - _end < Needed && !isWrapped && _first >= Needed)
        {
            // What is left at the end is too short for a line that might come.
            if (_ring.Length - _end >= sizeof(ushort)) BinaryPrimitives.WriteUInt16LittleEndian(_ring.AsSpan(_end), 0);
            _end = 0;
            limit = _first;
        }
        if (limit - _end < Needed)
        {
            _statistics.LogWorkerDropped++;
            return false;
        }
        room = _ring.AsSpan(_end + HeaderLength, LineLengthMax);
        return true;
    }

    private void End(EventKinds kind, int length)
    {
        Span<byte> entry = _ring.AsSpan(_end);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.Slice(LengthOffset), (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.Slice(KindsOffset), (ushort)kind);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.Slice(GidOffset), _gid);
        _end += HeaderLength + length;
        _pendingCount++;
        _statistics.LogWorkerWritten++;
    }

    private int LengthAt(int position) => BinaryPrimitives.ReadUInt16LittleEndian(_ring.AsSpan(position));

    private bool IsWrap(int position) => _ring.Length - position < sizeof(ushort) || LengthAt(position) == 0;
}
