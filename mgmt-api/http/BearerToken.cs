using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Management.Http;

/// <summary>Authorization: Bearer TOKEN (RFC 6750 §2.1).</summary>
public static class BearerToken
{
    /// <summary>Longer tokens never match; in bytes.</summary>
    public const int LengthMax = 128;

    /// <summary>
    /// Whether the value of an Authorization field has <paramref name="token"/>. The time this takes depends on the length
    /// of the value only, not on how much of the token is right.
    /// </summary>
    /// <param name="token">1 to <see cref="LengthMax"/> bytes; an empty one never matches.</param>
    public static bool IsRight(ReadOnlySpan<byte> authorization, ReadOnlySpan<byte> token)
    {
        const int SchemeLength = 7;
        if (authorization.Length <= SchemeLength) return false;
        if (!Ascii.EqualsIgnoreCase(authorization.Slice(0, SchemeLength), "bearer "u8)) return false;
        return AreEqual(Ascii.Trim(authorization.Slice(SchemeLength)), token);
    }

    // Not optimized, so that no compiler finds a reason to leave early.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static bool AreEqual(ReadOnlySpan<byte> given, ReadOnlySpan<byte> token)
    {
        if (given.Length > LengthMax || token.Length is 0 or > LengthMax) return false;
        Span<byte> left = stackalloc byte[LengthMax];
        Span<byte> right = stackalloc byte[LengthMax];
        left.Clear();
        right.Clear();
        given.CopyTo(left);
        token.CopyTo(right);
        int difference = given.Length ^ token.Length;
        for (int i = 0; i < LengthMax; i++) difference |= left[i] ^ right[i];
        return difference == 0;
    }
}
