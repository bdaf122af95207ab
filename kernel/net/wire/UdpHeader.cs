using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>A UDP datagram (RFC 768). Invariant: 8 &lt;= the length field &lt;= the bytes there.</summary>
/// <remarks><code>[ source port:16 ][ destination port:16 ][ length:16 ][ checksum:16 ][ payload ... ]</code></remarks>
public readonly ref struct UdpHeader
{
    public const int Size = 8;

    /// <summary>Where the checksum lies, for a device that fills it in.</summary>
    public const int ChecksumOffset = 6;

    private const int SourcePortOffset = 0, DestinationPortOffset = 2, LengthOffset = 4;

    private readonly Span<byte> _octets;

    private UdpHeader(Span<byte> octets) => _octets = octets;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(SourcePortOffset));

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(DestinationPortOffset));

    /// <summary>RFC 768: "An all zero transmitted checksum value means that the transmitter generated no checksum".</summary>
    public bool HasChecksum => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(ChecksumOffset)) != 0;

    public Span<byte> Payload => _octets.Slice(Size);

    /// <summary>Fails if any accessor would read outside <paramref name="octets"/>.</summary>
    public static bool TryParse(Span<byte> octets, out UdpHeader header)
    {
        header = default;
        if (octets.Length < Size) return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(LengthOffset));
        if (length < Size) return false;
        if (length > octets.Length) return false;
        header = new UdpHeader(octets.Slice(0, length));
        return true;
    }

    /// <summary>True if the sum over pseudo-header and datagram is right, or if none was sent.</summary>
    public bool IsChecksumValid(IpAddress source, IpAddress destination)
    {
        if (!HasChecksum) return true;
        uint pseudo = InternetChecksum.PseudoHeaderSum(source, destination, (byte)IpProtocol.Udp, _octets.Length);
        return InternetChecksum.Compute(_octets, pseudo) == 0;
    }

    /// <summary>Writes a header with a zero checksum to the start of <paramref name="octets"/>.</summary>
    /// <param name="length">Of header and payload, which is already in place.</param>
    public static void Emit(Span<byte> octets, ushort sourcePort, ushort destinationPort, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(SourcePortOffset), sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(DestinationPortOffset), destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(LengthOffset), (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(ChecksumOffset), 0);
    }
}
