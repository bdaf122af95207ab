using System;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest;

/// <summary>
/// The fixed hash of a key: SipHash-2-4 of its text under the key of the authors' test vectors, the bytes 0 to 15. It
/// decides the key's size, its values' bytes and its connection, and stands for the key in tables: among ten million
/// keys, two share a hash with probability 3e-6.
/// </summary>
public static class KeyHash
{
    private static readonly SipHash Hash =
        new([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);

    /// <param name="key">As the server sees it, <c>k:</c> included.</param>
    public static ulong Of(ReadOnlySpan<byte> key) => Hash.Hash(key);
}
