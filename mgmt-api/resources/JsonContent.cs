using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>What is true of every content that is read: it is JSON from its first byte to its last.</summary>
internal static class JsonContent
{
    /// <summary>Fails if it is no JSON.</summary>
    /// <param name="detail">What is wrong then, and where, for people.</param>
    public static bool TryCheck(ReadOnlySpan<byte> body, scoped ref LineBuilder detail)
    {
        var reader = new JsonReader(body);
        while (reader.Read() is not (JsonToken.End or JsonToken.Malformed))
        {
        }
        if (reader.Token == JsonToken.End) return true;
        detail.Append("The content is not JSON: "u8);
        detail.Append(JsonErrors.DetailOf(reader.Error));
        detail.Append(", at offset "u8);
        detail.AppendDecimal((ulong)reader.Offset);
        detail.Append("."u8);
        return false;
    }
}
