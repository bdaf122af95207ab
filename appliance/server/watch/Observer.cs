using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Protocol;

namespace Memcachier.Server;

/// <summary>
/// Tells the event log what requests are about to find and what became of them. Called only while somebody watches: it
/// looks for the key once more, before the operation does, so that the operation itself knows nothing of it.
/// </summary>
internal sealed class Observer
{
    private readonly Store _store;
    private readonly EventLog _events;

    public Observer(Store store, EventLog events)
    {
        _store = store;
        _events = events;
    }

    /// <summary>A key is about to be looked up: memcached tells of that whatever the command.</summary>
    public ItemStatus Looks(ReadOnlySpan<byte> key, int connection, out Item item)
    {
        ItemStatus status = _store.Peek(key, out item);
        _events.Fetched(key, status, status == ItemStatus.Found ? item.ValueLength : 0, connection);
        return status;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Looks(ReadOnlySpan<byte> key, int connection) => _ = Looks(key, connection, out _);

    /// <summary>delete</summary>
    public void Deletes(ReadOnlySpan<byte> key, int connection)
    {
        if (Looks(key, connection, out Item item) == ItemStatus.Found)
        {
            _events.Deleted(key, "delete"u8, item.ValueLength);
        }
    }

    /// <summary>md, which may invalidate an item or take its value instead.</summary>
    public void Deletes(ReadOnlySpan<byte> key, in MetaDeleteOptions options, int connection)
    {
        if (Looks(key, connection, out Item item) != ItemStatus.Found) return;
        if (options.HasCas && options.Cas != item.Cas) return;
        if (options.DropsValue)
        {
            uint exptime = options.SetsExptime ? _store.Lifetime.FromExptime(options.Exptime) : 0;
            Looks(key, connection);
            _events.Stored(key, "stored"u8, "set"u8, TtlOf(exptime), hadPlace: true, valueLength: 0, connection);
        }
        if (!options.Invalidates) _events.Deleted(key, "md"u8, options.DropsValue ? 0 : item.ValueLength);
    }

    /// <summary>
    /// The binary delete, which may want a certain cas unique. memcached does not tell of what it removes.
    /// </summary>
    public void Deletes(ReadOnlySpan<byte> key, ulong cas, int connection)
    {
        if (Looks(key, connection, out Item item) != ItemStatus.Found) return;
        if (cas == 0 || cas == item.Cas) _events.Deleted(key, "delete"u8, item.ValueLength);
    }

    /// <summary>ma, and the binary increment and decrement, which may make the number that is missing.</summary>
    public void Adds(ReadOnlySpan<byte> key, in DeltaOptions options, bool isBinary, int connection)
    {
        if (Looks(key, connection, out _) == ItemStatus.Found || !options.Vivifies) return;
        Looks(key, connection);
        int length = AsciiDecimal.CountDigits(options.Initial);
        // memcached gives the one that ma makes its exptime only after that.
        uint ttl = isBinary ? TtlOf(_store.Lifetime.FromExptime(options.VivifyExptime)) : 0;
        _events.Stored(key, "stored"u8, "add"u8, ttl, hadPlace: true, length, connection);
    }

    /// <summary>Commits an upload, and tells of it.</summary>
    public StoreResult Commit(
        ref Reservation reservation, in StoreTerms terms, out StoredItem stored, int connection)
    {
        // Afterwards the place that has the key may be gone.
        Span<byte> keyPlace = stackalloc byte[Limits.KeyLengthMax];
        uint exptime = 0;
        if (_store.TryPeek(in reservation, out Item upload))
        {
            upload.Key.CopyTo(keyPlace);
            keyPlace = keyPlace.Slice(0, upload.Key.Length);
            exptime = upload.Exptime;
            Looks(keyPlace, connection);
        }
        else
        {
            keyPlace = default;
        }
        int length = reservation.Length;
        StoreResult result = _store.Commit(ref reservation, in terms, out stored);
        if (keyPlace.Length == 0) return result;
        if (result == StoreResult.Stored && _store.Peek(keyPlace, out Item item) == ItemStatus.Found)
        {
            // An append has the expiry of the old item, and the length of both.
            exptime = item.Exptime;
            length = item.ValueLength;
        }
        bool hadPlace = result is not (StoreResult.TooLarge or StoreResult.OutOfMemory);
        _events.Stored(
            keyPlace, NameOf(result), NameOf(terms.Mode), hadPlace ? TtlOf(exptime) : 0, hadPlace,
            hadPlace ? length : 0, connection);
        return result;
    }

    /// <summary>An upload for which there is no place; a set looks for the item that it was to replace.</summary>
    public void Refuses(ReadOnlySpan<byte> key, StoreResult result, StoreMode mode, bool looks, int connection)
    {
        _events.Stored(key, NameOf(result), NameOf(mode), ttl: 0, hadPlace: false, valueLength: 0, connection);
        if (looks) Looks(key, connection);
    }

    /// <summary>Of what has expired already it is a number near 2^32, as in memcached.</summary>
    private uint TtlOf(uint exptime) => exptime == 0 ? 0 : exptime - _store.Lifetime.Now;

    private static ReadOnlySpan<byte> NameOf(StoreResult result) => result switch
    {
        StoreResult.Stored => "stored"u8,
        StoreResult.NotStored => "not_stored"u8,
        StoreResult.Exists => "exists"u8,
        StoreResult.NotFound => "not_found"u8,
        StoreResult.TooLarge => "too_large"u8,
        _ => "no_memory"u8,
    };

    private static ReadOnlySpan<byte> NameOf(StoreMode mode) => mode switch
    {
        StoreMode.Add => "add"u8,
        StoreMode.Replace => "replace"u8,
        StoreMode.Append or StoreMode.AppendOrAdd => "append"u8,
        StoreMode.Prepend or StoreMode.PrependOrAdd => "prepend"u8,
        StoreMode.Cas => "cas"u8,
        _ => "set"u8,
    };
}
