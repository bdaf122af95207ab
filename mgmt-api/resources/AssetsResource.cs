using System;
using Memcachier.Management.Assets;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>The dashboard and the description of the API, which are files in the image.</summary>
internal static class AssetsResource
{
    /// <param name="exchange">Its cursor will be how much is written, its second cursor the index of the file.</param>
    public static void Begin(HttpExchange exchange, in RequestHead head)
    {
        // Asked for again each time, so that a new image is seen at once; 304 is short.
        ReadOnlySpan<byte> cacheControl = "no-cache"u8;
        int index = EmbeddedAssets.Find(head.Path);
        ReadOnlySpan<byte> tag = EmbeddedAssets.Tag(index);
        if (exchange.TryAnswerNotModified(in head, tag, cacheControl)) return;
        exchange.SecondCursor = index;
        ReadOnlySpan<byte> mediaType = EmbeddedAssets.MediaType(index);
        exchange.Answer(200, mediaType, EmbeddedAssets.Content(index).Length);
        exchange.Field("ETag"u8, tag);
        exchange.Field("Cache-Control"u8, cacheControl);
        if (mediaType.StartsWith("text/html"u8)) exchange.Field("Content-Security-Policy"u8, PagePolicy);
    }

    public static PieceStatus Write(HttpExchange exchange, Span<byte> room, out int length)
    {
        ReadOnlySpan<byte> rest = EmbeddedAssets.Content((int)exchange.SecondCursor).Slice((int)exchange.Cursor);
        length = Math.Min(rest.Length, room.Length);
        rest.Slice(0, length).CopyTo(room);
        exchange.Cursor += length;
        return length == rest.Length ? PieceStatus.End : PieceStatus.Written;
    }

    /// <summary>The page may ask this machine, and nobody else; nobody may put it in a frame.</summary>
    private static ReadOnlySpan<byte> PagePolicy =>
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"u8;
}
