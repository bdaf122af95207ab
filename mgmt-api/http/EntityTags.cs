using System;

namespace Memcachier.Management.Http;

/// <summary>Lists of entity tags (RFC 9110 §8.8.3).</summary>
public static class EntityTags
{
    /// <summary>
    /// Whether <paramref name="list"/> is an asterisk or has <paramref name="entityTag"/>, compared weakly. What is no
    /// entity tag is passed over.
    /// </summary>
    /// <param name="entityTag">With its quotes.</param>
    public static bool Contains(ReadOnlySpan<byte> list, ReadOnlySpan<byte> entityTag)
    {
        list = Ascii.Trim(list);
        if (list.Length == 1 && list[0] == '*') return true;
        ReadOnlySpan<byte> opaque = WithoutWeakness(entityTag);
        while (list.Length > 0)
        {
            int start = list.IndexOf((byte)'"');
            if (start < 0) return false;
            int length = list.Slice(start + 1).IndexOf((byte)'"') + 2;
            if (length < 2) return false;
            if (list.Slice(start, length).SequenceEqual(opaque)) return true;
            list = list.Slice(start + length);
        }
        return false;
    }

    private static ReadOnlySpan<byte> WithoutWeakness(ReadOnlySpan<byte> entityTag) =>
        entityTag.StartsWith("W/"u8) ? entityTag.Slice(2) : entityTag;
}
