using System;

namespace Memcachier.Protocol.Text;

/// <summary>Keys as they are listed: they may have any bytes.</summary>
public static class KeyText
{
    private const byte Delete = 0x7F;

    private static ReadOnlySpan<byte> HexDigits => "0123456789ABCDEF"u8;

    /// <summary>
    /// Whether a key can stand in a line as it is: it has neither spaces nor control characters. memcached remembers
    /// whether a key came as base64 instead.
    /// </summary>
    public static bool IsPlain(ReadOnlySpan<byte> key)
    {
        for (int i = 0; i < key.Length; i++)
        {
            if (key[i] is <= (byte)' ' or Delete) return false;
        }
        return true;
    }

    /// <summary>
    /// Writes a key with a percent sign and two digits for whatever is neither letter, digit, nor one of -._~ (RFC 3986
    /// §2.3); returns its length.
    /// </summary>
    /// <param name="destination">Three times as long as the key.</param>
    public static int Encode(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        int length = 0;
        for (int i = 0; i < key.Length; i++)
        {
            byte octet = key[i];
            if (IsUnreserved(octet))
            {
                destination[length++] = octet;
                continue;
            }
            destination[length] = (byte)'%';
            destination[length + 1] = HexDigits[octet >> 4];
            destination[length + 2] = HexDigits[octet & 15];
            length += 3;
        }
        return length;
    }

    /// <summary>Writes a key in base64, as the flag b has it; returns its length.</summary>
    public static int EncodeBase64(ReadOnlySpan<byte> key, Span<byte> destination) => Base64.Encode(key, destination);

    private static bool IsUnreserved(byte octet) => octet switch
    {
        >= (byte)'a' and <= (byte)'z' => true,
        >= (byte)'A' and <= (byte)'Z' => true,
        >= (byte)'0' and <= (byte)'9' => true,
        (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~' => true,
        _ => false,
    };
}
