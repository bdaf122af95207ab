using System;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>The <see cref="ManagementApi"/> as the HTTP server's type parameter.</summary>
public readonly struct ManagementSite : IHttpSite
{
    private readonly ManagementApi _api;

    public ManagementSite(ManagementApi api) => _api = api;

    public void Begin(HttpExchange exchange, in RequestHead head) => _api.Begin(exchange, in head);

    public void Body(HttpExchange exchange, ReadOnlySpan<byte> body) => _api.Body(exchange, body);

    public PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length) =>
        _api.Write(exchange, room, out length);

    public void Ended(HttpExchange exchange) => _api.Ended(exchange);
}
