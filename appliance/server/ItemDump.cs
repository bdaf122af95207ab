using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// lru_crawler metadump and mgdump: the one dump that there is at a time. A line is made here and leaves in pieces, so
/// that an output of any size will do; nothing else waits for a client but the line.
/// </summary>
internal sealed class ItemDump
{
    // "key=", three bytes for each of the key, and seven numbers with their names.
    private const int LineLengthMax = 1024;

    // Lines of the index, or a thousand items: some tenths of a millisecond.
    private const int BudgetPerTurn = 1 << 15;

    // All items are in this class.
    private const uint TheClass = 1;

    private readonly Crawler _crawler;
    private readonly Lifetime _lifetime;
    private readonly byte[] _line = new byte[LineLengthMax];
    private int _start;
    private int _end;
    private bool _isMeta;
    private bool _isEnding;
    private bool _isEmpty;

    public ItemDump(Store store)
    {
        _crawler = store.Crawler;
        _lifetime = store.Lifetime;
    }

    /// <summary>Begins a dump; the answer to that, if there is none.</summary>
    /// <param name="classes">Which size classes: the only one with items is class 1.</param>
    /// <param name="ticket">For the other methods, 0 if there is none.</param>
    public ReadOnlySpan<byte> Begin(bool isMeta, ReadOnlySpan<byte> classes, out uint ticket)
    {
        ticket = 0;
        bool isAll = classes.SequenceEqual("all"u8) || classes.SequenceEqual("hash"u8);
        bool isEmpty = false;
        if (!isAll)
        {
            if (!AdminRequestParser.TryParseClasses(classes, TheClass, out bool isIncluded, out bool hasAny))
            {
                return Replies.BadClass;
            }
            if (!hasAny) return Replies.CrawlerNotStarted;
            isEmpty = !isIncluded;
        }
        if (!_crawler.TryBeginListing(out ticket)) return Replies.CrawlerBusy;
        _isMeta = isMeta;
        _isEmpty = isEmpty;
        _isEnding = false;
        _start = 0;
        _end = 0;
        Put(Replies.Ok);
        return default;
    }

    /// <summary>Begins a walk for what has expired; the answer to that.</summary>
    public ReadOnlySpan<byte> BeginReclaiming(ReadOnlySpan<byte> classes)
    {
        if (classes.SequenceEqual("hash"u8)) return Replies.CrawlerError;
        bool isIncluded = true;
        if (!classes.SequenceEqual("all"u8))
        {
            if (!AdminRequestParser.TryParseClasses(classes, TheClass, out isIncluded, out bool hasAny))
            {
                return Replies.BadClass;
            }
            if (!hasAny) return Replies.CrawlerNotStarted;
        }
        if (_crawler.IsRunning) return Replies.CrawlerBusy;
        // Of the other classes there is nothing to look at.
        if (isIncluded) _ = _crawler.TryBeginReclaiming();
        return Replies.Ok;
    }

    /// <summary>
    /// Goes on. Next at the end of it, and then the ticket is worth nothing. NeedsInput if it was taken away: then the
    /// dump has no end that could be sent.
    /// </summary>
    public Step Send(uint ticket, ChunkQueue output)
    {
        if (!_crawler.TryResume(ticket, out ItemScan scan)) return Step.NeedsInput;
        int budget = BudgetPerTurn;
        while (true)
        {
            _start += output.Append(new ReadOnlySpan<byte>(_line, _start, _end - _start));
            if (_start < _end) return Step.NeedsOutput;
            if (_isEnding)
            {
                _crawler.EndListing(ticket);
                return Step.Next;
            }
            _start = 0;
            _end = 0;
            if (!_isEmpty && scan.TryNext(ref budget, out Item item))
            {
                if (_crawler.IsAlive(in item)) Write(in item);
            }
            else if (_isEmpty || scan.IsDone)
            {
                _isEnding = true;
                Put(_isMeta ? Replies.End : Replies.MetaMiss);
            }
            else
            {
                return Step.NeedsTurn;
            }
        }
    }

    /// <summary>The client is gone.</summary>
    public void End(uint ticket) => _crawler.EndListing(ticket);

    private void Write(in Item item)
    {
        if (_isMeta) WriteMeta(in item);
        else WriteKey(in item);
    }

    private void WriteMeta(in Item item)
    {
        Put("key="u8);
        _end += KeyText.Encode(item.Key, Place);
        Put(" exp="u8);
        if (item.Exptime == 0) Put("-1"u8);
        else PutNumber((ulong)_lifetime.ToUnix(item.Exptime));
        Put(" la="u8);
        PutNumber((ulong)_lifetime.ToUnix(item.Time));
        Put(" cas="u8);
        PutNumber(item.Cas);
        Put(item.IsFetched ? " fetch=yes cls=1 size="u8 : " fetch=no cls=1 size="u8);
        PutNumber((ulong)item.TotalLength);
        Put(" flags="u8);
        PutNumber(item.Flags);
        Put(" \n"u8);
    }

    private void WriteKey(in Item item)
    {
        Put("mg "u8);
        if (KeyText.IsPlain(item.Key))
        {
            Put(item.Key);
            Put(Replies.LineEnd);
            return;
        }
        _end += KeyText.EncodeBase64(item.Key, Place);
        Put(" b\r\n"u8);
    }

    private Span<byte> Place => new(_line, _end, LineLengthMax - _end);

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Place);
        _end += text.Length;
    }

    private void PutNumber(ulong number) => _end += AsciiDecimal.Format(number, Place);
}
