using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>What administrators ask for: shutdown, slabs, lru, lru_crawler, cache_memlimit.</summary>
internal sealed partial class TextSession
{
    private const long Mebibyte = 1 << 20;

    private readonly SessionContext _context;
    private uint _dumpTicket;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ExecuteAdmin(in Request line, ChunkQueue output)
    {
        ParseStatus status = AdminRequestParser.Parse(line.Command, line.Argument, out AdminRequest request);
        if (status != ParseStatus.Done)
        {
            Reply(Replies.For(request.Error), output);
            return;
        }
        if (request.Action is AdminAction.Metadump or AdminAction.Mgdump) BeginDump(in request, output);
        else Reply(AnswerTo(in request), output);
    }

    /// <summary>shutdown and shutdown graceful: the connection ends without an answer, and then the machine.</summary>
    private void ExecuteShutdown(in Request request, ChunkQueue output)
    {
        var words = new Tokens(request.Argument);
        bool hasMode = words.TryNext(out ReadOnlySpan<byte> mode);
        if (!_context.Settings.AllowsShutdown)
        {
            Reply(Replies.ShutdownNotEnabled, output);
        }
        else if (hasMode && (!"graceful"u8.StartsWith(mode) || words.TryNext(out _)))
        {
            Reply(Replies.For(RequestError.BadShutdownMode), output);
        }
        else
        {
            _context.IsShutDown = true;
            _state = TextSessionState.Closing;
        }
    }

    private ReadOnlySpan<byte> AnswerTo(in AdminRequest request)
    {
        Tuning tuning = _context.Tuning;
        switch (request.Action)
        {
            case AdminAction.SlabsReassign:
                return AnswerToReassign(request.Number, request.SecondNumber);
            case AdminAction.SlabsAutomove:
                tuning.SlabAutomove = request.Number;
                return Replies.Ok;
            case AdminAction.SlabsAutomoveRatio:
                tuning.SlabAutomoveRatio = request.Thousandths;
                return Replies.Ok;
            case AdminAction.SlabsAutomoveWindow:
                tuning.SlabAutomoveWindow = request.Number;
                return Replies.Ok;
            case AdminAction.SlabsAutomoveFreeratio:
                // Of extstore, and told nowhere else.
                return Replies.Ok;
            case AdminAction.LruTune:
                tuning.HotLruPercent = request.Number;
                tuning.WarmLruPercent = request.SecondNumber;
                tuning.HotMaxFactor = request.Thousandths;
                tuning.WarmMaxFactor = request.SecondThousandths;
                return Replies.Ok;
            case AdminAction.LruModeFlat:
            case AdminAction.LruModeSegmented:
                tuning.IsLruSegmented = request.Action == AdminAction.LruModeSegmented;
                return Replies.Ok;
            case AdminAction.LruTempTtl:
                tuning.HasTemporaryLru = request.Number >= 0;
                if (tuning.HasTemporaryLru) tuning.TemporaryTtl = request.Number;
                return Replies.Ok;
            case AdminAction.Crawl when !_store.Crawler.IsEnabled:
                return Replies.CrawlerDisabled;
            case AdminAction.Crawl:
                return _context.Dump.BeginReclaiming(request.Classes);
            case AdminAction.CrawlerTocrawl:
                _store.Crawler.ItemCountMax = (uint)request.Number;
                return Replies.Ok;
            case AdminAction.CrawlerSleep:
                tuning.CrawlerSleep = request.Number;
                return Replies.Ok;
            case AdminAction.CrawlerEnable when _store.Crawler.IsEnabled:
                return Replies.CrawlerNotEnabled;
            case AdminAction.CrawlerEnable:
            case AdminAction.CrawlerDisable:
                _store.Crawler.IsEnabled = request.Action == AdminAction.CrawlerEnable;
                return Replies.Ok;
            case AdminAction.MemoryLimit:
                return _store.TrySetMemoryLimit(request.Number * Mebibyte) ? Replies.Ok : Replies.MemoryLimitFailed;
            case AdminAction.Metadump:
            case AdminAction.Mgdump:
            default:
                Invariant.Unreachable();
                return default;
        }
    }

    /// <summary>
    /// Of memcached's classes, up to 39 by default, and its pool of free pages, 0, none has pages to give away here.
    /// </summary>
    private static ReadOnlySpan<byte> AnswerToReassign(long source, long destination)
    {
        const long ClassMax = 39;
        if (source == destination) return Replies.SameClasses;
        bool areClasses = source is >= 0 and <= ClassMax && destination is >= 0 and <= ClassMax;
        return areClasses ? Replies.NoSparePage : Replies.BadClasses;
    }

    private void BeginDump(in AdminRequest request, ChunkQueue output)
    {
        bool isMeta = request.Action == AdminAction.Metadump;
        bool isRefused = _context.Settings.RefusesDumps;
        ReadOnlySpan<byte> refusal;
        if (IsDatagram) refusal = Replies.Error;
        else if (!_store.Crawler.IsEnabled) refusal = Replies.CrawlerDisabled;
        else if (isRefused) refusal = isMeta ? Replies.MetadumpNotAllowed : Replies.MgdumpNotAllowed;
        else if (output.Length > 0) refusal = isMeta ? Replies.MetadumpPipelined : Replies.MgdumpPipelined;
        else refusal = _context.Dump.Begin(isMeta, request.Classes, out _dumpTicket);
        if (refusal.Length > 0) Reply(refusal, output);
        else _state = TextSessionState.Dump;
    }

    private Step SendDump(ChunkQueue output)
    {
        Step step = _context.Dump.Send(_dumpTicket, output);
        if (step is Step.NeedsOutput or Step.NeedsTurn) return step;
        _dumpTicket = 0;
        _state = step == Step.Next ? TextSessionState.Line : TextSessionState.Closing;
        return Step.Next;
    }

    private void EndDump()
    {
        _context.Dump.End(_dumpTicket);
        _dumpTicket = 0;
    }
}
