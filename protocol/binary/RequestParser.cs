using System;

namespace Memcachier.Protocol.Binary;

/// <summary>
/// The server's end: from bytes received to a <see cref="Request"/>. Whether a request is one can be told from its
/// header alone; what has to be there to execute it is extras and key, the value may follow.
/// </summary>
public static class RequestParser
{
    /// <summary>Bytes of the longest extras, those of increment and decrement.</summary>
    public const int ExtrasLengthMax = 20;

    /// <summary>No head of a good request is longer.</summary>
    public const int HeadLengthMax = RequestHeader.Size + ExtrasLengthMax + Limits.KeyLengthMax;

    /// <summary>The expiration with which increment and decrement do not make what is missing.</summary>
    public const uint NoCreation = 0xffffffff;

    /// <summary>memcached's limit for -I, which no body may exceed.</summary>
    public const uint BodyLengthMax = 1 << 30;

    private const int UpdateExtrasLength = 8;
    private const int ExptimeLength = 4;

    /// <summary>Hot: once per request. What is wrong with a header; the order is memcached's.</summary>
    public static RequestFault Check(in RequestHeader header)
    {
        if (!header.HasMagic) return RequestFault.BadMagic;
        if (header.KeyLength + header.ExtrasLength > header.BodyLength) return RequestFault.KeyBeyondBody;
        if (header.BodyLength > BodyLengthMax) return RequestFault.BodyTooLong;
        if (header.KeyLength > Limits.KeyLengthMax) return RequestFault.BadLengths;
        if (!Opcodes.IsKnown(header.Opcode)) return RequestFault.UnknownOpcode;
        return HasLengthsOfOpcode(in header) ? RequestFault.None : RequestFault.BadLengths;
    }

    /// <summary>
    /// Takes the head of the first request of <paramref name="input"/>, whose header is good;
    /// <paramref name="consumed"/> is 0 unless Done.
    /// </summary>
    public static ParseStatus ParseHead(
        in RequestHeader header, ReadOnlySpan<byte> input, out Request request, out int consumed)
    {
        request = default;
        consumed = 0;
        int keyStart = RequestHeader.Size + header.ExtrasLength;
        int length = keyStart + header.KeyLength;
        if (input.Length < length) return ParseStatus.NeedMoreData;
        request = new Request
        {
            Opcode = header.Opcode,
            Opaque = header.Opaque,
            Cas = header.Cas,
            ValueLength = (int)(header.BodyLength - (uint)(header.ExtrasLength + header.KeyLength)),
            Extras = input.Slice(RequestHeader.Size, header.ExtrasLength),
            Key = input.Slice(keyStart, header.KeyLength),
        };
        consumed = length;
        return ParseStatus.Done;
    }

    private static bool HasLengthsOfOpcode(in RequestHeader header)
    {
        int key = header.KeyLength;
        int extras = header.ExtrasLength;
        bool hasValue = header.BodyLength > key + extras;
        switch (Opcodes.Loud(header.Opcode))
        {
            case Opcode.Set:
            case Opcode.Add:
            case Opcode.Replace:
                return extras == UpdateExtrasLength && key > 0;
            case Opcode.Append:
            case Opcode.Prepend:
            case Opcode.SaslAuth:
            case Opcode.SaslStep:
                return extras == 0 && key > 0;
            case Opcode.Get:
            case Opcode.GetK:
            case Opcode.Delete:
                return extras == 0 && key > 0 && !hasValue;
            case Opcode.Touch:
            case Opcode.Gat:
            case Opcode.GatK:
                return extras == ExptimeLength && key > 0 && !hasValue;
            case Opcode.Increment:
            case Opcode.Decrement:
                return extras == ExtrasLengthMax && key > 0 && !hasValue;
            case Opcode.Flush:
                return extras is 0 or ExptimeLength && key == 0 && !hasValue;
            case Opcode.Stat:
                return extras == 0 && !hasValue;
            default:
                return header.BodyLength == 0;
        }
    }
}
