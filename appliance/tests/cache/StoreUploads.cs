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

    /// <summary>A value, whether it lies in one piece or in several.</summary>
    public static byte[] ReadValue(this in Item item)
    {
        byte[] value = new byte[item.ValueLength];
        for (int offset = 0; offset < value.Length;)
        {
            ReadOnlySpan<byte> part = item.ValueAt(offset);
            part.CopyTo(value.AsSpan(offset));
            offset += part.Length;
        }
        return value;
    }

    /// <summary>The value that a lease holds, or null if the lease was broken.</summary>
    public static byte[]? ReadValue(this Store store, in Lease lease)
    {
        byte[] value = new byte[lease.Length];
        int offset = 0;
        do
        {
            if (!store.TryRead(in lease, offset, out ReadOnlySpan<byte> part)) return null;
            part.CopyTo(value.AsSpan(offset));
            offset += part.Length;
        }
        while (offset < value.Length);
        return value;
    }
}
