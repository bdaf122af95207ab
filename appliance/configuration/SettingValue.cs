using System;
using System.Numerics;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Configuration;

/// <summary>Reads values as their setting's row says.</summary>
internal static class SettingValue
{
    private const long Kibibyte = 1024;
    private const long Mebibyte = 1024 * Kibibyte;
    private const long Gibibyte = 1024 * Mebibyte;

    /// <summary>Fails for what is no value of a numeric setting, and outside its range.</summary>
    public static bool TryParse(in Setting setting, ReadOnlySpan<byte> text, out long value)
    {
        switch (setting.Type)
        {
            case SettingType.Flag:
                return TryParseFlag(text, out value);
            case SettingType.Number:
                value = 0;
                if (!AsciiDecimal.TryParse(text, out ulong number) || number > long.MaxValue) return false;
                value = (long)number;
                return value >= setting.Min && value <= setting.Max;
            case SettingType.Size:
            case SettingType.PowerOfTwo:
                if (!TryParseSize(text, out value)) return false;
                if (setting.Type == SettingType.PowerOfTwo && !BitOperations.IsPow2(value)) return false;
                return value >= setting.Min && value <= setting.Max;
            case SettingType.Choice:
                return TryParseChoice(setting.Choices, text, out value);
            default:
                Invariant.Holds(setting.Type == SettingType.Character);
                value = text.Length == 1 ? text[0] : 0;
                return value != 0;
        }
    }

    /// <summary>ADDRESS/PREFIX[,gw=ADDRESS][,dns=ADDRESS]</summary>
    public static bool TryParseAddress(
        ReadOnlySpan<byte> text, out IpAddress address, out int prefixLength, out IpAddress gateway)
    {
        prefixLength = 0;
        gateway = IpAddress.FromV4(0);
        ReadOnlySpan<byte> first = TakeUntil(ref text, (byte)',');
        ReadOnlySpan<byte> dotted = TakeUntil(ref first, (byte)'/');
        if (!TryParseAddress(dotted, out address)) return false;
        if (!AsciiDecimal.TryParse(first, out ulong bits) || bits is < 1 or > 32) return false;
        prefixLength = (int)bits;
        while (text.Length > 0)
        {
            ReadOnlySpan<byte> part = TakeUntil(ref text, (byte)',');
            if (part.StartsWith("gw="u8))
            {
                if (!TryParseAddress(part.Slice(3), out gateway)) return false;
            }
            else if (!part.StartsWith("dns="u8) || !TryParseAddress(part.Slice(4), out _))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Letters, digits, hyphens and dots.</summary>
    public static bool IsHostName(ReadOnlySpan<byte> text, int lengthMax)
    {
        if (text.Length == 0 || text.Length > lengthMax) return false;
        for (int i = 0; i < text.Length; i++)
        {
            byte letter = (byte)(text[i] | 0x20);
            bool isAllowed = letter is >= (byte)'a' and <= (byte)'z'
                || text[i] is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.';
            if (!isAllowed) return false;
        }
        return true;
    }

    /// <summary>Host names with commas between them; as many bytes altogether.</summary>
    public static bool AreHostNames(ReadOnlySpan<byte> text, int lengthMax)
    {
        if (text.Length > lengthMax) return false;
        bool isLast = false;
        while (!isLast)
        {
            isLast = text.IndexOf((byte)',') < 0;
            ReadOnlySpan<byte> name = TakeUntil(ref text, (byte)',');
            if (!IsHostName(name, HostNameLengthMax)) return false;
        }
        return true;
    }

    public static bool IsToken(ReadOnlySpan<byte> text)
    {
        if (text.Length is < Settings.ApiTokenLengthMin or > Settings.ApiTokenLengthMax) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is <= (byte)' ' or > (byte)'~') return false;
        }
        return true;
    }

    /// <summary>
    /// Gives what stands before <paramref name="separator"/> and leaves what follows it: nothing if it is not there.
    /// </summary>
    public static ReadOnlySpan<byte> TakeUntil(scoped ref ReadOnlySpan<byte> text, byte separator)
    {
        int end = text.IndexOf(separator);
        ReadOnlySpan<byte> part = end < 0 ? text : text.Slice(0, end);
        text = end < 0 ? default : text.Slice(end + 1);
        return part;
    }

    private const int HostNameLengthMax = 253;      // RFC 1035 §2.3.4, without the root's dot.

    private static bool TryParseFlag(ReadOnlySpan<byte> text, out long value)
    {
        bool isTrue = text.SequenceEqual("true"u8) || text.SequenceEqual("yes"u8) || text.SequenceEqual("on"u8);
        value = isTrue ? 1 : 0;
        return isTrue || text.SequenceEqual("false"u8) || text.SequenceEqual("no"u8) || text.SequenceEqual("off"u8);
    }

    private static bool TryParseChoice(ReadOnlySpan<byte> choices, ReadOnlySpan<byte> text, out long value)
    {
        value = 0;
        while (choices.Length > 0)
        {
            if (text.SequenceEqual(TakeUntil(ref choices, (byte)','))) return true;
            value++;
        }
        return false;
    }

    private static bool TryParseAddress(ReadOnlySpan<byte> text, out IpAddress address)
    {
        uint bits = 0;
        for (int i = 0; i < 4; i++)
        {
            ReadOnlySpan<byte> part = i < 3 ? TakeUntil(ref text, (byte)'.') : text;
            if (!AsciiDecimal.TryParse(part, out ulong octet) || octet > byte.MaxValue)
            {
                address = default;
                return false;
            }
            bits = bits << 8 | (uint)octet;
        }
        address = IpAddress.FromV4(bits);
        return bits != 0;
    }

    /// <summary>A number of bytes with memcached's suffixes k and m, and g.</summary>
    private static bool TryParseSize(ReadOnlySpan<byte> text, out long size)
    {
        size = 0;
        if (text.Length == 0) return false;
        byte suffix = (byte)(text[text.Length - 1] | 0x20);
        long unit = suffix == 'k' ? Kibibyte : suffix == 'm' ? Mebibyte : suffix == 'g' ? Gibibyte : 1;
        if (unit != 1) text = text.Slice(0, text.Length - 1);
        if (!AsciiDecimal.TryParse(text, out ulong number) || number > 1 << 30) return false;
        size = (long)number * unit;
        return true;
    }
}
