using System;

namespace Memcachier.Protocol.Text;

/// <summary>RFC 4648 base64, as lax as memcached is in reading it.</summary>
internal static class Base64
{
    private const int QuantumLength = 4;
    private const int PaddingMax = 2;

    private static ReadOnlySpan<byte> Alphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;

    /// <summary>
    /// Decodes what has whole quanta of four letters. Bytes that are no letters are passed over, and whatever follows
    /// the padding is ignored. Fails if nothing comes of it.
    /// </summary>
    /// <param name="text">What is decoded.</param>
    /// <param name="destination">At least as long as <paramref name="text"/>.</param>
    /// <param name="length">Bytes that were written.</param>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int length)
    {
        length = 0;
        if (CountLetters(text) % QuantumLength != 0) return false;
        int written = 0;
        int letters = 0;
        int padding = 0;
        uint quantum = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int value = ValueOf(text[i]);
            if (value < 0) continue;
            if (text[i] == '=') padding++;
            quantum = (quantum << 6) | (uint)value;
            if (++letters % QuantumLength != 0) continue;
            if (padding > PaddingMax) return false;
            destination[written] = (byte)(quantum >> 16);
            destination[written + 1] = (byte)(quantum >> 8);
            destination[written + 2] = (byte)quantum;
            written += 3 - padding;
            // Padding is the end of it.
            if (padding > 0) break;
        }
        length = written;
        return written > 0;
    }

    /// <summary>Returns the length: four letters for every three bytes begun.</summary>
    public static int Encode(ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        int length = 0;
        for (int i = 0; i < octets.Length; i += 3)
        {
            uint quantum = (uint)octets[i] << 16;
            if (i + 1 < octets.Length) quantum |= (uint)octets[i + 1] << 8;
            if (i + 2 < octets.Length) quantum |= octets[i + 2];
            destination[length] = Alphabet[(int)(quantum >> 18)];
            destination[length + 1] = Alphabet[(int)(quantum >> 12) & 63];
            destination[length + 2] = i + 1 < octets.Length ? Alphabet[(int)(quantum >> 6) & 63] : (byte)'=';
            destination[length + 3] = i + 2 < octets.Length ? Alphabet[(int)quantum & 63] : (byte)'=';
            length += QuantumLength;
        }
        return length;
    }

    private static int CountLetters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (ValueOf(text[i]) >= 0) count++;
        }
        return count;
    }

    /// <summary>The six bits of a letter; 0 for padding, which counts as one; -1 for what is none.</summary>
    private static int ValueOf(byte letter) => letter switch
    {
        >= (byte)'A' and <= (byte)'Z' => letter - 'A',
        >= (byte)'a' and <= (byte)'z' => letter - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => letter - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        (byte)'=' => 0,
        _ => -1,
    };
}
