using System;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/network/connections: the TCP table, the API's own connections among them.</summary>
internal static class TcpConnectionsResource
{
    // Slots that are looked at for one piece: most of them may be closed.
    private const int LooksPerPiece = 512;

    /// <summary>As many connections as fit.</summary>
    /// <param name="exchange">Its cursor is the index of the next one to look at, its second cursor how many were told.</param>
    public static PieceStatus Write(TcpConnectionList connections, HttpExchange exchange, Span<byte> room, out int length)
    {
        int index = (int)exchange.Cursor;
        int last = Math.Min(connections.Count, index + LooksPerPiece);
        var piece = new ListPiece(room, follows: exchange.SecondCursor > 0);
        if (index == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Name("connections"u8);
            piece.Json.BeginArray();
        }
        for (; index < last; index++)
        {
            TcpConnection connection = connections[index];
            if (connection.State == TcpState.Closed) continue;
            WriteOne(ref piece.Json, connection);
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

    private static void WriteOne(ref JsonWriter json, TcpConnection connection)
    {
        json.BeginObject();
        json.Name("remote_address"u8);
        json.Address(connection.RemoteAddress.V4Bits);
        json.Member("remote_port"u8, connection.RemotePort);
        json.Name("local_address"u8);
        json.Address(connection.LocalAddress.V4Bits);
        json.Member("local_port"u8, connection.LocalPort);
        json.Member("state"u8, NetworkResource.NameOf(connection.State));
        json.Member("send_queue_bytes"u8, connection.Output.Length);
        json.EndObject();
    }
}
