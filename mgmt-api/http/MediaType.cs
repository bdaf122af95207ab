using System;

namespace Memcachier.Management.Http;

/// <summary>Media types of contents (RFC 9110 §8.3.1).</summary>
public static class MediaType
{
    /// <summary>Whether a Content-Type field names <paramref name="type"/>, whatever its parameters.</summary>
    /// <param name="type">TYPE/SUBTYPE</param>
    public static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> type)
    {
        int semicolon = field.IndexOf((byte)';');
        return Ascii.EqualsIgnoreCase(Ascii.Trim(semicolon < 0 ? field : field.Slice(0, semicolon)), type);
    }
}
