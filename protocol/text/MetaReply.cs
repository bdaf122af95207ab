using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>Writes the answer to a meta command: two letters, then whatever was asked for, in that order.</summary>
public ref struct MetaReply
{
    /// <summary>No answer is longer, its line's end and the number of ma included.</summary>
    public const int LengthMax = 384;

    // "VA 1234567890", the flags c, f, h, k, l, O, s and t, W, X and Z, CR LF. The base64 of a key is no longer than
    // the longest key, but there is a " b" more.
    private const int LongestLine =
        13 + 22 + 12 + 3 + 2 + Limits.KeyLengthMax + 2 + 12 + 2 + MetaRequestParser.OpaqueLengthMax + 12 + 12 + 6 + 2;

    // The longest line fits, or this constant would be negative and not compile.
    private const uint LineSlack = LengthMax - LongestLine;

    private readonly Span<byte> _place;
    private int _length;

    /// <param name="place">At least <see cref="LengthMax"/> bytes.</param>
    /// <param name="code">What it begins with.</param>
    public MetaReply(Span<byte> place, scoped ReadOnlySpan<byte> code)
    {
        _place = place;
        _length = 0;
        Put(code);
    }

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<byte> Octets => _place.Slice(0, _length);

    /// <summary>A flag that says all by being there.</summary>
    public void Add(char letter)
    {
        _place[_length] = (byte)' ';
        _place[_length + 1] = (byte)letter;
        _length += 2;
    }

    public void Add(char letter, ulong number)
    {
        Add(letter);
        PutNumber(number);
    }

    /// <summary>A flag as it was sent.</summary>
    public void AddToken(scoped ReadOnlySpan<byte> token)
    {
        Put(" "u8);
        Put(token);
    }

    /// <summary>t: the time left, -1 for ever.</summary>
    public void AddSeconds(char letter, long seconds)
    {
        Add(letter);
        PutSeconds(seconds);
    }

    /// <summary>k, and b if the key is a binary one.</summary>
    public void AddKey(scoped ReadOnlySpan<byte> key, bool isBinary)
    {
        Add('k');
        PutKey(key, isBinary);
        if (isBinary) Add('b');
    }

    public void Put(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_place.Slice(_length));
        _length += text.Length;
    }

    public void PutKey(scoped ReadOnlySpan<byte> key, bool isBinary)
    {
        if (isBinary) _length += Base64.Encode(key, _place.Slice(_length));
        else Put(key);
    }

    public void PutSeconds(long seconds)
    {
        if (seconds < 0) Put("-1"u8);
        else PutNumber((ulong)seconds);
    }

    public void PutNumber(ulong number) => _length += AsciiDecimal.Format(number, _place.Slice(_length));

    public void EndLine() => Put("\r\n"u8);
}
