using System;

namespace Memcachier.Kernel.Storage;

/// <summary>
/// What a NoCloud <c>meta-data</c> file says about the machine: of YAML just enough for what people and tools write, lines
/// of a key, a colon and a value, quoted or not, or the same as an object of JSON. What is not understood is passed over.
/// </summary>
public readonly ref struct NoCloudMetaData
{
    private NoCloudMetaData(ReadOnlySpan<byte> instanceId, ReadOnlySpan<byte> localHostname)
    {
        InstanceId = instanceId;
        LocalHostname = localHostname;
    }

    /// <summary>Changes when the machine is to be taken for a new one; empty if it is not there.</summary>
    public ReadOnlySpan<byte> InstanceId { get; }

    /// <summary>The machine's name; empty if it is not there. Any bytes: whoever uses it checks it.</summary>
    public ReadOnlySpan<byte> LocalHostname { get; }

    public static NoCloudMetaData Parse(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> instanceId = default, localHostname = default;
        bool isObject = IsObject(text);
        while (text.Length > 0)
        {
            int end = EndOfField(text, isObject);
            ReadOnlySpan<byte> field = text.Slice(0, end);
            text = text.Slice(Math.Min(end + 1, text.Length));
            // In lines, what is indented belongs to the key above it.
            if (!isObject && field.Length > 0 && IsSpace(field[0])) continue;
            int colon = field.IndexOf((byte)':');
            if (colon < 0) continue;
            ReadOnlySpan<byte> key = Unquote(field.Slice(0, colon));
            ReadOnlySpan<byte> value = Unquote(field.Slice(colon + 1));
            // As in YAML, the last one counts.
            if (key.SequenceEqual("instance-id"u8)) instanceId = value;
            else if (key.SequenceEqual("local-hostname"u8)) localHostname = value;
        }
        return new NoCloudMetaData(instanceId, localHostname);
    }

    private static bool IsObject(ReadOnlySpan<byte> text)
    {
        int start = 0;
        while (start < text.Length && IsSpace(text[start])) start++;
        return start < text.Length && text[start] == '{';
    }

    private static int EndOfField(ReadOnlySpan<byte> text, bool isObject)
    {
        int end = 0;
        while (end < text.Length && text[end] != '\n' && !(isObject && text[end] is (byte)',' or (byte)'{')) end++;
        return end;
    }

    /// <summary>Without spaces, a comment, the end of an object, and quotes. Escapes stay as they are.</summary>
    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        if (text.Length > 0 && text[0] is (byte)'"' or (byte)'\'')
        {
            int end = text.Slice(1).IndexOf(text[0]);
            return end < 0 ? default : text.Slice(1, end);
        }
        int comment = text.IndexOf(" #"u8);
        if (comment >= 0) text = text.Slice(0, comment);
        if (text.Length > 0 && text[0] == '#') return default;
        if (text.Length > 0 && text[text.Length - 1] == '}') text = text.Slice(0, text.Length - 1);
        return Trim(text);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[0])) text = text.Slice(1);
        while (text.Length > 0 && IsSpace(text[text.Length - 1])) text = text.Slice(0, text.Length - 1);
        return text;
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
