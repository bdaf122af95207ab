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
        int start = 0;
        while (start < _rest.Length && _rest[start] == ' ') start++;
        token = _rest.Slice(start);
        int end = token.IndexOf((byte)' ');
        if (end >= 0) token = token.Slice(0, end);
        _rest = _rest.Slice(start + token.Length);
        return token.Length > 0;
    }
}
