using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Http;

/// <summary>
/// One request and its answer, from <see cref="IHttpSite.Begin"/> to <see cref="IHttpSite.Ended"/>: what the site keeps
/// between the calls, and how it answers.
/// </summary>
public sealed class HttpExchange
{
    /// <summary>What <see cref="IHttpSite.Write"/> has room for, in bytes.</summary>
    public const int PieceLength = 2048;

    /// <summary>The most bytes of a body that <see cref="AnswerWith"/> takes.</summary>
    public const int ShortBodyLengthMax = ResponseComposer.BodyLengthMax;

    /// <summary>The length of a body that the site does not know before it is written.</summary>
    public const long UnknownLength = -1;

    /// <summary>The most bytes of a key.</summary>
    public const int KeyLengthMax = 250;

    private readonly HttpEnvironment _environment;
    private readonly byte[] _key = new byte[KeyLengthMax];
    private int _keyLength;
    private bool _wouldKeepAlive;

    internal HttpExchange(HttpEnvironment environment, int number)
    {
        _environment = environment;
        Number = number;
    }

    /// <summary>Of the connection.</summary>
    public int Number { get; }

    /// <summary>The request's.</summary>
    public HttpMethod Method { get; private set; }

    /// <summary>The site's, 0 at first: which resource is asked for.</summary>
    public int Route { get; set; }

    /// <summary>The site's, 0 at first: how far the answer has come.</summary>
    public long Cursor { get; set; }

    /// <summary>The site's, 0 at first: another one.</summary>
    public long SecondCursor { get; set; }

    /// <summary>What <see cref="TrySetKey"/> kept.</summary>
    public ReadOnlySpan<byte> Key => new(_key, 0, _keyLength);

    internal bool WantsBody { get; private set; }

    /// <summary>The most bytes of a body that the site takes.</summary>
    internal int BodyLengthMax { get; private set; }

    internal bool IsAnswered { get; private set; }

    internal bool KeepsAlive { get; private set; }

    internal bool IsChunked { get; private set; }

    /// <summary>Bytes that the site has still to write; <see cref="UnknownLength"/> if nobody knows.</summary>
    internal long Remaining { get; set; }

    private bool IsOldVersion { get; set; }

    private bool HasKeptAliveOldVersion => IsOldVersion && KeepsAlive;

    /// <summary>Keeps a copy of <paramref name="key"/>; fails if it is too long.</summary>
    public bool TrySetKey(ReadOnlySpan<byte> key)
    {
        if (key.Length > KeyLengthMax) return false;
        key.CopyTo(_key);
        _keyLength = key.Length;
        return true;
    }

    /// <summary>Has <see cref="IHttpSite.Body"/> called with the request's body, be it empty.</summary>
    /// <param name="lengthMax">
    /// In bytes; a longer one is answered 413, and so is one that is longer than a buffer of the server's.
    /// </param>
    public void AskForBody(int lengthMax = int.MaxValue)
    {
        Invariant.Holds(!IsAnswered);
        Invariant.Holds(lengthMax >= 0);
        WantsBody = true;
        BodyLengthMax = lengthMax;
        KeepsAlive = _wouldKeepAlive;
    }

    /// <summary>Lets the connection end with this answer. To be called before the answer is begun.</summary>
    public void CloseAfterwards()
    {
        Invariant.Holds(!IsAnswered);
        _wouldKeepAlive = false;
        KeepsAlive = false;
    }

    /// <summary>Begins an answer whose body <see cref="IHttpSite.Write"/> will be asked for, unless it has none.</summary>
    /// <param name="status">200 to 599; with 204 and 304 there is no body.</param>
    /// <param name="mediaType">Empty: no Content-Type.</param>
    /// <param name="length">In bytes; 0 or more, or <see cref="UnknownLength"/>.</param>
    public void Answer(int status, ReadOnlySpan<byte> mediaType, long length)
    {
        Invariant.Holds(!IsAnswered);
        Invariant.Holds(status is >= 200 and <= 599);
        Invariant.Holds(length >= UnknownLength);
        IsAnswered = true;
        bool isWithoutBody = HttpStatus.IsWithoutBody(status);
        IsChunked = length == UnknownLength && !IsOldVersion && !isWithoutBody;
        // RFC 9112 §6.3: in HTTP/1.0 the end of the connection is the end of such a body.
        if (length == UnknownLength && IsOldVersion && !isWithoutBody) KeepsAlive = false;
        ResponseComposer composer = _environment.Composer;
        composer.Begin(status);
        if (mediaType.Length > 0 && !isWithoutBody) composer.Field("Content-Type"u8, mediaType);
        if (IsChunked) composer.Field("Transfer-Encoding"u8, "chunked"u8);
        else if (length != UnknownLength && !isWithoutBody) composer.LengthField(length);
        if (!KeepsAlive) composer.Field("Connection"u8, "close"u8);
        else if (HasKeptAliveOldVersion) composer.Field("Connection"u8, "keep-alive"u8);
        _environment.Counters.CountStatus(status);
        Remaining = isWithoutBody || Method == HttpMethod.Head ? 0 : length;
        if (Remaining == 0) IsChunked = false;
    }

    /// <summary>Answers with a body of at most <see cref="ShortBodyLengthMax"/> bytes that is there already.</summary>
    public void AnswerWith(int status, ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> body)
    {
        Answer(status, mediaType, body.Length);
        if (Remaining > 0) _environment.Composer.Body(body);
        Remaining = 0;
    }

    /// <summary>Answers with problem details.</summary>
    /// <param name="detail">A sentence for people; see <see cref="ProblemDetails.Format"/>.</param>
    public void Problem(int status, ReadOnlySpan<byte> detail)
    {
        Span<byte> json = stackalloc byte[ProblemDetails.LengthMax];
        int length = ProblemDetails.Format(status, detail, json);
        AnswerWith(status, ProblemDetails.MediaType, json.Slice(0, length));
    }

    /// <summary>
    /// Answers 304 if the client asks for what it has already; otherwise does nothing and fails. Only GET and HEAD ever
    /// have this answer (RFC 9110 §13.1.2).
    /// </summary>
    /// <param name="entityTag">With its quotes.</param>
    /// <param name="cacheControl">As in the answer that would be given otherwise.</param>
    public bool TryAnswerNotModified(
        in RequestHead head, ReadOnlySpan<byte> entityTag, ReadOnlySpan<byte> cacheControl)
    {
        if (Method is not (HttpMethod.Get or HttpMethod.Head) || !head.HasEntity(entityTag)) return false;
        Answer(304, default, 0);
        Field("ETag"u8, entityTag);
        Field("Cache-Control"u8, cacheControl);
        return true;
    }

    /// <summary>
    /// Adds a header field to the answer that was begun in the same call. Cache-Control and Content-Security-Policy take
    /// the place of the strict ones that every other answer has.
    /// </summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => _environment.Composer.Field(name, value);

    internal void Reset(in RequestHead head)
    {
        Method = head.Method;
        IsOldVersion = head.IsOldVersion;
        // If the client is never told to go on, nobody knows whether the body will come (RFC 9110 §10.1.1).
        _wouldKeepAlive = head.KeepsAlive;
        KeepsAlive = head.KeepsAlive && !(head.Expectation == Expectation.Continue && head.HasBody);
        Route = 0;
        Cursor = 0;
        SecondCursor = 0;
        _keyLength = 0;
        WantsBody = false;
        IsAnswered = false;
        IsChunked = false;
        Remaining = 0;
    }

    /// <summary>Answers in the site's stead, and closes.</summary>
    internal void Refuse(int status, ReadOnlySpan<byte> detail)
    {
        KeepsAlive = false;
        Problem(status, detail);
    }
}
