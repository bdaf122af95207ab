using System;

namespace Memcachier.Cache;

/// <summary>Looks that change and count nothing: what an operation is about to find.</summary>
public sealed partial class Store
{
    /// <summary>Where evictions are told; null if nobody can watch.</summary>
    public EventLog? Events { get; }

    /// <summary>
    /// Finds what lies under a key, whatever its fate; one that is over is left for whoever comes next.
    /// </summary>
    public ItemStatus Peek(ReadOnlySpan<byte> key, out Item item)
    {
        if (!_inventory.TryFind(key, _inventory.HashOf(key), out item)) return ItemStatus.NotFound;
        return _inventory.Judge(in item) switch
        {
            ItemFate.Alive => ItemStatus.Found,
            ItemFate.Expired => ItemStatus.Expired,
            _ => ItemStatus.Flushed,
        };
    }

    /// <summary>The item that a reservation is to become. Fails if the reservation was broken.</summary>
    public bool TryPeek(in Reservation reservation, out Item item)
    {
        bool isValid = IsValid(in reservation);
        item = isValid ? _log.At(reservation.Location) : default;
        return isValid;
    }
}
