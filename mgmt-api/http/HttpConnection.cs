using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Management.Http;

/// <summary>
/// One connection's requests and answers, one after the other: bytes in, bytes out, a site behind. While an answer is
/// under way no more input is taken, so a client that pipelines costs no more memory than one that does not.
/// </summary>
/// <remarks>
/// A head in one piece is parsed where it lies. What comes in several pieces is collected in a buffer of the
/// <see cref="HttpBufferPool"/>. At most one request is begun in a call of <see cref="Receive"/>, and one piece written
/// in a call of <see cref="Work"/>.
/// </remarks>
/// <typeparam name="TSite">The resources.</typeparam>
public sealed partial class HttpConnection<TSite>
    where TSite : struct, IHttpSite
{
    /// <summary>An output that never has this much space never gets an answer.</summary>
    public const int OutputSpaceMin =
        InterimLength + ResponseComposer.HeadLengthMax + ResponseComposer.BodyLengthMax;

    // "HTTP/1.1 100 Continue", two line ends.
    private const int InterimLength = 25;

    // A chunk's size in three digits, two line ends, and the last chunk.
    private const int ChunkFrameLength = 3 + 2 + 2 + 5;

    // A piece in its frame is no longer, or this constant would be negative and not compile.
    private const uint OutputSpaceSlack = OutputSpaceMin - HttpExchange.PieceLength - ChunkFrameLength;

    private readonly HttpEnvironment _environment;
    private readonly HttpExchange _exchange;
    private TSite _site;
    private HeadScanner _scanner;
    private BodyDecoder _decoder;
    private int _buffer = HttpBufferPool.None;
    private int _bufferedLength;
    private int _lastOutputLength;
    private long _sinceMicros;
    private bool _isBegun;
    private bool _hasCarriageReturn;
    private bool _hasEmptyLine;
    private bool _hasPeerClosed;

    /// <param name="environment">What it shares with the others.</param>
    /// <param name="number">Its own among them.</param>
    public HttpConnection(HttpEnvironment environment, TSite site, int number)
    {
        _environment = environment;
        _site = site;
        Number = number;
        _exchange = new HttpExchange(environment, number);
    }

    public int Number { get; }

    public HttpConnectionState State { get; private set; }

    /// <summary>Send what is in the output, then close; what still arrives is taken and dropped.</summary>
    public bool WantsClose => State == HttpConnectionState.Closing;

    /// <summary>Do not even wait until the output is sent.</summary>
    public bool WantsAbort { get; private set; }

    /// <summary>Call <see cref="Work"/> when it is this one's turn; input is not taken meanwhile.</summary>
    public bool IsAnswering => State == HttpConnectionState.Answering;

    /// <summary>The last <see cref="Receive"/> took nothing for want of space in the output: call it again later.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>A request was answered on this connection.</summary>
    public bool HasServed { get; private set; }

    /// <summary>When the present state began, or made progress last.</summary>
    public long SinceMicros => _sinceMicros;

    /// <summary>When to call <see cref="TimedOut"/>.</summary>
    public long DeadlineMicros => State switch
    {
        HttpConnectionState.Closed => long.MaxValue,
        HttpConnectionState.Idle => _sinceMicros + HttpLimits.IdleMicros,
        HttpConnectionState.Head => _sinceMicros + HttpLimits.HeadMicros,
        HttpConnectionState.Body or HttpConnectionState.Draining => _sinceMicros + HttpLimits.BodyMicros,
        _ => _sinceMicros + HttpLimits.ProgressMicros,
    };

    private bool TakesInput => State is not (HttpConnectionState.Answering or HttpConnectionState.Closed);

    /// <summary>A connection begins.</summary>
    public void Opened(long nowMicros)
    {
        Invariant.Holds(State == HttpConnectionState.Closed);
        HasServed = false;
        _hasPeerClosed = false;
        _lastOutputLength = 0;
        _environment.Counters.Connections++;
        AwaitRequest(nowMicros);
    }

    /// <summary>Takes input up to the end of a request.</summary>
    /// <returns>
    /// How many bytes were taken. The rest is to be offered again when the answer is written, or there is space in the
    /// output.
    /// </returns>
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output, long nowMicros)
    {
        ReadOnlySpan<byte> rest = input;
        IsBlocked = false;
        while (rest.Length > 0 && TakesInput && !IsBlocked)
        {
            switch (State)
            {
                case HttpConnectionState.Closing:
                    rest = default;
                    break;
                case HttpConnectionState.Draining:
                    Drain(ref rest, nowMicros);
                    break;
                case HttpConnectionState.Body:
                    IsBlocked = !output.HasSpace(OutputSpaceMin);
                    if (!IsBlocked) TakeBody(ref rest, output, nowMicros);
                    break;
                default:
                    IsBlocked = !output.HasSpace(OutputSpaceMin);
                    if (!IsBlocked && SkipEmptyLine(ref rest, output, nowMicros)) TakeHead(ref rest, output, nowMicros);
                    break;
            }
        }
        int taken = input.Length - rest.Length;
        _environment.Counters.BytesReceived += taken;
        return taken;
    }

    /// <summary>Writes the next piece of the answer; returns whether something was done.</summary>
    public bool Work(ChunkQueue output, long nowMicros)
    {
        if (State != HttpConnectionState.Answering) return false;
        _ = SeeProgress(output, nowMicros);
        if (_exchange.Remaining == 0)
        {
            Finish(nowMicros);
            return true;
        }
        return output.HasSpace(HttpExchange.PieceLength + ChunkFrameLength) && WritePiece(output, nowMicros);
    }

    /// <summary>The deadline has come. May move it, if the client has taken something meanwhile.</summary>
    public void TimedOut(ChunkQueue output, long nowMicros)
    {
        if (nowMicros < DeadlineMicros || IsAnswerMoving(output, nowMicros)) return;
        HttpCounters counters = _environment.Counters;
        switch (State)
        {
            case HttpConnectionState.Idle:
                counters.IdleTimeouts++;
                BecomeClosing(nowMicros);
                break;
            case HttpConnectionState.Head or HttpConnectionState.Body:
                counters.RequestTimeouts++;
                if (output.HasSpace(OutputSpaceMin))
                {
                    if (!_isBegun) _exchange.Reset(default);
                    Refuse(RequestError.TimedOut, output, nowMicros);
                }
                End();
                BecomeClosing(nowMicros);
                break;
            case HttpConnectionState.Draining:
                counters.RequestTimeouts++;
                BecomeClosing(nowMicros);
                break;
            case HttpConnectionState.Answering:
                counters.AnswerTimeouts++;
                Cut(nowMicros);
                break;
            default:
                WantsAbort = true;
                _sinceMicros = nowMicros;
                break;
        }
    }

    /// <summary>The client has sent its last byte, and all were taken. An answer under way is still written.</summary>
    public void PeerClosed(long nowMicros)
    {
        _hasPeerClosed = true;
        if (State is HttpConnectionState.Answering or HttpConnectionState.Closed) return;
        End();
        BecomeClosing(nowMicros);
    }

    /// <summary>Its buffer was given to another one: there is no way to go on.</summary>
    internal void Evicted(long nowMicros)
    {
        _buffer = HttpBufferPool.None;
        _environment.Counters.ConnectionsEvicted++;
        End();
        BecomeClosing(nowMicros);
        WantsAbort = true;
    }

    /// <summary>The connection is gone: gives everything back and is as new.</summary>
    public void Closed()
    {
        if (State == HttpConnectionState.Answering && _exchange.Remaining != 0) _environment.Counters.AnswersCut++;
        End();
        ReturnBuffer();
        State = HttpConnectionState.Closed;
        WantsAbort = false;
        IsBlocked = false;
    }

    private void AwaitRequest(long nowMicros)
    {
        _scanner = default;
        _hasCarriageReturn = false;
        _hasEmptyLine = false;
        State = HttpConnectionState.Idle;
        _sinceMicros = nowMicros;
    }

    /// <summary>
    /// RFC 9112 §2.2: an empty line before a request is no part of it. True if the input goes on with a head.
    /// </summary>
    private bool SkipEmptyLine(ref ReadOnlySpan<byte> rest, ChunkQueue output, long nowMicros)
    {
        if (State != HttpConnectionState.Idle || _hasEmptyLine) return true;
        if (!_hasCarriageReturn)
        {
            if (rest[0] != '\r') return true;
            _hasCarriageReturn = true;
        }
        else if (rest[0] == '\n')
        {
            _hasEmptyLine = true;
        }
        else
        {
            RefuseHead(RequestError.BareCarriageReturn, default, output, nowMicros);
            return false;
        }
        rest = rest.Slice(1);
        return false;
    }

    private void TakeHead(ref ReadOnlySpan<byte> rest, ChunkQueue output, long nowMicros)
    {
        bool isInPlace = _buffer == HttpBufferPool.None;
        ReadOnlySpan<byte> octets = isInPlace ? rest : Collect(rest, nowMicros);
        int before = isInPlace ? 0 : _bufferedLength;
        HeadStatus status = _scanner.Scan(octets, out int length, out RequestError error);
        if (status == HeadStatus.NeedMoreData)
        {
            if (isInPlace)
            {
                State = HttpConnectionState.Head;
                _sinceMicros = nowMicros;
                octets = Collect(rest, nowMicros);
            }
            _bufferedLength = octets.Length;
            rest = rest.Slice(octets.Length - before);
            return;
        }
        if (status == HeadStatus.Malformed)
        {
            // The connection ends here, so what is left of the input does not matter.
            rest = default;
            // Even so there is no content for a HEAD.
            RequestHead none = default;
            if (octets.StartsWith("HEAD "u8)) none.Method = HttpMethod.Head;
            RefuseHead(error, in none, output, nowMicros);
            return;
        }
        rest = rest.Slice(length - before);
        error = HeadParser.Parse(octets.Slice(0, length), out RequestHead head);
        if (error == RequestError.None && head.ContentLength > _environment.Buffers.Size) error = RequestError.BodyTooLarge;
        if (error != RequestError.None) RefuseHead(error, in head, output, nowMicros);
        else Begin(in head, output, nowMicros);
        // Only now: the head may lie in the buffer.
        ReturnBuffer();
    }

    /// <summary>Appends to the buffer, which is rented if need be; returns all that is in it.</summary>
    private ReadOnlySpan<byte> Collect(ReadOnlySpan<byte> piece, long nowMicros)
    {
        if (_buffer == HttpBufferPool.None)
        {
            _buffer = _environment.Buffers.Rent(Number, nowMicros);
            _bufferedLength = 0;
        }
        Span<byte> buffer = _environment.Buffers.Octets(_buffer, Number).Slice(0, HttpLimits.HeadLengthMax);
        int count = Math.Min(piece.Length, buffer.Length - _bufferedLength);
        piece.Slice(0, count).CopyTo(buffer.Slice(_bufferedLength));
        return buffer.Slice(0, _bufferedLength + count);
    }

    private void Begin(in RequestHead head, ChunkQueue output, long nowMicros)
    {
        _exchange.Reset(in head);
        _decoder.Begin(in head);
        _environment.Counters.Requests++;
        _isBegun = true;
        _site.Begin(_exchange, in head);
        if (_exchange.IsAnswered)
        {
            SendHead(output, nowMicros);
            return;
        }
        Invariant.Holds(_exchange.WantsBody);
        if (head.ContentLength > _exchange.BodyLengthMax)
        {
            Refuse(RequestError.BodyTooLarge, output, nowMicros);
            return;
        }
        if (_decoder.IsDone)
        {
            HandBody(default, output, nowMicros);
            return;
        }
        if (head.Expectation == Expectation.Continue)
        {
            bool isSent = output.TryAppend("HTTP/1.1 100 Continue\r\n\r\n"u8);
            Invariant.Holds(isSent);
            _environment.Counters.BytesSent += InterimLength;
        }
        State = HttpConnectionState.Body;
        _sinceMicros = nowMicros;
    }

    private void TakeBody(ref ReadOnlySpan<byte> rest, ChunkQueue output, long nowMicros)
    {
        if (_buffer == HttpBufferPool.None) _buffer = _environment.Buffers.Rent(Number, nowMicros);
        HttpBufferPool buffers = _environment.Buffers;
        Span<byte> buffer = buffers.Octets(_buffer, Number);
        RequestError error = _decoder.Decode(ref rest, Math.Min(buffers.Size, _exchange.BodyLengthMax), buffer);
        if (error != RequestError.None) Refuse(error, output, nowMicros);
        else if (_decoder.IsDone) HandBody(buffer.Slice(0, _decoder.Length), output, nowMicros);
        else return;
        ReturnBuffer();
    }

    private void HandBody(ReadOnlySpan<byte> body, ChunkQueue output, long nowMicros)
    {
        _site.Body(_exchange, body);
        Invariant.Holds(_exchange.IsAnswered);
        SendHead(output, nowMicros);
    }

    /// <summary>The answer to the request is written already; if this fails, there can be no other one.</summary>
    private void Drain(ref ReadOnlySpan<byte> rest, long nowMicros)
    {
        RequestError error = _decoder.Decode(ref rest, _environment.Buffers.Size, default);
        if (error != RequestError.None)
        {
            _environment.Counters.RequestsRefused++;
            BecomeClosing(nowMicros);
        }
        else if (_decoder.IsDone)
        {
            AwaitRequest(nowMicros);
        }
    }

    private void RefuseHead(RequestError error, in RequestHead head, ChunkQueue output, long nowMicros)
    {
        _exchange.Reset(in head);
        Refuse(error, output, nowMicros);
        ReturnBuffer();
    }

    private void Refuse(RequestError error, ChunkQueue output, long nowMicros)
    {
        if (error != RequestError.TimedOut) _environment.Counters.RequestsRefused++;
        _exchange.Refuse(RequestErrors.StatusOf(error), RequestErrors.DetailOf(error));
        SendHead(output, nowMicros);
    }

    private void BecomeDraining(long nowMicros)
    {
        State = HttpConnectionState.Draining;
        _sinceMicros = nowMicros;
    }

    private void BecomeClosing(long nowMicros)
    {
        ReturnBuffer();
        if (State == HttpConnectionState.Closing) return;
        State = HttpConnectionState.Closing;
        _sinceMicros = nowMicros;
    }

    private void End()
    {
        if (!_isBegun) return;
        _isBegun = false;
        _site.Ended(_exchange);
    }

    private void ReturnBuffer()
    {
        if (_buffer == HttpBufferPool.None) return;
        _environment.Buffers.Return(_buffer, Number);
        _buffer = HttpBufferPool.None;
    }
}
