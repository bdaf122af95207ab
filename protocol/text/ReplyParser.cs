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
        if (line.StartsWith("VA "u8)) return ParseMetaValue(input, line, end + 1, out reply, out consumed);
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
        if (!isGood) return ParseStatus.Malformed;
        ParseStatus status = ParseData(input, valueStart, length, out ReadOnlySpan<byte> value);
        if (status != ParseStatus.Done) return status;
        reply = new Reply { Kind = ReplyKind.Value, Key = key, Value = value, Flags = flags, Cas = cas };
        consumed = valueStart + length + Limits.LineEndLength;
        return ParseStatus.Done;
    }

    /// <summary>VA bytes flags..., then as many bytes and CR LF.</summary>
    private static ParseStatus ParseMetaValue(
        ReadOnlySpan<byte> input, ReadOnlySpan<byte> line, int valueStart, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        var tokens = new Tokens(line.Slice("VA "u8.Length));
        _ = tokens.TryNext(out ReadOnlySpan<byte> lengthToken);
        if (!Number.TryParseSigned32(lengthToken, out int length)) return ParseStatus.Malformed;
        ParseStatus status = ParseData(input, valueStart, length, out ReadOnlySpan<byte> value);
        if (status != ParseStatus.Done) return status;
        ReadOnlySpan<byte> flags = tokens.Rest.Length > 0 ? tokens.Rest.Slice(1) : default;
        reply = new Reply { Kind = ReplyKind.MetaValue, Value = value, MetaFlags = flags };
        consumed = valueStart + length + Limits.LineEndLength;
        return ParseStatus.Done;
    }

    private static ParseStatus ParseData(
        ReadOnlySpan<byte> input, int start, int length, out ReadOnlySpan<byte> data)
    {
        data = default;
        if (length is < 0 or > Limits.ValueLengthMax) return ParseStatus.Malformed;
        if (input.Length - start < (long)length + Limits.LineEndLength) return ParseStatus.NeedMoreData;
        ReadOnlySpan<byte> end = input.Slice(start + length, Limits.LineEndLength);
        if (!end.SequenceEqual("\r\n"u8)) return ParseStatus.Malformed;
        data = input.Slice(start, length);
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
            case >= ReplyKind.MetaDone and <= ReplyKind.MetaDebug:
                reply = new Reply { Kind = kind, MetaFlags = rest };
                return true;
            default:
                reply = new Reply { Kind = kind, Value = rest };
                return true;
        }
    }

    private static ReplyKind KindOf(ReadOnlySpan<byte> word) => word.Length switch
    {
        2 when word.SequenceEqual("OK"u8) => ReplyKind.Ok,
        2 when word.SequenceEqual("HD"u8) => ReplyKind.MetaDone,
        2 when word.SequenceEqual("EN"u8) => ReplyKind.MetaMiss,
        2 when word.SequenceEqual("NF"u8) => ReplyKind.MetaNotFound,
        2 when word.SequenceEqual("NS"u8) => ReplyKind.MetaNotStored,
        2 when word.SequenceEqual("EX"u8) => ReplyKind.MetaExists,
        2 when word.SequenceEqual("MN"u8) => ReplyKind.MetaNoop,
        2 when word.SequenceEqual("ME"u8) => ReplyKind.MetaDebug,
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
