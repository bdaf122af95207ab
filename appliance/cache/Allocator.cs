using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>Places for items in the log's open segments, without evicting anything.</summary>
internal sealed class Allocator
{
    private readonly SegmentLog _log;
    private readonly Lifetime _lifetime;

    /// <param name="isWithoutCas">Whether all cas uniques are 0.</param>
    public Allocator(SegmentLog log, Lifetime lifetime, bool isWithoutCas)
    {
        IsWithoutCas = isWithoutCas;
        _log = log;
        _lifetime = lifetime;
    }

    /// <summary>The last cas unique that was given out.</summary>
    public ulong LastCas { get; private set; }

    public bool IsWithoutCas { get; }

    public ulong NextCas() => IsWithoutCas ? 0 : ++LastCas;

    /// <summary>
    /// The place of an item whose fields but for key and value are set; it is dead until somebody marks it otherwise.
    /// Fails if the stream's open segment is too full and no more than <paramref name="reserve"/> segments are free.
    /// </summary>
    /// <param name="cas">The cas unique; <see cref="LastCas"/>, which the next one is near to, if the item has none
    /// yet.</param>
    public bool TryTake(
        bool isMain, uint flags, uint exptime, ulong cas, int keyLength, int valueLength, int reserve, out Item item)
    {
        byte stream = Streams.For(isMain, exptime, _lifetime.Now);
        ItemForm form = _log.FormFor(stream, flags, exptime, cas, LastCas, valueLength);
        item = default;
        if (!_log.TryAppend(stream, form, keyLength, valueLength, out uint location))
        {
            if (_log.FreeCount <= reserve) return false;
            _log.OpenNext(stream, _lifetime.Now, LastCas);
            form = _log.FormFor(stream, flags, exptime, cas, LastCas, valueLength);
            if (!_log.TryAppend(stream, form, keyLength, valueLength, out location)) return false;
        }
        item = _log.At(location);
        if (flags != 0) item.Field(form.OffsetOf(ItemForm.HasFlags)) = flags;
        bool isSet = _log.TrySetExptime(in item, exptime);
        Invariant.Holds(isSet);
        isSet = _log.TrySetCas(in item, cas);
        Invariant.Holds(isSet);
        return true;
    }

    /// <summary>
    /// A copy of an item, of the same cas unique, with another exptime perhaps. The caller marks it and sets its time.
    /// </summary>
    public bool TryCopy(in Item item, bool toMain, uint exptime, int reserve, out Item copy)
    {
        if (!TryTake(toMain, item.Flags, exptime, item.Cas, item.Key.Length, item.ValueLength, reserve, out copy))
        {
            return false;
        }
        Copy(in item, in copy);
        return true;
    }

    /// <summary>Copies key and value; the pieces of a chained item are the copy's, too.</summary>
    public static void Copy(in Item item, in Item copy)
    {
        item.Key.CopyTo(copy.MutableKey);
        item.Tail.CopyTo(copy.Tail);
        if (copy.IsChained) copy.Holds = 0;
    }

    /// <summary>The place of a piece; as <see cref="TryTake"/>.</summary>
    public bool TryTakePiece(
        bool isMain, uint exptime, int dataLength, ulong hash, int number, int reserve, out Item piece)
    {
        byte stream = Streams.For(isMain, exptime, _lifetime.Now);
        piece = default;
        if (!_log.TryAppend(stream, ItemForm.IsWide, keyLength: 0, dataLength, out uint location))
        {
            if (_log.FreeCount <= reserve) return false;
            _log.OpenNext(stream, _lifetime.Now, LastCas);
            if (!_log.TryAppend(stream, ItemForm.IsWide, keyLength: 0, dataLength, out location)) return false;
        }
        piece = _log.At(location);
        Piece.SetOwner(in piece, hash, number);
        _log.Outlive(_log.SegmentOf(location), exptime);
        return true;
    }
}
