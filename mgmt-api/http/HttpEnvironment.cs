using System;

namespace Memcachier.Management.Http;

/// <summary>What the connections of a server share.</summary>
public sealed class HttpEnvironment
{
    private readonly byte[] _piece = new byte[HttpExchange.PieceLength];

    /// <param name="bufferCount">For requests that do not come in one piece.</param>
    /// <param name="bufferSize">Of each in bytes; no body may be longer.</param>
    public HttpEnvironment(int bufferCount, int bufferSize)
    {
        Buffers = new HttpBufferPool(bufferCount, bufferSize);
        Counters = new HttpCounters();
        Composer = new ResponseComposer();
    }

    public HttpCounters Counters { get; }

    public HttpBufferPool Buffers { get; }

    internal ResponseComposer Composer { get; }

    /// <summary>Where a site writes the next piece of an answer.</summary>
    internal Span<byte> Piece => new(_piece, 0, _piece.Length);
}
