using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>The items that are stored: the index of them, and how many and how large they are.</summary>
internal sealed class Inventory
{
    private readonly SegmentLog _log;
    private readonly HashIndex _index;
    private readonly Lifetime _lifetime;
    private readonly Statistics _statistics;
    private readonly SizeHistogram? _sizes;
    private readonly EventLog? _events;

    /// <param name="sizes">Null if nobody wants to know.</param>
    /// <param name="events">Null if nobody can watch.</param>
    public Inventory(
        SegmentLog log,
        HashIndex index,
        Lifetime lifetime,
        Statistics statistics,
        SizeHistogram? sizes,
        EventLog? events = null)
    {
        _log = log;
        _index = index;
        _lifetime = lifetime;
        _statistics = statistics;
        _sizes = sizes;
        _events = events;
    }

    public ulong HashOf(ReadOnlySpan<byte> key) => _index.HashOf(key);

    /// <summary>Finds a linked item, whatever its fate.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, out Item item) => _index.TryFind(key, hash, out item);

    /// <summary>Finds an item that is alive; removes one that is not.</summary>
    public bool TryFindAlive(ReadOnlySpan<byte> key, ulong hash, out Item item) =>
        TryFindAlive(key, hash, out item, out _);

    /// <summary>Hot: once per key. The same, and whether the item lies in the main queue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindAlive(ReadOnlySpan<byte> key, ulong hash, out Item item, out bool isMain)
    {
        isMain = false;
        if (!_index.TryFind(key, hash, out item)) return false;
        ref readonly Segment segment = ref _log.Info(_log.SegmentOf(item.Location));
        isMain = Streams.IsMain(segment.Stream);
        bool mayBeFlushed = _lifetime.IsFlushing || segment.FlushedBelow != 0;
        return (!mayBeFlushed && !IsExpired(in item)) || IsAliveSlow(ref item, hash);
    }

    /// <summary>Removes an item unless it is alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsAliveSlow(ref Item item, ulong hash)
    {
        ItemFate fate = Judge(in item);
        if (fate == ItemFate.Alive) return true;
        if (fate == ItemFate.Flushed) _statistics.GetFlushed++;
        else _statistics.GetExpired++;
        Remove(in item, hash);
        item = default;
        return false;
    }

    private bool IsFlushed(in Item item) => _lifetime.IsFlushing || _log.IsFlushed(item.Location);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsExpired(in Item item) => item.HasExptime && IsOver(in item);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOver(in Item item)
    {
        uint exptime = item.Exptime;
        return exptime != 0 && exptime <= _lifetime.Now;
    }

    /// <summary>Whether an item is alive, and if not, why.</summary>
    public ItemFate Judge(in Item item)
    {
        if (IsFlushed(in item)) return ItemFate.Flushed;
        return IsExpired(in item) ? ItemFate.Expired : ItemFate.Alive;
    }

    /// <summary>Makes a complete item the one of its key, which has no other.</summary>
    public void Add(in Item item, ulong hash)
    {
        Link(in item);
        uint homeless = _index.Insert(hash, item.Location);
        if (homeless != SegmentLog.NoLocation) Drop(homeless);
    }

    public void Remove(in Item item, ulong hash)
    {
        _index.Remove(hash, item.Location);
        Unlink(in item);
    }

    /// <summary>Puts a complete new item in the place of the one that its key has.</summary>
    public void Replace(in Item item, in Item replacement, ulong hash)
    {
        Link(in replacement);
        _index.Replace(hash, item.Location, replacement.Location);
        Unlink(in item);
    }

    /// <summary>
    /// Puts a copy of an item in its place; a chained one's pieces are the copy's now. By memcached's count both have
    /// the same size.
    /// </summary>
    public void Move(in Item item, in Item copy, ulong hash)
    {
        if (!_log.IsFlushed(item.Location))
        {
            _statistics.Bytes += copy.Length - item.Length;
            _statistics.MetadataBytes += _log.Padded(copy.Length) - _log.Padded(item.Length);
            if (_log.IsMain(copy.Location)) _statistics.MainItems++;
            if (_log.IsMain(item.Location)) _statistics.MainItems--;
        }
        _log.Link(in copy);
        _index.Replace(hash, item.Location, copy.Location);
        _log.Unlink(in item);
    }

    /// <summary>Finds the item that a linked piece is part of.</summary>
    public Item OwnerOf(in Item piece)
    {
        bool isFound = _index.TryFindOwner(
            Piece.HashOf(in piece), Piece.NumberOf(in piece), piece.Location, out Item owner);
        Invariant.Holds(isFound);
        return owner;
    }

    /// <summary>flush_all, now: every item there is has ended, and is not counted any more.</summary>
    public void Flush()
    {
        // Not to look at every segment for each of a thousand flush_all in a row.
        if (_statistics.CurrItems == 0) return;
        _log.FlushAll();
        _statistics.CurrItems = 0;
        _statistics.MainItems = 0;
        _statistics.Bytes = 0;
        _statistics.MetadataBytes = 0;
        _sizes?.Clear();
    }

    /// <summary>An item that the index has lost is evicted.</summary>
    public void Drop(uint location)
    {
        Item item = _log.At(location);
        CountEvicted(in item);
        _statistics.EvictedForIndex++;
        Unlink(in item);
    }

    public void CountEvicted(in Item item)
    {
        _statistics.Evictions++;
        if (item.IsFetched) _statistics.EvictedActive++;
        else _statistics.EvictedUnfetched++;
        if (item.Exptime != 0) _statistics.EvictedNonzero++;
        _statistics.EvictedTime = _lifetime.Now - item.Time;
        if (_events is { IsWatched: true }) _events.Evicted(in item, _lifetime.Now);
    }

    private void Link(in Item item)
    {
        _log.Link(in item);
        _statistics.CurrItems++;
        if (_log.IsMain(item.Location)) _statistics.MainItems++;
        _statistics.Bytes += item.TotalLength;
        _statistics.MetadataBytes += MetadataOf(in item);
        _sizes?.Add(in item);
        if (!item.IsChained) return;
        Span<Piece> pieces = item.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            Item piece = _log.At(pieces[i].Location);
            piece.Header.Marks = ItemMarks.Dead;
            _log.Link(in piece);
        }
    }

    /// <summary>Forgets an item that the index does not know any more.</summary>
    private void Unlink(in Item item)
    {
        // What an immediate flush_all ended left the counts at that moment.
        if (!_log.IsFlushed(item.Location))
        {
            _statistics.CurrItems--;
            if (_log.IsMain(item.Location)) _statistics.MainItems--;
            _statistics.Bytes -= item.TotalLength;
            _statistics.MetadataBytes -= MetadataOf(in item);
            _sizes?.Remove(in item);
        }
        if (item.IsChained)
        {
            Span<Piece> pieces = item.Pieces;
            for (int i = 0; i < pieces.Length; i++) _log.Unlink(_log.At(pieces[i].Location));
        }
        _log.Unlink(in item);
    }

    /// <summary>Header, fields and padding, and of a chained item those of its pieces and the list of them.</summary>
    private long MetadataOf(in Item item)
    {
        long length = _log.Padded(item.Length);
        if (item.IsChained) length += PiecesLength(in item);
        return length - item.Header.KeyLength - item.ValueLength;
    }

    private long PiecesLength(in Item item)
    {
        long length = 0;
        Span<Piece> pieces = item.Pieces;
        for (int i = 0; i < pieces.Length; i++) length += _log.Padded(_log.At(pieces[i].Location).Length);
        return length;
    }
}
