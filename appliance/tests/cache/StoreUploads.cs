using System;
using Memcachier.Cache;

namespace Memcachier.Appliance.Tests.Cache;

internal static class StoreUploads
{
    /// <summary>A whole upload at once.</summary>
    public static StoreResult Put(
        this Store store,
        StoreMode mode,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        uint flags = 0,
        int exptime = 0,
        ulong cas = 0)
    {
        StoreResult result = store.TryReserve(mode, key, flags, exptime, value.Length, out Reservation reservation);
        if (result != StoreResult.Stored) return result;
        if (!store.TryFill(ref reservation, value)) return StoreResult.OutOfMemory;
        return store.Commit(ref reservation, mode, cas);
    }
}
