using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>Storage commands: the data block goes from the receive buffer straight to its place in the store.</summary>
internal sealed partial class TextSession
{
    private Reservation _reservation;
    private int _lineEndLength;
    private bool _isWellFormed;
    private long _joinedOctetLimit;
    private StoreMode _mode;
    private ulong _cas;
    private long _ignoredLength;

    private void BeginUpload(in Request request, ChunkQueue output)
    {
        _mode = ModeOf(request.Command);
        _cas = request.Cas;
        if (_prefixes.IsEnabled) _prefixes.CountSet(request.Key);
        StoreResult result = _store.TryReserve(
            _mode, request.Key, request.Flags, request.Exptime, request.ValueLength, out _reservation);
        if (result == StoreResult.Stored)
        {
            BeginData(TextSessionState.Data);
            return;
        }
        if (_events.IsWatched)
        {
            _context.Observer.Refuses(request.Key, result, _mode, looks: _mode == StoreMode.Set, _number);
        }
        Reply(ReplyTo(result), output);
        BeginSwallowing((long)request.ValueLength + Limits.LineEndLength);
    }

    /// <summary>What comes next is a data block, for which there is a place.</summary>
    private void BeginData(TextSessionState state)
    {
        _lineEndLength = 0;
        _isWellFormed = true;
        _state = state;
    }

    private Step FillValue(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        Step step = Upload.Fill(
            _context, ref _reservation, ref source, output, Replies.LineLengthMax, out int lostLength);
        if (lostLength > 0) return LoseValue(lostLength, output);
        if (step != Step.Next) return step;
        if (!TryTakeLineEnd(ref source)) return Step.NeedsInput;
        if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;

        bool isMeta = _state == TextSessionState.MetaData;
        _state = TextSessionState.Line;
        if (!_isWellFormed)
        {
            _store.Abandon(ref _reservation);
            Reply(Replies.BadDataChunk, output);
            return Step.Next;
        }
        if (isMeta) FinishMetaSet(output);
        else Reply(ReplyTo(Commit()), output);
        return Upload.Next(_store, _joinedOctetLimit, source);
    }

    private StoreResult Commit()
    {
        if (!_events.IsWatched) return _store.Commit(ref _reservation, _mode, _cas);
        var terms = new StoreTerms(_mode) { Cas = _cas };
        return _context.Observer.Commit(ref _reservation, in terms, out _, _number);
    }

    /// <summary>Takes what follows the value, which should be a CR LF. False if there is more of it to come.</summary>
    private bool TryTakeLineEnd(ref ReadOnlySpan<byte> source)
    {
        int count = Math.Min(source.Length, Limits.LineEndLength - _lineEndLength);
        _isWellFormed &= source.Slice(0, count).SequenceEqual(Replies.LineEnd.Slice(_lineEndLength, count));
        source = source.Slice(count);
        _lineEndLength += count;
        return _lineEndLength == Limits.LineEndLength;
    }

    /// <summary>Its place was needed for others, but its bytes still come.</summary>
    private Step LoseValue(int missing, ChunkQueue output)
    {
        Reply(Replies.OutOfMemoryStoring, output);
        BeginSwallowing((long)missing + Limits.LineEndLength);
        return Step.Next;
    }

    private void BeginSwallowing(long length)
    {
        _ignoredLength = length;
        _state = TextSessionState.Swallowing;
    }

    private Step Swallow(ref ReadOnlySpan<byte> source)
    {
        int count = (int)Math.Min(source.Length, _ignoredLength);
        source = source.Slice(count);
        _ignoredLength -= count;
        if (_ignoredLength > 0) return Step.NeedsInput;
        _state = TextSessionState.Line;
        return Step.Next;
    }

    private static StoreMode ModeOf(Command command)
    {
        switch (command)
        {
            case Command.Set:
                return StoreMode.Set;
            case Command.Add:
                return StoreMode.Add;
            case Command.Replace:
                return StoreMode.Replace;
            case Command.Append:
                return StoreMode.Append;
            case Command.Prepend:
                return StoreMode.Prepend;
            default:
                Invariant.Holds(command == Command.Cas);
                return StoreMode.Cas;
        }
    }

    private static ReadOnlySpan<byte> ReplyTo(StoreResult result)
    {
        switch (result)
        {
            case StoreResult.Stored:
                return Replies.Stored;
            case StoreResult.NotStored:
                return Replies.NotStored;
            case StoreResult.Exists:
                return Replies.Exists;
            case StoreResult.NotFound:
                return Replies.NotFound;
            case StoreResult.TooLarge:
                return Replies.TooLarge;
            default:
                Invariant.Holds(result == StoreResult.OutOfMemory);
                return Replies.OutOfMemoryStoring;
        }
    }
}
