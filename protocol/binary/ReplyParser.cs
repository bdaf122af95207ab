using System;

namespace Memcachier.Protocol.Binary;

/// <summary>The client's end: from bytes received to a <see cref="Reply"/>.</summary>
public static class ReplyParser
{
    /// <summary>
    /// Takes the first answer of <paramref name="input"/>; <paramref name="consumed"/> is 0 unless Done.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> input, out Reply reply, out int consumed)
    {
        reply = default;
        consumed = 0;
        if (input.Length > 0 && input[0] != ResponseHeader.Magic) return ParseStatus.Malformed;
        if (!ResponseHeader.TryParse(input, out ResponseHeader header)) return ParseStatus.NeedMoreData;
        int valueStart = header.ExtrasLength + header.KeyLength;
        if (valueStart > header.BodyLength || header.BodyLength > Limits.ValueLengthMax) return ParseStatus.Malformed;
        if (input.Length - ResponseHeader.Size < header.BodyLength) return ParseStatus.NeedMoreData;
        ReadOnlySpan<byte> body = input.Slice(ResponseHeader.Size, (int)header.BodyLength);
        reply = new Reply
        {
            Opcode = header.Opcode,
            Status = header.Status,
            Opaque = header.Opaque,
            Cas = header.Cas,
            Extras = body.Slice(0, header.ExtrasLength),
            Key = body.Slice(header.ExtrasLength, header.KeyLength),
            Value = body.Slice(valueStart),
        };
        consumed = ResponseHeader.Size + body.Length;
        return ParseStatus.Done;
    }
}
