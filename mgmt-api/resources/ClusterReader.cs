using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>
/// Reads {"nodes":[{"host":"…","ip":"…","port":…},…]} as the text of a list of nodes. The ip may be null or left out; a
/// version, which the answer to a GET has, is passed over.
/// </summary>
internal ref struct ClusterReader
{
    private const int HostLengthMax = 253;      // RFC 1035 §2.3.4, without the root's dot.
    private const int IpLengthMax = 15;

    private readonly Span<byte> _room;
    private JsonReader _json;
    private int _length;

    /// <param name="body">JSON.</param>
    /// <param name="room">Where the text goes: <see cref="ClusterNodes.TextLengthMax"/> bytes.</param>
    public ClusterReader(ReadOnlySpan<byte> body, Span<byte> room)
    {
        _json = new JsonReader(body);
        _room = room;
    }

    /// <summary>The list, as cluster= takes it; empty for no cluster.</summary>
    public readonly ReadOnlySpan<byte> Text => _room.Slice(0, _length);

    /// <summary>Reads all of it; fails if it is not such an object.</summary>
    /// <param name="detail">What is wrong then, for people.</param>
    public bool TryRead(scoped ref LineBuilder detail)
    {
        bool hasNodes = false;
        bool isGood = _json.Read() == JsonToken.BeginObject;
        while (isGood && _json.Read() == JsonToken.Name)
        {
            if (_json.Is("version"u8))
            {
                isGood = _json.TrySkip();
                continue;
            }
            isGood = _json.Is("nodes"u8) && !hasNodes && _json.Read() == JsonToken.BeginArray;
            hasNodes = true;
            if (isGood && !TryNodes(ref detail)) return false;
        }
        isGood = isGood && hasNodes;
        if (!isGood) detail.Append("The content has to be an object with one member, nodes, which is an array."u8);
        return isGood;
    }

    private bool TryNodes(scoped ref LineBuilder detail)
    {
        bool fits = true;
        for (int index = 0; fits && _json.Read() != JsonToken.EndArray; index++)
        {
            if (_length > 0) _room[_length++] = (byte)',';
            bool isNode = _json.Token == JsonToken.BeginObject && TryNode(_length);
            // What is as long as the room was cut off, or is too long with what clients get beside it.
            fits = _length < _room.Length;
            if (isNode || !fits) continue;
            detail.Append("nodes["u8);
            detail.AppendDecimal((ulong)index);
            detail.Append("] has to be an object: host, a name or address; port, 1 to 65535; and perhaps ip, an IPv4 address."u8);
            return false;
        }
        if (fits && (_length == 0 || ClusterNodes.IsList(Text))) return true;
        detail.Append("There are too many nodes: HOST|IP|PORT with a byte behind it, of all of them, is 4096 bytes at most."u8);
        return false;
    }

    /// <summary>Appends a node to the text; fails if it is none.</summary>
    private bool TryNode(int start)
    {
        Span<byte> host = stackalloc byte[HostLengthMax];
        Span<byte> ip = stackalloc byte[IpLengthMax];
        int hostLength = 0;
        int ipLength = 0;
        long port = 0;
        while (_json.Read() == JsonToken.Name)
        {
            bool isHost = _json.Is("host"u8);
            bool isIp = _json.Is("ip"u8);
            bool isPort = _json.Is("port"u8);
            _ = _json.Read();
            if (isHost && hostLength == 0 && _json.TryText(host, out hostLength)) continue;
            if (isIp && ipLength == 0 && (_json.Token == JsonToken.Null || _json.TryText(ip, out ipLength))) continue;
            if (isPort && port == 0 && _json.TryInteger(out port)) continue;
            return false;
        }
        host = host.Slice(0, hostLength);
        ip = ip.Slice(0, ipLength);
        if (!IsPlain(host) || !IsPlain(ip) || port is < 1 or > ushort.MaxValue) return false;
        var line = new LineBuilder(_room.Slice(start));
        line.Append(host);
        line.Append(ipLength > 0 ? "|"u8 : ":"u8);
        line.Append(ip);
        if (ipLength > 0) line.Append("|"u8);
        line.AppendDecimal((ulong)port);
        _length = start + line.Octets.Length;
        return ClusterNodes.IsList(line.Octets);
    }

    /// <summary>Nothing in it would mean the end of it in the text.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)',' or (byte)'|' or (byte)':') return false;
        }
        return true;
    }
}
