using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Server;

/// <summary>
/// The nodes of a cluster, as Amazon ElastiCache's auto discovery tells them to clients: config get cluster. They
/// can be set again at any time; clients take a list only if its version is higher than the one they have.
/// </summary>
public sealed class ClusterNodes
{
    /// <summary>What <see cref="Text"/> may be long: some forty nodes with long names.</summary>
    public const int TextLengthMax = 4096;

    private const int VersionLengthMax = AsciiDecimal.MaxLength + 1;
    private const int NameLengthMax = 253;      // RFC 1035 §2.3.4, without the root's dot.

    private readonly byte[] _text = new byte[TextLengthMax];
    private int _length;

    /// <summary>Whether there are any; if not, nobody answers for a cluster.</summary>
    public bool IsSet => _length > 0;

    /// <summary>Higher with each list.</summary>
    public long Version { get; private set; }

    /// <summary>The version and the nodes: "VERSION\nHOST|IP|PORT HOST|IP|PORT\n".</summary>
    public ReadOnlySpan<byte> Text => new(_text, 0, _length);

    /// <summary>
    /// Sets the nodes: HOST|IP|PORT or HOST:PORT each, commas between them; of the latter the IP is the host if that is
    /// an IPv4 address, and else left open. Fails, and changes nothing, if one of them cannot be read or they are too
    /// many.
    /// </summary>
    /// <param name="list">Nothing at all for no cluster.</param>
    /// <param name="unixSeconds">
    /// The version, unless the last one was as high: so it grows even if a machine boots with another list.
    /// </param>
    public bool TrySet(ReadOnlySpan<byte> list, long unixSeconds)
    {
        long version = Math.Max(Version + 1, unixSeconds);
        Span<byte> room = stackalloc byte[TextLengthMax];
        int length = 0;
        if (list.Length > 0)
        {
            length = AsciiDecimal.Format((ulong)version, room);
            room[length++] = (byte)'\n';
            if (!TryAppendNodes(list, room, ref length)) return false;
        }
        room.Slice(0, length).CopyTo(_text);
        _length = length;
        Version = version;
        return true;
    }

    /// <summary>Whether <see cref="TrySet"/> would take it.</summary>
    public static bool IsList(ReadOnlySpan<byte> list)
    {
        Span<byte> room = stackalloc byte[TextLengthMax];
        int length = VersionLengthMax;
        return list.Length > 0 && TryAppendNodes(list, room, ref length);
    }

    private static bool TryAppendNodes(ReadOnlySpan<byte> list, Span<byte> room, ref int length)
    {
        while (true)
        {
            int comma = list.IndexOf((byte)',');
            ReadOnlySpan<byte> node = comma < 0 ? list : list.Slice(0, comma);
            if (!TryParse(node, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> ip, out ReadOnlySpan<byte> port))
            {
                return false;
            }
            // Two bars, and the space or the line feed that follows.
            if (host.Length + ip.Length + port.Length + 3 > room.Length - length) return false;
            Put(host, (byte)'|', room, ref length);
            Put(ip, (byte)'|', room, ref length);
            Put(port, comma < 0 ? (byte)'\n' : (byte)' ', room, ref length);
            if (comma < 0) return true;
            list = list.Slice(comma + 1);
        }
    }

    private static void Put(ReadOnlySpan<byte> text, byte end, Span<byte> room, ref int length)
    {
        text.CopyTo(room.Slice(length));
        length += text.Length;
        room[length++] = end;
    }

    private static bool TryParse(
        ReadOnlySpan<byte> node, out ReadOnlySpan<byte> host, out ReadOnlySpan<byte> ip, out ReadOnlySpan<byte> port)
    {
        ip = default;
        port = default;
        int bar = node.IndexOf((byte)'|');
        int end = bar >= 0 ? bar : node.LastIndexOf((byte)':');
        host = node.Slice(0, Math.Max(end, 0));
        if (end < 0) return false;
        ReadOnlySpan<byte> rest = node.Slice(end + 1);
        if (bar < 0)
        {
            port = rest;
            if (IsIpv4(host)) ip = host;
        }
        else
        {
            int second = rest.IndexOf((byte)'|');
            if (second < 0) return false;
            ip = rest.Slice(0, second);
            port = rest.Slice(second + 1);
            if (ip.Length > 0 && !IsIpv4(ip)) return false;
        }
        return IsName(host) && IsPort(port);
    }

    private static bool IsName(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > NameLengthMax) return false;
        for (int i = 0; i < name.Length; i++)
        {
            byte letter = (byte)(name[i] | 0x20);
            bool isAllowed = letter is >= (byte)'a' and <= (byte)'z'
                || name[i] is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'.' or (byte)'_';
            if (!isAllowed) return false;
        }
        return true;
    }

    private static bool IsPort(ReadOnlySpan<byte> text) =>
        AsciiDecimal.TryParse(text, out ulong port) && port is >= 1 and <= ushort.MaxValue;

    private static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < 4; i++)
        {
            int dot = text.IndexOf((byte)'.');
            if (dot < 0 != (i == 3)) return false;
            ReadOnlySpan<byte> part = dot < 0 ? text : text.Slice(0, dot);
            if (!AsciiDecimal.TryParse(part, out ulong octet) || octet > byte.MaxValue) return false;
            text = text.Slice(Math.Min(dot + 1, text.Length));
        }
        return true;
    }
}
