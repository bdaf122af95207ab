using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>
/// /api/v1/keys: the keys that are looked up most. They are counted from when somebody asks until nobody has asked for a
/// minute; so the first answer is empty.
/// </summary>
internal sealed class HotKeysResource
{
    /// <summary>Keys that are told if nobody says how many.</summary>
    public const int LimitDefault = 20;

    /// <summary>Microseconds without a question after which it stops counting.</summary>
    public const long PatienceMicros = 60_000_000;

    private readonly HotKeys _keys;
    private readonly EventLog _events;
    private bool _isCounting;
    private long _startedAt;
    private long _askedAt;

    public HotKeysResource(HotKeys keys, EventLog events)
    {
        _keys = keys;
        _events = events;
    }

    /// <summary>Somebody asks.</summary>
    public void Begin(long nowMicros)
    {
        _askedAt = nowMicros;
        if (!_isCounting)
        {
            _isCounting = true;
            _startedAt = nowMicros;
            _keys.Clear();
            _events.CountIn(_keys);
        }
        _keys.Sort();
    }

    /// <summary>Stops counting if nobody has asked for long.</summary>
    public void Tick(long nowMicros)
    {
        if (!_isCounting || nowMicros - _askedAt < PatienceMicros) return;
        _isCounting = false;
        _events.CountIn(null);
    }

    /// <summary>As many keys as fit.</summary>
    /// <param name="exchange">Its cursor is the rank of the next key, its second cursor how many are asked for.</param>
    public PieceStatus Write(HttpExchange exchange, Span<byte> room, long nowMicros, out int length)
    {
        int rank = (int)exchange.Cursor;
        var piece = new ListPiece(room, follows: rank > 0);
        if (rank == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Name("counted_seconds"u8);
            piece.Json.Seconds(nowMicros - _startedAt);
            piece.Json.Member("lookups"u8, _keys.Total);
            piece.Json.Name("keys"u8);
            piece.Json.BeginArray();
            bool isKept = piece.TryKeep();
            Invariant.Holds(isKept);
        }
        while (rank < exchange.SecondCursor && _keys.TryGet(rank, out ReadOnlySpan<byte> key, out HotKeyNumbers numbers))
        {
            piece.Json.BeginObject();
            piece.Json.Member("key"u8, key);
            piece.Json.Member("lookups"u8, numbers.Count);
            piece.Json.Member("error"u8, numbers.Error);
            piece.Json.Member("hits"u8, numbers.Hits);
            piece.Json.EndObject();
            if (!piece.TryKeep())
            {
                exchange.Cursor = rank;
                return piece.End(isLast: false, out length);
            }
            rank++;
        }
        exchange.Cursor = rank;
        piece.Json.EndArray();
        piece.Json.EndObject();
        return piece.End(piece.TryKeep(), out length);
    }
}
