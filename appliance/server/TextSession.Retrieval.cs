using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>get, gets, gat and gats: any number of keys, values of any size through an output of any size.</summary>
internal sealed partial class TextSession
{
    private Lease _lease;
    private int _sent;
    private int _exptime;
    private bool _isWithCas;
    private bool _isTouching;
    private bool _isKeyKnown;
    private TextSessionState _stateAfterValue;

    /// <summary>
    /// Hot: answers the gets of one key that the source begins with. The first one that has no room, or is not of the
    /// usual form, is left to the others.
    /// </summary>
    private void AnswerGets(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        ReadOnlySpan<byte> rest = source;
        while (RequestParser.TryParseGet(rest, out ReadOnlySpan<byte> key, out int length))
        {
            if (_requestsLeft == 0 || !output.HasSpace(AnswerLengthMax)) break;
            _requestsLeft--;
            if (!TryAnswerGet(key, output))
            {
                rest = rest.Slice(length - Limits.LineEndLength);
                break;
            }
            rest = rest.Slice(length);
        }
        source = rest;
    }

    /// <summary>
    /// A single key whose value has room is answered at once; for any other request the source is left at what is still
    /// to be answered.
    /// </summary>
    private Step ExecuteRetrieval(in Request request, ref ReadOnlySpan<byte> source, int end, ChunkQueue output)
    {
        BeginKeys(request.IsWithCas, request.IsTouching, request.Exptime, isKeyKnown: true);
        if (!request.IsSingleKey)
        {
            source = source.Slice(request.KeyOffset);
        }
        else if (TryAnswer(request.Key, isLast: true, output))
        {
            _state = TextSessionState.Line;
            source = source.Slice(end + 1);
        }
        else
        {
            source = source.Slice(request.KeyOffset + request.Key.Length);
        }
        return Step.Next;
    }

    private void BeginKeys(bool isWithCas, bool isTouching, int exptime, bool isKeyKnown)
    {
        _isWithCas = isWithCas;
        _isTouching = isTouching;
        _exptime = exptime;
        _isKeyKnown = isKeyKnown;
        _state = TextSessionState.Keys;
    }

    /// <summary>Answers the keys up to the end of the line; the END comes with that.</summary>
    private Step AnswerKeys(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        int end = source.IndexOf((byte)'\n');
        var tokens = new Tokens(end < 0 ? source : source.Slice(0, end));
        while (output.HasSpace(Replies.LineLengthMax))
        {
            bool isKey = tokens.TryNext(out ReadOnlySpan<byte> key);
            if (tokens.Rest.Length == 0)
            {
                // Nothing delimits the last token of the source but the end of the line, a CR before it included.
                if (end < 0) return AwaitKey(key, ref source);
                if (isKey && key[key.Length - 1] == '\r') key = key.Slice(0, key.Length - 1);
                if (key.Length == 0) return EndKeys(ref source, end, output);
            }
            if (key.Length > Limits.KeyLengthMax)
            {
                Fail(RequestError.BadFormat);
                return Step.Next;
            }
            _isKeyKnown = true;
            if (TryAnswer(key, isLast: false, output)) continue;
            source = source.Slice((end < 0 ? source.Length : end) - tokens.Rest.Length);
            return Step.Next;
        }
        source = source.Slice((end < 0 ? source.Length : end) - tokens.Rest.Length);
        return Step.NeedsOutput;
    }

    /// <summary>Leaves an unfinished key, and nothing else, in the source.</summary>
    private Step AwaitKey(ReadOnlySpan<byte> key, ref ReadOnlySpan<byte> source)
    {
        source = source.Slice(source.Length - key.Length);
        // The CR of the line's end may be the last byte of it.
        if (key.Length <= Limits.KeyLengthMax + 1) return Step.NeedsInput;
        Fail(RequestError.BadFormat);
        return Step.Next;
    }

    private Step EndKeys(ref ReadOnlySpan<byte> source, int end, ChunkQueue output)
    {
        source = source.Slice(end + 1);
        _state = TextSessionState.Line;
        Append(_isKeyKnown ? Replies.End : Replies.BadFormat, output);
        return Step.Next;
    }

    /// <summary>
    /// Hot: <see cref="TryAnswer"/> for a get of one key, of which the session remembers nothing if it is answered at once.
    /// </summary>
    private bool TryAnswerGet(ReadOnlySpan<byte> key, ChunkQueue output)
    {
        bool isFound = LookUp(key, isTouching: false, out Item item);
        bool isAnswered = isFound
            ? TryAppendAtOnce(key, in item, isWithCas: false, isLast: true, output)
            : !_context.Cluster.IsSet && output.TryAppend(Replies.End);
        if (isAnswered) return true;
        BeginKeys(isWithCas: false, isTouching: false, exptime: 0, isKeyKnown: true);
        if (!AnswerSlow(key, isFound, in item, isLast: true, output)) return false;
        _state = TextSessionState.Line;
        return true;
    }

    /// <summary>
    /// Hot: answers one key, and ends the answer after the last one. False if not all of that fitted: then the session is
    /// in the state Sending, or still in Keys if it is only the END that is missing.
    /// </summary>
    private bool TryAnswer(ReadOnlySpan<byte> key, bool isLast, ChunkQueue output)
    {
        bool isFound = LookUp(key, _isTouching, out Item item);
        return (isFound && TryAppendAtOnce(key, in item, _isWithCas, isLast, output))
            || AnswerSlow(key, isFound, in item, isLast, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool LookUp(ReadOnlySpan<byte> key, bool isTouching, out Item item)
    {
        if (_events.IsWatched) _context.Observer.Looks(key, _number);
        bool isFound = isTouching
            ? _store.TryGetAndTouch(key, _exptime, out item)
            : _store.TryGet(key, out item);
        if (_prefixes.IsEnabled) _prefixes.CountGet(key, isFound);
        return isFound;
    }

    /// <summary>A miss, or an item of which not everything could be said at once.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool AnswerSlow(ReadOnlySpan<byte> key, bool isFound, in Item item, bool isLast, ChunkQueue output)
    {
        if (isFound)
        {
            if (!TryAppendInPieces(in item, output)) return false;
        }
        else if (_context.Cluster.IsSet && !MissSlow(key, output))
        {
            return false;
        }
        return !isLast || output.TryAppend(Replies.End);
    }

    /// <summary>All that is said of the item of a key, if its value lies in one piece and the output has room in one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryAppendAtOnce(
        ReadOnlySpan<byte> key, in Item item, bool isWithCas, bool isLast, ChunkQueue output)
    {
        ReadOnlySpan<byte> value = item.ValueAt(0);
        if (value.Length != item.ValueLength) return false;
        Span<byte> place = output.GetSpan();
        if (place.Length < key.Length + value.Length + Replies.ValueOverheadMax) return false;
        int length = FormatValueLine(key, in item, isWithCas, place);
        value.CopyTo(place.Slice(length));
        length += value.Length;
        if (isLast)
        {
            Replies.LineEndAndEnd.CopyTo(place.Slice(length));
            length += Replies.LineEndAndEnd.Length;
        }
        else
        {
            Replies.LineEnd.CopyTo(place.Slice(length));
            length += Replies.LineEnd.Length;
        }
        output.Advance(length);
        return true;
    }

    /// <summary>Answers the value of an item, or as much of it as fits, holds it then, and becomes Sending.</summary>
    /// <param name="item">Whose value it is.</param>
    /// <param name="next">The state to be in once the rest of the value is on its way.</param>
    /// <param name="output">Where it goes.</param>
    private bool TryAppendValue(in Item item, TextSessionState next, ChunkQueue output)
    {
        if (HeldValue.TryAppend(_store, in item, Replies.LineEnd, output, ref _lease, ref _sent)) return true;
        _stateAfterValue = next;
        _state = TextSessionState.Sending;
        return false;
    }

    /// <summary>The same, of a value in pieces or where there is room in pieces; false if that is too little.</summary>
    private bool TryAppendInPieces(in Item item, ChunkQueue output)
    {
        Span<byte> line = stackalloc byte[Replies.LineLengthMax];
        Append(line.Slice(0, FormatValueLine(item.Key, in item, _isWithCas, line)), output);
        return TryAppendValue(in item, TextSessionState.Keys, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FormatValueLine(
        ReadOnlySpan<byte> key, in Item item, bool isWithCas, Span<byte> destination) => isWithCas
        ? Replies.FormatValueLine(key, item.Flags, item.ValueLength, item.Cas, destination)
        : Replies.FormatValueLine(key, item.Flags, item.ValueLength, destination);

    private Step SendValue(ChunkQueue output)
    {
        Step step = HeldValue.Send(_store, ref _lease, ref _sent, Replies.LineEnd, output, out bool isLost);
        if (step == Step.Next) _state = isLost ? TextSessionState.Closing : _stateAfterValue;
        return step;
    }
}
