using System;

namespace Memcachier.Protocol.Text;

/// <summary>The words of a line: what lies between spaces. A tab is part of a word.</summary>
public ref struct Tokens
{
    private ReadOnlySpan<byte> _rest;

    public Tokens(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>What follows the last token that was taken.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryNext(out ReadOnlySpan<byte> token)
    {
        ReadOnlySpan<byte> rest = _rest;
        int start = 0;
        while (start < rest.Length && rest[start] == ' ') start++;
        rest = rest.Slice(start);
        int end = rest.IndexOf((byte)' ');
        if (end < 0) end = rest.Length;
        token = rest.Slice(0, end);
        _rest = rest.Slice(end);
        return end > 0;
    }
}
