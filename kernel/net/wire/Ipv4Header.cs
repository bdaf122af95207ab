using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// An IPv4 packet (RFC 791 §3.1). Invariant: version 4, and 20 &lt;= header length &lt;= total length &lt;= the bytes there.
/// </summary>
/// <remarks>
/// <code>
/// [ version:4 ][ IHL:4 ][ type of service:8 ][ total length:16 ]
/// [ identification:16 ][ 0:1 ][ DF:1 ][ MF:1 ][ fragment offset:13 ]
/// [ time to live:8 ][ protocol:8 ][ header checksum:16 ]
/// [ source:32 ][ destination:32 ][ options: (IHL - 5) * 32 ][ payload ... ]
/// </code>
/// </remarks>
public readonly ref struct Ipv4Header
{
    /// <summary>Size of a header without options, the only kind this stack sends.</summary>
    public const int MinSize = 20;

    /// <summary>RFC 1122 §3.2.1.7: "SHOULD be the value given in Assigned Numbers", which is 64.</summary>
    public const byte DefaultTimeToLive = 64;

    /// <summary>Where the source is, and behind it the destination.</summary>
    public const int AddressesOffset = SourceOffset;

    private const int VersionOffset = 0, TypeOfServiceOffset = 1, TotalLengthOffset = 2, IdentificationOffset = 4;
    private const int FragmentOffset = 6, TimeToLiveOffset = 8, ProtocolOffset = 9, ChecksumOffset = 10;
    private const int SourceOffset = 12, DestinationOffset = 16;

    private const byte VersionAndMinLength = 4 << 4 | MinSize / 4;
    private const ushort DontFragmentBit = 0x4000, MoreFragmentsBit = 0x2000, FragmentOffsetMask = 0x1FFF;

    private readonly Span<byte> _octets;

    private Ipv4Header(Span<byte> octets) => _octets = octets;

    public int HeaderLength => (_octets[VersionOffset] & 0xF) * 4;

    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(TotalLengthOffset));

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(IdentificationOffset));

    public bool IsDontFragment => (FragmentField & DontFragmentBit) != 0;

    /// <summary>True for every piece of a fragmented packet, the first and the last included.</summary>
    public bool IsFragment => (FragmentField & (MoreFragmentsBit | FragmentOffsetMask)) != 0;

    /// <summary>True for a whole packet and for the first fragment of one.</summary>
    public bool HasOffsetZero => (FragmentField & FragmentOffsetMask) == 0;

    public byte TimeToLive => _octets[TimeToLiveOffset];

    public IpProtocol Protocol => (IpProtocol)_octets[ProtocolOffset];

    public IpAddress Source
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IpAddress.ReadV4(_octets.Slice(SourceOffset));
    }

    public IpAddress Destination
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IpAddress.ReadV4(_octets.Slice(DestinationOffset));
    }

    public bool IsChecksumValid => InternetChecksum.Compute(_octets.Slice(0, HeaderLength), 0) == 0;

    /// <summary>What follows the header and its options, up to the total length.</summary>
    public Span<byte> Payload => _octets.Slice(HeaderLength);

    /// <summary>The packet from its first byte to its total length: what an ICMP error quotes.</summary>
    public ReadOnlySpan<byte> Packet => _octets;

    private ushort FragmentField => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(FragmentOffset));

    /// <summary>
    /// Fails if any accessor would read outside <paramref name="packet"/>. What lies behind the total length is link
    /// padding and no longer seen.
    /// </summary>
    public static bool TryParse(Span<byte> packet, out Ipv4Header header)
    {
        header = default;
        if (!HasHeader(packet, out int headerLength)) return false;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet.Slice(TotalLengthOffset));
        if (totalLength < headerLength) return false;
        if (totalLength > packet.Length) return false;
        header = new Ipv4Header(packet.Slice(0, totalLength));
        return true;
    }

    /// <summary>
    /// Reads the packet that an ICMP error quotes: its header is whole, its payload may be cut off and
    /// shorter than <see cref="TotalLength"/> says.
    /// </summary>
    public static bool TryParseQuoted(Span<byte> quotation, out Ipv4Header header)
    {
        header = default;
        if (!HasHeader(quotation, out _)) return false;
        header = new Ipv4Header(quotation);
        return true;
    }

    /// <summary>Writes a header without options, checksum included, to the start of <paramref name="packet"/>.</summary>
    public static void Emit(
        Span<byte> packet,
        int totalLength,
        ushort identification,
        bool isDontFragment,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination)
    {
        packet[VersionOffset] = VersionAndMinLength;
        packet[TypeOfServiceOffset] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet.Slice(TotalLengthOffset), (ushort)totalLength);
        BinaryPrimitives.WriteUInt16BigEndian(packet.Slice(IdentificationOffset), identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.Slice(FragmentOffset), isDontFragment ? DontFragmentBit : (ushort)0);
        packet[TimeToLiveOffset] = DefaultTimeToLive;
        packet[ProtocolOffset] = (byte)protocol;
        BinaryPrimitives.WriteUInt16BigEndian(packet.Slice(ChecksumOffset), 0);
        BinaryPrimitives.WriteUInt32BigEndian(packet.Slice(SourceOffset), source.V4Bits);
        BinaryPrimitives.WriteUInt32BigEndian(packet.Slice(DestinationOffset), destination.V4Bits);
        ushort checksum = InternetChecksum.Compute(packet.Slice(0, MinSize), 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet.Slice(ChecksumOffset), checksum);
    }

    private static bool HasHeader(ReadOnlySpan<byte> packet, out int headerLength)
    {
        headerLength = 0;
        if (packet.Length < MinSize) return false;
        if (packet[VersionOffset] >> 4 != 4) return false;
        headerLength = (packet[VersionOffset] & 0xF) * 4;
        if (headerLength < MinSize) return false;
        return headerLength <= packet.Length;
    }
}
