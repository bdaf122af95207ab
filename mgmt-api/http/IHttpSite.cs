using System;

namespace Memcachier.Management.Http;

/// <summary>What the server is there for: the resources. A struct, so that calls are direct.</summary>
public interface IHttpSite
{
    /// <summary>
    /// A request's head is there. The site answers, or calls <see cref="HttpExchange.AskForBody"/>, before it returns.
    /// </summary>
    /// <param name="exchange">As new; it is the site's until <see cref="Ended"/>.</param>
    /// <param name="head">Valid until the call returns.</param>
    void Begin(HttpExchange exchange, in RequestHead head);

    /// <summary>The whole body is there, without its framing. The site answers before it returns.</summary>
    /// <param name="body">Valid until the call returns.</param>
    void Body(HttpExchange exchange, ReadOnlySpan<byte> body);

    /// <summary>Writes the next piece of an answer that was begun with <see cref="HttpExchange.Answer"/>.</summary>
    /// <param name="room">
    /// <see cref="HttpExchange.PieceLength"/> bytes, but never more than are missing from the length that was promised.
    /// </param>
    /// <param name="length">How much of it was written.</param>
    PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length);

    /// <summary>Once for each <see cref="Begin"/>, however it went: complete, cut short, or refused.</summary>
    void Ended(HttpExchange exchange);
}
