using System;

namespace Memcachier.Management.Http;

/// <summary>Classes of octets and comparisons of the grammars in RFC 9110 and RFC 3986.</summary>
internal static class Ascii
{
    private const byte TokenBit = 1;
    private const byte PathBit = 2;
    private const byte HostBit = 4;

    // One octet's classes: 1 tchar (RFC 9110 §5.6.2); 2 pchar but for "%", and "/" (RFC 3986 §3.3); 4 letters, digits,
    // "-", ".", "_": what names of hosts really have.
    private static ReadOnlySpan<byte> Classes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        // sp ! " # $ % & '  ( ) * + , - . /
        0, 3, 0, 1, 3, 1, 3, 3, 2, 2, 3, 3, 2, 7, 7, 2,
        // 0 to 9, : ; < = > ?
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 2, 2, 0, 2, 0, 0,
        // @ A to O
        2, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        // P to Z, [ \ ] ^ _
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 0, 0, 1, 7,
        // ` a to o
        1, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        // p to z, { | } ~ del
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0, 1, 0, 3, 0,
    ];

    public static bool IsToken(byte octet) => octet < 0x80 && (Classes[octet] & TokenBit) != 0;

    public static bool IsPath(byte octet) => octet < 0x80 && (Classes[octet] & PathBit) != 0;

    public static bool IsHost(byte octet) => octet < 0x80 && (Classes[octet] & HostBit) != 0;

    public static bool IsDigit(byte octet) => (uint)octet - '0' <= 9;

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    public static int HexValue(byte octet)
    {
        if (IsDigit(octet)) return octet - '0';
        int letter = octet | 0x20;
        return letter is >= 'a' and <= 'f' ? letter - 'a' + 10 : -1;
    }

    public static byte Lower(byte octet) => (uint)octet - 'A' <= 'Z' - 'A' ? (byte)(octet | 0x20) : octet;

    /// <summary>True if the text is one or more octets of a token.</summary>
    public static bool IsToken(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!IsToken(text[i])) return false;
        }
        return text.Length > 0;
    }

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (Lower(left[i]) != Lower(right[i])) return false;
        }
        return true;
    }

    public static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> start) =>
        text.Length >= start.Length && EqualsIgnoreCase(text.Slice(0, start.Length), start);

    /// <summary>Without spaces and tabs at both ends: OWS (RFC 9110 §5.6.3).</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && text[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && text[end - 1] is (byte)' ' or (byte)'\t') end--;
        return text.Slice(start, end - start);
    }

    /// <summary>Takes the next element of a comma-separated list without the space around it; false at the end.</summary>
    public static bool TryNextElement(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (list.Length == 0) return false;
        bool isQuoted = false;
        int end = 0;
        while (end < list.Length && (isQuoted || list[end] != ','))
        {
            if (list[end] == '"') isQuoted = !isQuoted;
            else if (isQuoted && list[end] == '\\') end++;
            end++;
        }
        end = Math.Min(end, list.Length);
        element = Trim(list.Slice(0, end));
        list = end < list.Length ? list.Slice(end + 1) : default;
        return true;
    }
}
