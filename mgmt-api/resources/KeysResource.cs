using System;
using Memcachier.Cache;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/keys/KEY: what is known of one item. The value is not told; that is what memcached's protocol is for.</summary>
internal static class KeysResource
{
    /// <summary>Writes what is known of an item; fails if there is none, or none that a client would get.</summary>
    public static bool TryWrite(ref JsonWriter json, Store store, ReadOnlySpan<byte> key)
    {
        if (store.Peek(key, out Item item) != ItemStatus.Found) return false;
        json.BeginObject();
        json.Member("key"u8, key);
        json.Member("size"u8, item.ValueLength);
        json.Member("flags"u8, item.Flags);
        json.Name("cas"u8);
        json.Unsigned(item.Cas);
        json.Name("ttl_seconds"u8);
        long left = store.Lifetime.SecondsLeft(item.Exptime);
        if (left < 0) json.Null();
        else json.Number(left);
        json.Member("seconds_since_access"u8, store.Lifetime.Now - item.Time);
        json.Member("is_fetched"u8, item.IsFetched);
        json.Member("is_stale"u8, item.IsStale);
        json.EndObject();
        return true;
    }
}
