using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Management.Json;

/// <summary>
/// Reads JSON (RFC 8259) where it lies, a token at a time, and nothing that is not: no comments, no byte order mark, no
/// comma too many. Strings have to be UTF-8 without halves of surrogate pairs (RFC 7493 §2.1). That names in an object
/// are different is for whoever reads to see.
/// </summary>
/// <remarks>After <see cref="JsonToken.Malformed"/> and <see cref="JsonToken.End"/> each further token is the same.</remarks>
public ref partial struct JsonReader
{
    /// <summary>Objects and arrays in each other, at most.</summary>
    public const int DepthLimit = 64;

    private readonly ReadOnlySpan<byte> _text;
    private readonly int _depthMax;
    private Place _place;
    private ulong _objects;
    private int _depth;
    private int _position;

    /// <param name="text">All of it.</param>
    /// <param name="depthMax">Objects and arrays in each other, 0 to <see cref="DepthLimit"/>.</param>
    public JsonReader(ReadOnlySpan<byte> text, int depthMax = DepthLimit)
    {
        Invariant.Holds(depthMax is >= 0 and <= DepthLimit);
        _text = text;
        _depthMax = depthMax;
    }

    private enum Place : byte
    {
        Start,
        FirstElement,
        Element,
        FirstName,
        Name,
        Value,
        Behind,
        Over,
    }

    /// <summary>The last token.</summary>
    public JsonToken Token { get; private set; }

    /// <summary>Where the last token begins; if the text is malformed, where that shows. In bytes from 0.</summary>
    public int Offset { get; private set; }

    /// <summary>What is wrong, once the text has turned out to be malformed.</summary>
    public JsonError Error { get; private set; }

    /// <summary>How many objects and arrays are open.</summary>
    public readonly int Depth => _depth;

    /// <summary>
    /// A name or string as it is written, without its quotes, or a number. A view of the text; see
    /// <see cref="TryText"/> for one with escapes.
    /// </summary>
    public ReadOnlySpan<byte> Raw { get; private set; }

    /// <summary>There are escapes in <see cref="Raw"/>.</summary>
    public bool HasEscapes { get; private set; }

    /// <summary>Reads the next token.</summary>
    public JsonToken Read()
    {
        if (Token is JsonToken.Malformed or JsonToken.End) return Token;
        SkipSpace();
        Offset = _position;
        Raw = default;
        HasEscapes = false;
        switch (_place)
        {
            case Place.Over:
                return _position == _text.Length ? Token = JsonToken.End : Fail(JsonError.Surplus);
            case Place.Behind:
                return ReadBehind();
            case Place.FirstName when Next == '}':
            case Place.FirstElement when Next == ']':
                return EndContainer();
            case Place.FirstName or Place.Name:
                return ReadName();
            default:
                return ReadValue();
        }
    }

    /// <summary>
    /// Passes over the value whose first token was just read; after a name, over its value. False if that is malformed.
    /// </summary>
    public bool TrySkip()
    {
        if (Token == JsonToken.Name) _ = Read();
        if (Token is JsonToken.BeginObject or JsonToken.BeginArray)
        {
            int outside = _depth - 1;
            while (_depth > outside && Token != JsonToken.Malformed) _ = Read();
        }
        return Token != JsonToken.Malformed;
    }

    /// <summary>The next byte; -1 at the end of the text.</summary>
    private readonly int Next => _position < _text.Length ? _text[_position] : -1;

    private void SkipSpace()
    {
        while (Next is ' ' or '\t' or '\n' or '\r') _position++;
    }

    private JsonToken ReadBehind()
    {
        bool isObject = (_objects & 1) != 0;
        if (Next == (isObject ? '}' : ']')) return EndContainer();
        if (Next != ',') return Fail(Next < 0 ? JsonError.EndsEarly : JsonError.NoSeparator);
        _position++;
        SkipSpace();
        Offset = _position;
        return isObject ? ReadName() : ReadValue();
    }

    private JsonToken ReadName()
    {
        if (Next != '"') return Fail(Next < 0 ? JsonError.EndsEarly : JsonError.NoName);
        if (!TryString()) return JsonToken.Malformed;
        SkipSpace();
        if (Next != ':')
        {
            Offset = _position;
            return Fail(Next < 0 ? JsonError.EndsEarly : JsonError.NoColon);
        }
        _position++;
        _place = Place.Value;
        return Token = JsonToken.Name;
    }

    private JsonToken ReadValue()
    {
        switch (Next)
        {
            case '{':
                return BeginContainer(isObject: true);
            case '[':
                return BeginContainer(isObject: false);
            case '"':
                return TryString() ? Done(JsonToken.String) : JsonToken.Malformed;
            case '-' or (>= '0' and <= '9'):
                return TryNumber() ? Done(JsonToken.Number) : JsonToken.Malformed;
            case 't':
                return ReadLiteral("true"u8, JsonToken.True);
            case 'f':
                return ReadLiteral("false"u8, JsonToken.False);
            case 'n':
                return ReadLiteral("null"u8, JsonToken.Null);
            default:
                return Fail(Next < 0 ? JsonError.EndsEarly : JsonError.NoValue);
        }
    }

    private JsonToken BeginContainer(bool isObject)
    {
        if (_depth == _depthMax) return Fail(JsonError.TooDeep);
        _depth++;
        _objects = _objects << 1 | (isObject ? 1UL : 0);
        _position++;
        _place = isObject ? Place.FirstName : Place.FirstElement;
        return Token = isObject ? JsonToken.BeginObject : JsonToken.BeginArray;
    }

    private JsonToken EndContainer()
    {
        bool isObject = (_objects & 1) != 0;
        _position++;
        _depth--;
        _objects >>= 1;
        return Done(isObject ? JsonToken.EndObject : JsonToken.EndArray);
    }

    private JsonToken Done(JsonToken token)
    {
        _place = _depth == 0 ? Place.Over : Place.Behind;
        return Token = token;
    }

    private JsonToken ReadLiteral(ReadOnlySpan<byte> name, JsonToken token)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (Next < 0) return FailHere(JsonError.EndsEarly);
            if (Next != name[i]) return Fail(JsonError.NoValue);
            _position++;
        }
        return Done(token);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private JsonToken Fail(JsonError error)
    {
        Error = error;
        return Token = JsonToken.Malformed;
    }

    private JsonToken FailHere(JsonError error)
    {
        Offset = _position;
        return Fail(error);
    }
}
