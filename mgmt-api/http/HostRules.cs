using System;

namespace Memcachier.Management.Http;

/// <summary>
/// Guards against pages of other sites in the browser of somebody who can reach the appliance: a name of theirs that
/// resolves to its address (DNS rebinding), and requests that they send on their own (cross-site request forgery).
/// </summary>
public static class HostRules
{
    /// <summary>
    /// Whether the authority of a request is one that no stranger can own: an IP address, localhost, or one of ours.
    /// </summary>
    /// <param name="authority">As <see cref="RequestHead.Authority"/> has it; empty (HTTP/1.0) is allowed.</param>
    /// <param name="names">Names of ours, with commas between; without ports.</param>
    public static bool IsAllowed(ReadOnlySpan<byte> authority, ReadOnlySpan<byte> names)
    {
        if (authority.Length == 0) return true;
        int length = TargetParser.HostLength(authority);
        if (length <= 0) return false;
        if (authority[0] == '[') return true;
        ReadOnlySpan<byte> host = authority.Slice(0, length);
        // The dot of a fully qualified name.
        if (host.EndsWith("."u8)) host = host.Slice(0, host.Length - 1);
        if (IsIpv4(host) || Ascii.EqualsIgnoreCase(host, "localhost"u8)) return true;
        while (Ascii.TryNextElement(ref names, out ReadOnlySpan<byte> name))
        {
            if (name.Length > 0 && Ascii.EqualsIgnoreCase(host, name)) return true;
        }
        return false;
    }

    /// <summary>
    /// Whether an Origin field (RFC 6454 §7) names the server that <paramref name="authority"/> does. A request without
    /// the field does not come from a page of another site that could read or change anything: do not ask then.
    /// </summary>
    public static bool IsSameOrigin(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> authority)
    {
        ReadOnlySpan<byte> standardPort;
        if (Ascii.StartsWithIgnoreCase(origin, "http://"u8))
        {
            origin = origin.Slice("http://"u8.Length);
            standardPort = "80"u8;
        }
        else if (Ascii.StartsWithIgnoreCase(origin, "https://"u8))
        {
            origin = origin.Slice("https://"u8.Length);
            standardPort = "443"u8;
        }
        else
        {
            return false;
        }
        if (!TargetParser.IsAuthority(origin) || !TargetParser.IsAuthority(authority)) return false;
        ReadOnlySpan<byte> originHost = Split(origin, standardPort, out ReadOnlySpan<byte> originPort);
        ReadOnlySpan<byte> host = Split(authority, standardPort, out ReadOnlySpan<byte> port);
        return Ascii.EqualsIgnoreCase(originHost, host) && originPort.SequenceEqual(port);
    }

    private static ReadOnlySpan<byte> Split(
        ReadOnlySpan<byte> authority, ReadOnlySpan<byte> standardPort, out ReadOnlySpan<byte> port)
    {
        int length = TargetParser.HostLength(authority);
        port = length + 1 < authority.Length ? authority.Slice(length + 1) : standardPort;
        return authority.Slice(0, length);
    }

    private static bool IsIpv4(ReadOnlySpan<byte> host)
    {
        int parts = 0;
        while (true)
        {
            int dot = host.IndexOf((byte)'.');
            ReadOnlySpan<byte> part = dot < 0 ? host : host.Slice(0, dot);
            if (part.Length is 0 or > 3) return false;
            int value = 0;
            for (int i = 0; i < part.Length; i++)
            {
                if (!Ascii.IsDigit(part[i])) return false;
                value = (value * 10) + part[i] - '0';
            }
            if (value > 255) return false;
            parts++;
            if (dot < 0) return parts == 4;
            host = host.Slice(dot + 1);
        }
    }
}
