using System;

namespace Memcachier.Configuration;

/// <summary>
/// Reads user data: settings in a small part of YAML, or in JSON. docs/settings.md has the rules, and what is said of
/// what does not keep them. What cannot be followed is remarked on, and the machine boots without it.
/// </summary>
public static class UserData
{
    /// <summary>What is longer is not read. EC2's is never longer either.</summary>
    public const int LengthMax = 16 * 1024;

    // The longest value is a list of nodes. A key that is longer than any there is means nothing.
    private const int ValueLengthMax = 4096;
    private const int KeyLengthMax = 64;

    /// <summary>
    /// Changes <paramref name="settings"/> as <paramref name="text"/> says. After the last source comes
    /// <see cref="LoginCheck"/>.
    /// </summary>
    /// <param name="text">Any bytes. None, or nothing but space, is nothing said.</param>
    /// <param name="settings">What a higher source has said stays.</param>
    /// <param name="remarks">What there is to say; never a secret.</param>
    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    /// <param name="source">What the values and remarks are said to come from.</param>
    public static void Apply(
        ReadOnlySpan<byte> text, Settings settings, Remarks remarks, long unixSeconds, SettingSource source)
    {
        if (text.Length > LengthMax)
        {
            remarks.Add(RemarkKind.TooLong, source, 0, default);
            return;
        }
        if (text.StartsWith("\uFEFF"u8)) text = text.Slice(3);                       // some editors mark UTF-8 so
        bool isCloudConfig = HasHead(text, "#cloud-config"u8);
        bool hasHead = isCloudConfig || HasHead(text, "#memcachier"u8);
        int start = hasHead ? LengthOfLine(text) : 0;
        int first = start + CountSpace(text.Slice(start));
        if (first == text.Length) return;
        if (!hasHead && IsOtherKind(text.Slice(first), out RemarkKind kind))
        {
            remarks.Add(kind, source, 0, default);
            return;
        }
        var tree = new SettingTree(settings, remarks, unixSeconds, source, isCloudConfig);
        Span<byte> room = stackalloc byte[ValueLengthMax];
        Span<byte> keyRoom = stackalloc byte[KeyLengthMax];
        int line = hasHead ? 2 : 1;
        if (text[first] == '{')
        {
            for (int i = start; i < first; i++)
            {
                if (text[i] == '\n') line++;
            }
            var json = new JsonUserData(text.Slice(first), line, tree, room, keyRoom);
            json.Read();
            return;
        }
        var yaml = new YamlReader(text, start, line, tree, room, keyRoom);
        if (hasHead || yaml.BeginsWith("memcachier"u8)) yaml.Read();
        else remarks.Add(RemarkKind.OtherKind, source, 0, default);
    }

    /// <summary>Takes a host name that stands beside user data. Comes before it, so that user data has the last word.</summary>
    /// <param name="key">What it is called there.</param>
    /// <param name="name">Any bytes; none is nothing said.</param>
    public static void ApplyHostName(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> name, Settings settings, Remarks remarks, SettingSource source)
    {
        if (name.Length == 0 || settings.TrySet(SettingId.HostName, name, source) != SetOutcome.BadValue) return;
        remarks.Add(RemarkKind.BadValue, source, 0, key, name, SettingId.HostName, lacksValue: false);
    }

    /// <summary>Whether the first line is this, and nothing more.</summary>
    private static bool HasHead(ReadOnlySpan<byte> text, ReadOnlySpan<byte> head)
    {
        if (!text.StartsWith(head)) return false;
        ReadOnlySpan<byte> rest = text.Slice(0, LengthOfLine(text)).Slice(head.Length);
        return CountSpace(rest) == rest.Length;
    }

    /// <summary>Bytes of the first line, with its end.</summary>
    private static int LengthOfLine(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        return end < 0 ? text.Length : end + 1;
    }

    private static int CountSpace(ReadOnlySpan<byte> text)
    {
        int count = 0;
        while (count < text.Length && text[count] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') count++;
        return count;
    }

    /// <summary>What others understand, and nobody here.</summary>
    private static bool IsOtherKind(ReadOnlySpan<byte> text, out RemarkKind kind)
    {
        kind = RemarkKind.OtherKind;
        if (text[0] == 0x1F && text.Length > 1 && text[1] == 0x8B) kind = RemarkKind.Compressed;       // RFC 1952 §2.3.1
        else if (text.StartsWith("#!"u8)) kind = RemarkKind.Script;
        else if (BeginsWith(text, "content-type:"u8) || BeginsWith(text, "mime-version:"u8)) kind = RemarkKind.Mime;
        return kind != RemarkKind.OtherKind;
    }

    /// <summary>Whether it begins so, in capitals or not.</summary>
    private static bool BeginsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase)
    {
        if (text.Length < lowercase.Length) return false;
        for (int i = 0; i < lowercase.Length; i++)
        {
            bool isLetter = lowercase[i] is >= (byte)'a' and <= (byte)'z';
            if ((isLetter ? text[i] | 0x20 : text[i]) != lowercase[i]) return false;
        }
        return true;
    }
}
