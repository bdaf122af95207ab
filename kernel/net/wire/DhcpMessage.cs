using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// A DHCP message (RFC 2131 §2). Invariant: the fixed part is there, is about Ethernet, and ends with the magic cookie.
/// </summary>
/// <remarks>
/// <code>
///   0  [ op:8 ][ htype:8 ][ hlen:8 ][ hops:8 ][ xid:32 ][ secs:16 ][ flags:16 ]
///  12  [ ciaddr:32 ][ yiaddr:32 ][ siaddr:32 ][ giaddr:32 ]
///  28  [ chaddr: 16 bytes ][ sname: 64 bytes ][ file: 128 bytes ]
/// 236  [ magic cookie: 99 130 83 99 ][ options ... ]
/// </code>
/// </remarks>
public readonly ref struct DhcpMessage
{
    /// <summary>Size of everything before the options.</summary>
    public const int FixedSize = 240;

    /// <summary>
    /// RFC 1542 §2.1: a BOOTP message has at least 300 bytes, and there are relay agents that drop shorter ones.
    /// </summary>
    public const int PaddedSize = 300;

    public const ushort ServerPort = 67, ClientPort = 68;

    private const int OpOffset = 0, HardwareOffset = 1, XidOffset = 4, SecsOffset = 8, FlagsOffset = 10;
    private const int CiaddrOffset = 12, YiaddrOffset = 16, ChaddrOffset = 28;
    private const int SnameOffset = 44, FileOffset = 108, CookieOffset = 236;

    private const byte BootRequest = 1, BootReply = 2;
    private const ushort HardwareEthernet = 1 << 8 | MacAddress.Size;
    private const ushort BroadcastFlag = 0x8000;
    private const uint MagicCookie = 0x6382_5363;

    private readonly Span<byte> _octets;

    private DhcpMessage(Span<byte> octets) => _octets = octets;

    /// <summary>op is BOOTREPLY: the message comes from a server.</summary>
    public bool IsReply => _octets[OpOffset] == BootReply;

    public uint Xid => BinaryPrimitives.ReadUInt32BigEndian(_octets.Slice(XidOffset));

    public ushort Secs => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(SecsOffset));

    public bool IsBroadcast => (BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(FlagsOffset)) & BroadcastFlag) != 0;

    /// <summary>The address the client already uses.</summary>
    public IpAddress Ciaddr => IpAddress.ReadV4(_octets.Slice(CiaddrOffset));

    /// <summary>"Your" address: what the server offers or assigns.</summary>
    public IpAddress Yiaddr => IpAddress.ReadV4(_octets.Slice(YiaddrOffset));

    public MacAddress Chaddr => MacAddress.Read(_octets.Slice(ChaddrOffset));

    public ReadOnlySpan<byte> Options => _octets.Slice(FixedSize);

    /// <summary>Holds options too if option 52 says so.</summary>
    public ReadOnlySpan<byte> Sname => _octets.Slice(SnameOffset, FileOffset - SnameOffset);

    /// <summary>Holds options too if option 52 says so.</summary>
    public ReadOnlySpan<byte> File => _octets.Slice(FileOffset, CookieOffset - FileOffset);

    /// <summary>Fails if any accessor would read outside <paramref name="octets"/>, or if this is not DHCP at all.</summary>
    public static bool TryParse(Span<byte> octets, out DhcpMessage message)
    {
        message = default;
        if (octets.Length < FixedSize) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(HardwareOffset)) != HardwareEthernet) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(octets.Slice(CookieOffset)) != MagicCookie) return false;
        message = new DhcpMessage(octets);
        return true;
    }

    /// <summary>Writes the fixed part of a client's message to the start of <paramref name="octets"/>.</summary>
    public static void EmitRequest(
        Span<byte> octets, uint xid, ushort secs, bool isBroadcast, IpAddress ciaddr, MacAddress chaddr)
    {
        octets.Slice(0, FixedSize).Clear();
        octets[OpOffset] = BootRequest;
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(HardwareOffset), HardwareEthernet);
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(XidOffset), xid);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(SecsOffset), secs);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(FlagsOffset), isBroadcast ? BroadcastFlag : (ushort)0);
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(CiaddrOffset), ciaddr.V4Bits);
        chaddr.Write(octets.Slice(ChaddrOffset));
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(CookieOffset), MagicCookie);
    }

    /// <summary>Writes the fixed part of a server's message, the end of the conversation that tests play.</summary>
    public static void EmitReply(Span<byte> octets, uint xid, IpAddress yiaddr, MacAddress chaddr)
    {
        EmitRequest(octets, xid, 0, false, IpAddress.FromV4(0), chaddr);
        octets[OpOffset] = BootReply;
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(YiaddrOffset), yiaddr.V4Bits);
    }
}
