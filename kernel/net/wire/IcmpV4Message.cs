using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>An ICMP message (RFC 792). Invariant: the eight bytes that all types have are there.</summary>
/// <remarks>
/// <code>
/// [ type:8 ][ code:8 ][ checksum:16 ][ by type, e.g. identifier:16 sequence:16, or unused:16 next-hop MTU:16 ]
/// [ data, or the quoted packet ... ]
/// </code>
/// </remarks>
public readonly ref struct IcmpV4Message
{
    public const int HeaderSize = 8;

    /// <summary>Codes of <see cref="IcmpV4Type.DestinationUnreachable"/>.</summary>
    public const byte ProtocolUnreachable = 2, PortUnreachable = 3, FragmentationNeeded = 4;

    /// <summary>Code of <see cref="IcmpV4Type.TimeExceeded"/>.</summary>
    public const byte ReassemblyTimeExceeded = 1;

    /// <summary>
    /// RFC 1812 §4.3.2.3: an error quotes "as much of the original datagram as possible without the length of the ICMP
    /// datagram exceeding 576 bytes".
    /// </summary>
    public const int ErrorSizeMax = 576 - Ipv4Header.MinSize;

    private const int TypeOffset = 0, CodeOffset = 1, ChecksumOffset = 2, RestOffset = 4, NextHopMtuOffset = 6;

    private readonly Span<byte> _octets;

    private IcmpV4Message(Span<byte> octets) => _octets = octets;

    public IcmpV4Type Type => (IcmpV4Type)_octets[TypeOffset];

    public byte Code => _octets[CodeOffset];

    /// <summary>RFC 1191 §4: in a "fragmentation needed"; zero if the router predates that document.</summary>
    public ushort NextHopMtu => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(NextHopMtuOffset));

    public bool IsChecksumValid => InternetChecksum.Compute(_octets, 0) == 0;

    /// <summary>What follows the eight bytes: echoed data, or the packet an error is about.</summary>
    public Span<byte> Body => _octets.Slice(HeaderSize);

    public int Length => _octets.Length;

    /// <summary>RFC 1122 §3.2.2: the messages that report an error and so must never cause another.</summary>
    public bool IsError => Type is IcmpV4Type.DestinationUnreachable or IcmpV4Type.SourceQuench or IcmpV4Type.Redirect
        or IcmpV4Type.TimeExceeded or IcmpV4Type.ParameterProblem;

    /// <summary>Fails if any accessor would read outside <paramref name="octets"/>.</summary>
    public static bool TryParse(Span<byte> octets, out IcmpV4Message message)
    {
        message = new IcmpV4Message(octets);
        return octets.Length >= HeaderSize;
    }

    /// <summary>
    /// Writes the answer to an echo request: RFC 792, "the type code changed to 0", all else as it came. Returns its
    /// length, that of the request.
    /// </summary>
    public static int EmitEchoReply(Span<byte> octets, in IcmpV4Message request)
    {
        int length = request.Length;
        request._octets.CopyTo(octets);
        octets[TypeOffset] = (byte)IcmpV4Type.EchoReply;
        octets[CodeOffset] = 0;
        WriteChecksum(octets.Slice(0, length));
        return length;
    }

    /// <summary>Writes an error about <paramref name="packet"/>; returns its length.</summary>
    public static int EmitError(Span<byte> octets, IcmpV4Type type, byte code, ReadOnlySpan<byte> packet)
    {
        int quoted = Math.Min(packet.Length, Math.Min(octets.Length, ErrorSizeMax) - HeaderSize);
        octets[TypeOffset] = (byte)type;
        octets[CodeOffset] = code;
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(RestOffset), 0);
        packet.Slice(0, quoted).CopyTo(octets.Slice(HeaderSize));
        WriteChecksum(octets.Slice(0, HeaderSize + quoted));
        return HeaderSize + quoted;
    }

    private static void WriteChecksum(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message.Slice(ChecksumOffset), 0);
        BinaryPrimitives.WriteUInt16BigEndian(message.Slice(ChecksumOffset), InternetChecksum.Compute(message, 0));
    }
}
