using System;

namespace Memcachier.Management.Http;

/// <summary>
/// From the octets of a whole head to a <see cref="RequestHead"/>. <see cref="HeadScanner"/> has looked at them before:
/// lines end in CR LF, and there are no other control characters than tabs.
/// </summary>
internal static class HeadParser
{
    private const int VersionLength = 8;

    public static RequestError Parse(ReadOnlySpan<byte> octets, out RequestHead head)
    {
        head = default;
        head.ContentLength = RequestHead.NoLength;
        int lineEnd = octets.IndexOf((byte)'\r');
        RequestError error = ParseRequestLine(octets.Slice(0, lineEnd), ref head);
        if (error != RequestError.None) return error;
        head.FieldOctets = octets.Slice(lineEnd + 2, octets.Length - lineEnd - 4);
        return ParseFields(head.FieldOctets, ref head);
    }

    /// <summary>RFC 9112 §3: method SP target SP version.</summary>
    private static RequestError ParseRequestLine(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> method = space < 0 ? line : line.Slice(0, space);
        if (!Ascii.IsToken(method)) return RequestError.BadMethod;
        bool isMethodKnown = TryMethod(method, out HttpMethod known);
        if (space < 0) return RequestError.BadRequestLine;
        head.Method = known;
        ReadOnlySpan<byte> rest = line.Slice(space + 1);
        int lastSpace = rest.LastIndexOf((byte)' ');
        if (lastSpace <= 0) return RequestError.BadRequestLine;
        ReadOnlySpan<byte> version = rest.Slice(lastSpace + 1);
        if (!IsVersion(version)) return RequestError.BadVersion;
        // A later minor version of HTTP/1 means what HTTP/1.1 does (RFC 9110 §2.5).
        if (version[5] != '1') return RequestError.VersionNotSupported;
        head.IsOldVersion = version[7] == '0';
        ReadOnlySpan<byte> target = rest.Slice(0, lastSpace);
        if (target.Length > HttpLimits.TargetLengthMax) return RequestError.TargetTooLong;
        if (!isMethodKnown) return RequestError.MethodNotImplemented;
        return TargetParser.Parse(target, ref head);
    }

    /// <summary>"HTTP/" with two digits and a dot (RFC 9112 §2.3).</summary>
    public static bool IsVersion(ReadOnlySpan<byte> version) =>
        version.Length == VersionLength && version.StartsWith("HTTP/"u8) && Ascii.IsDigit(version[5])
        && version[6] == '.' && Ascii.IsDigit(version[7]);

    private static bool TryMethod(ReadOnlySpan<byte> name, out HttpMethod method)
    {
        method = HttpMethod.Get;
        if (name.SequenceEqual("GET"u8)) method = HttpMethod.Get;
        else if (name.SequenceEqual("HEAD"u8)) method = HttpMethod.Head;
        else if (name.SequenceEqual("POST"u8)) method = HttpMethod.Post;
        else if (name.SequenceEqual("PUT"u8)) method = HttpMethod.Put;
        else if (name.SequenceEqual("PATCH"u8)) method = HttpMethod.Patch;
        else if (name.SequenceEqual("DELETE"u8)) method = HttpMethod.Delete;
        else if (name.SequenceEqual("OPTIONS"u8)) method = HttpMethod.Options;
        else return false;
        return true;
    }

    private static RequestError ParseFields(ReadOnlySpan<byte> fields, ref RequestHead head)
    {
        var semantics = new HeadSemantics();
        RequestError error = ParseFields(fields, ref semantics, ref head);
        return error == RequestError.None ? semantics.Conclude(ref head) : error;
    }

    /// <summary>Reads the field lines one after the other, and shows each to <paramref name="semantics"/>.</summary>
    public static RequestError ParseFields(
        ReadOnlySpan<byte> fields, scoped ref HeadSemantics semantics, scoped ref RequestHead head)
    {
        int count = 0;
        while (fields.Length > 0)
        {
            if (++count > HttpLimits.FieldCountMax) return RequestError.TooManyFields;
            int end = fields.IndexOf((byte)'\r');
            ReadOnlySpan<byte> line = fields.Slice(0, end);
            fields = fields.Slice(end + 2);
            if (line[0] is (byte)' ' or (byte)'\t') return RequestError.FoldedField;
            int colon = line.IndexOf((byte)':');
            if (colon < 0 || !Ascii.IsToken(line.Slice(0, colon))) return RequestError.BadFieldName;
            RequestError error = semantics.See(line.Slice(0, colon), line.Slice(colon + 1), ref head);
            if (error != RequestError.None) return error;
        }
        return RequestError.None;
    }
}
