using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Text;

/// <summary>The client's end: from bytes received to a <see cref="Reply"/>, one line or one value at a time.</summary>
public static class ReplyParser
{
    /// <summary>
    /// Takes the first answer of <paramref name="input"/>; <paramref name="consumed"/> is 0 unless Done.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> input, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        int end = input.IndexOf((byte)'\n');
        if (end < 0) return ParseStatus.NeedMoreData;
        if (end < 2 || input[end - 1] != '\r') return ParseStatus.Malformed;
        ReadOnlySpan<byte> line = input.Slice(0, end - 1);
        if (line.StartsWith("VALUE "u8)) return ParseValue(input, line, end + 1, out reply, out consumed);
        if (!TryParseLine(line, out reply)) return ParseStatus.Malformed;
        consumed = end + 1;
        return ParseStatus.Done;
    }

    /// <summary>VALUE key flags bytes [cas], then as many bytes and CR LF.</summary>
    private static ParseStatus ParseValue(
        ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int valueStart, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        var tokens = new Tokens(line.Slice("VALUE "u8.Length));
        _ = tokens.TryNext(out ReadOnlySpan<byte> key);
        _ = tokens.TryNext(out ReadOnlySpan<byte> flagsToken);
        _ = tokens.TryNext(out ReadOnlySpan<byte> lengthToken);
        bool isGood = Number.TryParse32(flagsToken, out uint flags);
        isGood &= Number.TryParseSigned32(lengthToken, out int length);
        ulong cas = 0;
        if (tokens.TryNext(out ReadOnlySpan<byte> casToken)) isGood &= Number.TryParse64(casToken, out cas);
        if (!isGood || length is < 0 or > Limits.ValueLengthMax) return ParseStatus.Malformed;

        if (input.Length - valueStart < (long)length + Limits.LineEndLength) return ParseStatus.NeedMoreData;
        ReadOnlySpan<byte> end = input.Slice(valueStart + length, Limits.LineEndLength);
        if (!end.SequenceEqual("\r\n"u8)) return ParseStatus.Malformed;
        reply = new Reply
        {
            Kind = ReplyKind.Value, Key = key, Value = input.Slice(valueStart, length), Flags = flags, Cas = cas,
        };
        consumed = valueStart + length + Limits.LineEndLength;
        return ParseStatus.Done;
    }

    private static bool TryParseLine(ReadOnlySpan<byte> line, out Reply reply)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = space < 0 ? line : line.Slice(0, space);
        ReadOnlySpan<byte> rest = space < 0 ? default : line.Slice(space + 1);
        ReplyKind kind = KindOf(word);
        reply = default;
        switch (kind)
        {
            case ReplyKind.Unknown:
                if (!AsciiDecimal.TryParse(line, out ulong number)) return false;
                reply = new Reply { Kind = ReplyKind.Number, Number = number };
                return true;
            case ReplyKind.Stat:
                int end = rest.IndexOf((byte)' ');
                if (end < 0) return false;
                reply = new Reply { Kind = kind, Key = rest.Slice(0, end), Value = rest.Slice(end + 1) };
                return true;
            default:
                reply = new Reply { Kind = kind, Value = rest };
                return true;
        }
    }

    private static ReplyKind KindOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 when word.SequenceEqual("OK"u8) => ReplyKind.Ok,
        3 when word.SequenceEqual("END"u8) => ReplyKind.End,
        4 when word.SequenceEqual("STAT"u8) => ReplyKind.Stat,
        5 when word.SequenceEqual("ERROR"u8) => ReplyKind.Error,
        5 when word.SequenceEqual("RESET"u8) => ReplyKind.Reset,
        6 when word.SequenceEqual("STORED"u8) => ReplyKind.Stored,
        6 when word.SequenceEqual("EXISTS"u8) => ReplyKind.Exists,
        7 when word.SequenceEqual("DELETED"u8) => ReplyKind.Deleted,
        7 when word.SequenceEqual("TOUCHED"u8) => ReplyKind.Touched,
        7 when word.SequenceEqual("VERSION"u8) => ReplyKind.Version,
        9 when word.SequenceEqual("NOT_FOUND"u8) => ReplyKind.NotFound,
        10 when word.SequenceEqual("NOT_STORED"u8) => ReplyKind.NotStored,
        12 when word.SequenceEqual("CLIENT_ERROR"u8) => ReplyKind.ClientError,
        12 when word.SequenceEqual("SERVER_ERROR"u8) => ReplyKind.ServerError,
        13 when word.SequenceEqual("SERVER_ERROR:"u8) => ReplyKind.ServerError,
        _ => ReplyKind.Unknown,
    };
}
