using System;
using Memcachier.Management.Assets;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>The dashboard and the description of the API, which are files in the image.</summary>
internal static class AssetsResource
{
    public static bool IsAsset(ApiRoute route) => route is >= ApiRoute.DashboardPage and <= ApiRoute.OpenApi;

    public static void Begin(HttpExchange exchange, in RequestHead head, ApiRoute route)
    {
        // Asked for again each time, so that a new image is seen at once; 304 is short.
        ReadOnlySpan<byte> cacheControl = "no-cache"u8;
        ReadOnlySpan<byte> tag = TagOf(route);
        if (exchange.TryAnswerNotModified(in head, tag, cacheControl)) return;
        exchange.Answer(200, MediaTypeOf(route), ContentOf(route).Length);
        exchange.Field("ETag"u8, tag);
        exchange.Field("Cache-Control"u8, cacheControl);
        if (route == ApiRoute.DashboardPage) exchange.Field("Content-Security-Policy"u8, PagePolicy);
    }

    public static PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length)
    {
        ReadOnlySpan<byte> rest = ContentOf((ApiRoute)exchange.Route).Slice((int)exchange.Cursor);
        length = Math.Min(rest.Length, room.Length);
        rest.Slice(0, length).CopyTo(room);
        exchange.Cursor += length;
        return length == rest.Length ? PieceStatus.End : PieceStatus.Written;
    }

    /// <summary>The page may ask this machine, and nobody else; nobody may put it in a frame.</summary>
    private static ReadOnlySpan<byte> PagePolicy =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"u8;

    private static ReadOnlySpan<byte> ContentOf(ApiRoute route) => route switch
    {
        ApiRoute.DashboardPage => EmbeddedAssets.DashboardPage,
        ApiRoute.DashboardStyle => EmbeddedAssets.DashboardStyle,
        ApiRoute.DashboardScript => EmbeddedAssets.DashboardScript,
        _ => EmbeddedAssets.OpenApi,
    };

    private static ReadOnlySpan<byte> TagOf(ApiRoute route) => route switch
    {
        ApiRoute.DashboardPage => EmbeddedAssets.DashboardPageTag,
        ApiRoute.DashboardStyle => EmbeddedAssets.DashboardStyleTag,
        ApiRoute.DashboardScript => EmbeddedAssets.DashboardScriptTag,
        _ => EmbeddedAssets.OpenApiTag,
    };

    private static ReadOnlySpan<byte> MediaTypeOf(ApiRoute route) => route switch
    {
        ApiRoute.DashboardPage => "text/html; charset=utf-8"u8,
        ApiRoute.DashboardStyle => "text/css; charset=utf-8"u8,
        ApiRoute.DashboardScript => "text/javascript; charset=utf-8"u8,
        _ => "application/yaml"u8,                                              // RFC 9512
    };
}
