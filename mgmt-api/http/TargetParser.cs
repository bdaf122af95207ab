using System;

namespace Memcachier.Management.Http;

/// <summary>Request targets (RFC 9112 §3.2) in the grammar of RFC 3986, and authorities.</summary>
internal static class TargetParser
{
    private const int PortMax = 65535;
    private const int PortDigitsMax = 5;

    /// <summary>Sets path, query and, if the target names one, the authority.</summary>
    public static RequestError Parse(ReadOnlySpan<byte> target, ref RequestHead head)
    {
        if (target[0] == '/') return ParseOrigin(target, ref head);
        if (target.Length == 1 && target[0] == '*') return ParseAsterisk(ref head);
        return ParseAbsolute(target, ref head);
    }

    /// <summary>A host, and a port if there is a colon (RFC 3986 §3.2), but no user.</summary>
    public static bool IsAuthority(ReadOnlySpan<byte> text)
    {
        int hostLength = HostLength(text);
        if (hostLength <= 0) return false;
        return hostLength == text.Length || (text[hostLength] == ':' && IsPort(text.Slice(hostLength + 1)));
    }

    /// <summary>Length of the host at the start of an authority, with its brackets; 0 or less if it is malformed.</summary>
    public static int HostLength(ReadOnlySpan<byte> authority)
    {
        int length = 0;
        if (authority.Length > 0 && authority[0] == '[')
        {
            length = authority.IndexOf((byte)']') + 1;
            for (int i = 1; i < length - 1; i++)
            {
                if (Ascii.HexValue(authority[i]) < 0 && authority[i] is not ((byte)':' or (byte)'.')) return 0;
            }
            return length > 3 ? length : 0;
        }
        while (length < authority.Length && Ascii.IsHost(authority[length])) length++;
        return length;
    }

    private static bool IsPort(ReadOnlySpan<byte> digits)
    {
        if (digits.Length > PortDigitsMax) return false;
        int port = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (!Ascii.IsDigit(digits[i])) return false;
            port = (port * 10) + digits[i] - '0';
        }
        return port <= PortMax;
    }

    private static RequestError ParseOrigin(ReadOnlySpan<byte> target, ref RequestHead head)
    {
        int mark = target.IndexOf((byte)'?');
        head.Path = mark < 0 ? target : target.Slice(0, mark);
        head.Query = mark < 0 ? default : target.Slice(mark + 1);
        return AreOctetsValid(head.Path, isQuery: false) && AreOctetsValid(head.Query, isQuery: true)
            ? RequestError.None
            : RequestError.BadTarget;
    }

    private static RequestError ParseAsterisk(ref RequestHead head)
    {
        head.Path = "*"u8;
        return head.Method == HttpMethod.Options ? RequestError.None : RequestError.BadTarget;
    }

    /// <summary>RFC 9112 §3.2.2: what a proxy is told. The authority is the one that counts then.</summary>
    private static RequestError ParseAbsolute(ReadOnlySpan<byte> target, ref RequestHead head)
    {
        int schemeLength;
        if (Ascii.StartsWithIgnoreCase(target, "http://"u8)) schemeLength = "http://"u8.Length;
        else if (Ascii.StartsWithIgnoreCase(target, "https://"u8)) schemeLength = "https://"u8.Length;
        else return RequestError.BadTarget;
        ReadOnlySpan<byte> rest = target.Slice(schemeLength);
        int length = 0;
        while (length < rest.Length && rest[length] is not ((byte)'/' or (byte)'?')) length++;
        head.Authority = rest.Slice(0, length);
        if (!IsAuthority(head.Authority)) return RequestError.BadTarget;
        rest = rest.Slice(length);
        if (rest.Length > 0 && rest[0] == '/') return ParseOrigin(rest, ref head);
        head.Query = rest.Length > 0 ? rest.Slice(1) : default;
        if (!AreOctetsValid(head.Query, isQuery: true)) return RequestError.BadTarget;
        // RFC 9112 §3.2.4: OPTIONS of a URI without a path is about the server.
        head.Path = head.Method == HttpMethod.Options && rest.Length == 0 ? "*"u8 : "/"u8;
        return RequestError.None;
    }

    private static bool AreOctetsValid(ReadOnlySpan<byte> text, bool isQuery)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (Ascii.IsPath(text[i])) continue;
            if (isQuery && text[i] == '?') continue;
            if (text[i] != '%' || text.Length - i < 3) return false;
            if (Ascii.HexValue(text[i + 1]) < 0 || Ascii.HexValue(text[i + 2]) < 0) return false;
            i += 2;
        }
        return true;
    }
}
