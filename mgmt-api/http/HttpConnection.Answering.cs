using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Management.Http;

/// <content>How an answer is written: its head at once, its body a piece at a time.</content>
public sealed partial class HttpConnection<TSite>
{
    private void SendHead(ChunkQueue output, long nowMicros)
    {
        _environment.Counters.BytesSent += _environment.Composer.Send(output);
        _lastOutputLength = output.Length;
        State = HttpConnectionState.Answering;
        _sinceMicros = nowMicros;
    }

    private bool WritePiece(ChunkQueue output, long nowMicros)
    {
        Span<byte> room = _environment.Piece;
        long remaining = _exchange.Remaining;
        if (remaining != HttpExchange.UnknownLength && remaining < room.Length) room = room.Slice(0, (int)remaining);
        PieceStatus status = _site.Write(_exchange, room, out int length);
        Invariant.Holds((uint)length <= (uint)room.Length);
        if (status == PieceStatus.Waiting)
        {
            Invariant.Holds(length == 0);
            if (_hasPeerClosed) Cut(nowMicros);
            // It is not the client that keeps us waiting.
            else if (output.Length == 0) _sinceMicros = nowMicros;
            return _hasPeerClosed;
        }
        if (status == PieceStatus.Failed)
        {
            Invariant.Holds(length == 0);
            Cut(nowMicros);
            return true;
        }
        Invariant.Holds(length > 0 || status == PieceStatus.End);
        if (length > 0) AppendPiece(room.Slice(0, length), output);
        if (remaining != HttpExchange.UnknownLength) _exchange.Remaining = remaining - length;
        if (status == PieceStatus.End)
        {
            // Fewer than promised: only the end of the connection can say so.
            if (_exchange.Remaining > 0)
            {
                Cut(nowMicros);
                return true;
            }
            if (_exchange.IsChunked) Append("0\r\n\r\n"u8, output);
            _exchange.Remaining = 0;
        }
        _lastOutputLength = output.Length;
        _sinceMicros = nowMicros;
        return true;
    }

    private void AppendPiece(ReadOnlySpan<byte> piece, ChunkQueue output)
    {
        if (!_exchange.IsChunked)
        {
            Append(piece, output);
            return;
        }
        Span<byte> size = stackalloc byte[5];
        var line = new LineBuilder(size);
        line.AppendHex((ulong)piece.Length, 3);
        line.Append("\r\n"u8);
        Append(line.Octets, output);
        Append(piece, output);
        Append("\r\n"u8, output);
    }

    private void Append(ReadOnlySpan<byte> octets, ChunkQueue output)
    {
        bool isAppended = output.TryAppend(octets);
        Invariant.Holds(isAppended);
        _environment.Counters.BytesSent += octets.Length;
    }

    /// <summary>The answer is in the output to its end.</summary>
    private void Finish(long nowMicros)
    {
        bool keepsAlive = _exchange.KeepsAlive && !_hasPeerClosed;
        HasServed |= _isBegun;
        End();
        if (!keepsAlive) BecomeClosing(nowMicros);
        else if (_decoder.IsDone) AwaitRequest(nowMicros);
        else BecomeDraining(nowMicros);
    }

    /// <summary>The answer ends before it is complete.</summary>
    private void Cut(long nowMicros)
    {
        _environment.Counters.AnswersCut++;
        End();
        BecomeClosing(nowMicros);
        WantsAbort = true;
    }

    /// <summary>Something of an answer was taken, and not all of it yet. A request has its time whatever is taken.</summary>
    private bool IsAnswerMoving(ChunkQueue output, long nowMicros) => State switch
    {
        HttpConnectionState.Answering => SeeProgress(output, nowMicros),
        HttpConnectionState.Idle or HttpConnectionState.Closing => output.Length > 0 && SeeProgress(output, nowMicros),
        _ => false,
    };

    private bool SeeProgress(ChunkQueue output, long nowMicros)
    {
        bool hasProgress = output.Length < _lastOutputLength;
        _lastOutputLength = output.Length;
        if (hasProgress) _sinceMicros = nowMicros;
        return hasProgress;
    }
}
