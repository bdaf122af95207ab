using System;
using System.Text;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>
/// A site with an answer of each kind: /none has no body, /long one of a known length, /stream one of an unknown length,
/// /tag has an entity tag, /early refuses a body unread, /short breaks its promise; what is not read has its body's
/// length counted; /small takes no body of more than ten bytes. Everything else answers with its path.
/// </summary>
public readonly struct EchoSite : IHttpSite
{
    public const int LongLength = 5000;
    public const int StreamLength = 4500;

    public const int SmallLengthMax = 10;

    private const int StreamRoute = 1;

    private readonly SiteLog _log;

    public EchoSite(SiteLog log) => _log = log;

    /// <summary>The octet at an offset of /long and /stream.</summary>
    public static byte OctetAt(long offset) => (byte)('a' + (offset % 23));

    public void Begin(HttpExchange exchange, in RequestHead head)
    {
        _log.Begun(head.Method, head.Path);
        if (exchange.Route != 0 || exchange.Cursor != 0) throw new FuzzFailure("an exchange is not as new");
        if (head.Path.SequenceEqual("/none"u8)) exchange.Answer(204, default, 0);
        else if (head.Path.SequenceEqual("/long"u8)) exchange.Answer(200, "text/plain"u8, LongLength);
        else if (head.Path.SequenceEqual("/short"u8)) exchange.Answer(200, "text/plain"u8, LongLength * 2);
        else if (head.Path.SequenceEqual("/stream"u8)) AnswerStream(exchange);
        else if (head.Path.SequenceEqual("/early"u8)) exchange.Problem(403, "Not \"allowed\"."u8);
        else if (head.Path.SequenceEqual("/tag"u8)) AnswerTagged(exchange, in head);
        else if (head.Method is HttpMethod.Post or HttpMethod.Put or HttpMethod.Patch) AskForBody(exchange, in head);
        else exchange.AnswerWith(200, "text/plain"u8, head.Path.Length <= 200 ? head.Path : head.Path.Slice(0, 200));
    }

    public void Body(HttpExchange exchange, ReadOnlySpan<byte> body)
    {
        uint hash = 2166136261;
        foreach (byte octet in body) hash = (hash ^ octet) * 16777619;
        Span<byte> text = stackalloc byte[40];
        _ = Encoding.ASCII.TryGetBytes("body ", text, out int start);
        _ = body.Length.TryFormat(text[start..], out int digits);
        start += digits;
        text[start++] = (byte)' ';
        _ = hash.TryFormat(text[start..], out digits);
        exchange.AnswerWith(200, "text/plain"u8, text[..(start + digits)]);
    }

    public PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length)
    {
        length = 0;
        if (_log.IsWaiting) return PieceStatus.Waiting;
        long end = exchange.Route == StreamRoute ? StreamLength : LongLength;
        length = (int)Math.Min(end - exchange.Cursor, room.Length);
        for (int i = 0; i < length; i++) room[i] = OctetAt(exchange.Cursor + i);
        exchange.Cursor += length;
        return exchange.Cursor == end ? PieceStatus.End : PieceStatus.Written;
    }

    public void Ended(HttpExchange exchange) => _log.Ended();

    private static void AskForBody(HttpExchange exchange, in RequestHead head)
    {
        if (head.Path.SequenceEqual("/small"u8)) exchange.AskForBody(SmallLengthMax);
        else exchange.AskForBody();
    }

    private static void AnswerStream(HttpExchange exchange)
    {
        exchange.Route = StreamRoute;
        exchange.Answer(200, "text/plain"u8, HttpExchange.UnknownLength);
    }

    private static void AnswerTagged(HttpExchange exchange, in RequestHead head)
    {
        if (exchange.TryAnswerNotModified(in head, "\"v1\""u8, "no-cache"u8)) return;
        exchange.AnswerWith(200, "text/plain"u8, "tagged"u8);
        exchange.Field("ETag"u8, "\"v1\""u8);
        exchange.Field("Cache-Control"u8, "no-cache"u8);
    }
}
