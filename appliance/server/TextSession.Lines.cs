using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>Command lines and what they ask for.</summary>
internal sealed partial class TextSession
{
    private const int VerbosityMax = 2;

    private RequestError _error;
    private StatsKind _statsKind;
    private int _statsIndex;
    private bool _isNoReply;

    /// <summary>Hot: once per request that is not a usual get.</summary>
    private Step ExecuteLine(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        AnswerGets(ref source, output);
        if (_state != TextSessionState.Line) return Step.Next;
        if (source.Length == 0) return Step.NeedsInput;
        int end = source.IndexOf((byte)'\n');
        if (end < 0) return Step.NeedsInput;
        if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;
        if (_requestsLeft-- == 0) return YieldSlow();

        ReadOnlySpan<byte> line = source.Slice(0, end);
        ParseStatus status = RequestParser.ParseLine(line, out Request request);
        _isNoReply = request.IsNoReply;
        if (status == ParseStatus.Done && request.Command is >= Command.Get and <= Command.Gats)
        {
            return ExecuteRetrieval(in request, ref source, end, output);
        }
        source = source.Slice(end + 1);
        if (status == ParseStatus.Done) Execute(in request, output);
        else Refuse(in request, output);
        return Step.Next;
    }

    private void Execute(in Request request, ChunkQueue output)
    {
        if (_events.IsWatched) ObserveSlow(in request);
        switch (request.Command)
        {
            case Command.Set:
            case Command.Add:
            case Command.Replace:
            case Command.Append:
            case Command.Prepend:
            case Command.Cas:
                BeginUpload(in request, output);
                break;
            case Command.Delete:
                if (_prefixes.IsEnabled) _prefixes.CountDelete(request.Key);
                Reply(_store.TryDelete(request.Key) ? Replies.Deleted : Replies.NotFound, output);
                break;
            case Command.Incr:
            case Command.Decr:
                Add(in request, output);
                break;
            case Command.Touch:
                Reply(_store.TryTouch(request.Key, request.Exptime) ? Replies.Touched : Replies.NotFound, output);
                break;
            case Command.FlushAll when _context.Settings.RefusesFlush:
                RefuseFlush(output);
                break;
            case Command.FlushAll:
                _store.Flush(request.Exptime);
                Reply(Replies.Ok, output);
                break;
            case Command.Version:
                Reply(ServerVersion.Reply, output);
                break;
            case Command.Verbosity:
                _statistics.Verbosity = Math.Min(request.Level, VerbosityMax);
                Reply(Replies.Ok, output);
                break;
            case Command.Stats:
                BeginStats(request.Argument, request.MoreArguments, output);
                break;
            case Command.Watch:
                Watch(request.Argument, output);
                break;
            case Command.Config:
                Config(request.Argument, output);
                break;
            case Command.Quit:
                HasQuit = true;
                _state = TextSessionState.Closing;
                break;
            case Command.Shutdown:
                ExecuteShutdown(in request, output);
                break;
            case Command.Slabs:
            case Command.Lru:
            case Command.LruCrawler:
            case Command.CacheMemlimit:
                ExecuteAdmin(in request, output);
                break;
            case Command.MetaGet:
            case Command.MetaSet:
            case Command.MetaDelete:
            case Command.MetaArithmetic:
            case Command.MetaDebug:
                ExecuteMeta(in request, output);
                break;
            case Command.MetaNoop:
                Reply(Replies.MetaNoop, output);
                break;
            case Command.Unknown:
            case Command.Get:
            case Command.Gets:
            case Command.Gat:
            case Command.Gats:
            default:
                Invariant.Unreachable();
                break;
        }
    }

    private void Refuse(in Request request, ChunkQueue output)
    {
        if (request.Error == RequestError.LooksLikeHttp)
        {
            _state = TextSessionState.Closing;
            return;
        }
        // memcached counts it before it looks at the argument.
        if (request.Command == Command.FlushAll) _statistics.CmdFlush++;
        if (request.Command == Command.FlushAll && _context.Settings.RefusesFlush)
        {
            Reply(Replies.FlushNotAllowed, output);
            return;
        }
        Reply(Replies.For(request.Error), output);
        if (request.IgnoredLength > 0) BeginSwallowing(request.IgnoredLength);
    }

    /// <summary>-F: it is counted all the same.</summary>
    private void RefuseFlush(ChunkQueue output)
    {
        _statistics.CmdFlush++;
        Reply(Replies.FlushNotAllowed, output);
    }

    private void Add(in Request request, ChunkQueue output)
    {
        DeltaResult result =
            _store.TryAdd(request.Key, request.Command == Command.Incr, request.Delta, out ulong value);
        switch (result)
        {
            case DeltaResult.Done:
                Span<byte> number = stackalloc byte[AsciiDecimal.MaxLength + Limits.LineEndLength];
                Reply(number.Slice(0, Replies.FormatNumberLine(value, number)), output);
                break;
            case DeltaResult.NotFound:
                Reply(Replies.NotFound, output);
                break;
            case DeltaResult.NonNumeric:
                Reply(Replies.NonNumeric, output);
                break;
            case DeltaResult.OutOfMemory:
                Reply(Replies.OutOfMemory, output);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    private void BeginStats(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> more, ChunkQueue output)
    {
        if (!StatsReport.TryKind(argument, out _statsKind))
        {
            Reply(Replies.Error, output);
        }
        else if (_statsKind is StatsKind.Detail or StatsKind.Cachedump)
        {
            BeginDetail(_statsKind, more, output);
        }
        else if (_statsKind == StatsKind.Reset)
        {
            _store.ResetStatistics();
            _context.Prefixes.Clear();
            Reply(Replies.Reset, output);
        }
        else
        {
            _statsIndex = 0;
            _state = TextSessionState.Stats;
        }
    }

    private Step SendStats(ChunkQueue output)
    {
        Span<byte> line = stackalloc byte[AnswerLengthMax];
        while (output.HasSpace(AnswerLengthMax))
        {
            int length = _report.Format(_statsKind, ref _statsIndex, line);
            if (length == 0)
            {
                _state = TextSessionState.Line;
                Append(Replies.End, output);
                return Step.Next;
            }
            Append(line.Slice(0, length), output);
        }
        return Step.NeedsOutput;
    }

    private Step SkipLine(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        int end = source.IndexOf((byte)'\n');
        if (end < 0)
        {
            source = default;
            return Step.NeedsInput;
        }
        if (!output.HasSpace(Replies.LineLengthMax)) return Step.NeedsOutput;
        source = source.Slice(end + 1);
        _state = TextSessionState.Line;
        Reply(Replies.For(_error), output);
        return Step.Next;
    }

    /// <summary>Answers, unless the client asked not to. There is room: that was made sure of before acting.</summary>
    private void Reply(ReadOnlySpan<byte> text, ChunkQueue output)
    {
        if (!_isNoReply) Append(text, output);
    }

    private static void Append(ReadOnlySpan<byte> text, ChunkQueue output)
    {
        bool appended = output.TryAppend(text);
        Invariant.Holds(appended);
    }
}
