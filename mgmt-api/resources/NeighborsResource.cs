using System;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/network/neighbors: the ARP table.</summary>
internal static class NeighborsResource
{
    // Entries that are looked at for one piece: most of them may be unused.
    private const int LooksPerPiece = 256;

    /// <summary>As many neighbours as fit.</summary>
    /// <param name="exchange">Its cursor is where to look next, its second cursor how many were told.</param>
    public static PieceStatus Write(ArpCache cache, HttpExchange exchange, Span<byte> room, long nowMicros, out int length)
    {
        int index = (int)exchange.Cursor;
        int budget = LooksPerPiece;
        var piece = new ListPiece(room, follows: exchange.SecondCursor > 0);
        if (index == 0)
        {
            piece.Json.BeginObject();
            piece.Json.Name("neighbors"u8);
            piece.Json.BeginArray();
        }
        int next = index;
        while (cache.TryFindNext(ref next, ref budget, out ArpNeighbour neighbour))
        {
            WriteOne(ref piece.Json, in neighbour, nowMicros);
            if (!piece.TryKeep())
            {
                exchange.Cursor = index;
                return piece.End(isLast: false, out length);
            }
            exchange.SecondCursor++;
            index = next;
        }
        bool isLast = next == cache.Capacity;
        if (isLast)
        {
            piece.Json.EndArray();
            piece.Json.EndObject();
            isLast = piece.TryKeep();
        }
        exchange.Cursor = next;
        return piece.End(isLast, out length);
    }

    private static void WriteOne(ref JsonWriter json, in ArpNeighbour neighbour, long nowMicros)
    {
        json.BeginObject();
        json.Name("address"u8);
        json.Address(neighbour.Address.V4Bits);
        json.Name("mac_address"u8);
        bool isKnown = neighbour.State != ArpState.Incomplete;
        if (isKnown) NetworkResource.WriteMac(ref json, neighbour.Hardware);
        else json.Null();
        json.Member("state"u8, NameOf(neighbour.State));
        json.Name("seconds_since_heard"u8);
        if (isKnown) json.Seconds(Math.Max(nowMicros - neighbour.ConfirmedMicros, 0));
        else json.Null();
        json.EndObject();
    }

    private static ReadOnlySpan<byte> NameOf(ArpState state) => state switch
    {
        ArpState.Reachable => "reachable"u8,
        ArpState.Stale => "stale"u8,
        _ => "incomplete"u8,
    };
}
