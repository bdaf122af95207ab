using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/connections: the clients of the cache.</summary>
internal static class ConnectionsResource
{
    /// <summary>Sessions that are looked at for one piece: most of them may be closed.</summary>
    private const int LooksPerPiece = 512;

    /// <summary>The connection that a path names; fails if it is not open.</summary>
    public static bool TryFind(ApiSources sources, ReadOnlySpan<byte> parameter, out int number)
    {
        number = 0;
        if (!AsciiDecimal.TryParse(parameter, out ulong value) || value > int.MaxValue) return false;
        int index = Connections.IndexOf((int)value);
        if (index < 0 || index >= sources.Connections.Count || !IsServed(sources.Connections[index])) return false;
        number = (int)value;
        return true;
    }

    /// <summary>As many connections as fit.</summary>
    /// <param name="exchange">
    /// Its cursor is the index of the next session to look at, its second cursor how many were told.
    /// </param>
    public static PieceStatus Write(ApiSources sources, HttpExchange exchange, Span<byte> room, out int length)
    {
        Connections connections = sources.Connections;
        int index = (int)exchange.Cursor;
        int last = Math.Min(connections.Count, index + LooksPerPiece);
        bool isFirst = index == 0;
        var piece = new ListPiece(room, follows: exchange.SecondCursor > 0);
        if (isFirst)
        {
            piece.Json.BeginObject();
            piece.Json.Name("connections"u8);
            piece.Json.BeginArray();
        }
        for (; index < last; index++)
        {
            Session session = connections[index];
            if (!IsServed(session)) continue;
            WriteOne(ref piece.Json, session, sources);
            if (!piece.TryKeep()) break;
            exchange.SecondCursor++;
        }
        bool isLast = index == connections.Count;
        if (isLast)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
            isLast = piece.TryKeep();
        }
        exchange.Cursor = index;
        return piece.End(isLast, out length);
    }

    /// <summary>What TCP still has to do for one that has ended is none of a client's business.</summary>
    private static bool IsServed(Session session) => session.IsOpen && !session.HasEnded;

    private static void WriteOne(ref JsonWriter json, Session session, ApiSources sources)
    {
        Peer peer = session.Peer;
        json.BeginObject();
        json.Member("id"u8, session.Number);
        json.Name("remote_address"u8);
        json.Address(peer.Address);
        json.Member("remote_port"u8, peer.Port);
        json.Name("local_address"u8);
        json.Address(peer.LocalAddress);
        json.Member("local_port"u8, peer.LocalPort);
        json.Member("state"u8, session.StateName);
        json.Member("idle_seconds"u8, sources.Store.Lifetime.Now - session.HeardAt);
        json.EndObject();
    }
}
