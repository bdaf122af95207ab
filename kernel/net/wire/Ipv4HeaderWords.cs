using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// An IPv4 header without options, in three words of the order in which the processor loads them: for the common packet,
/// whose header is compared, summed and copied at once rather than field by field. Everything else is an
/// <see cref="Ipv4Header"/>.
/// </summary>
/// <remarks>
/// <code>
///          bit 0                                                                                 bit 63
/// first    [ IHL:4 ][ version:4 ][ type of service:8 ][ total length:16 ][ identification:16 ][ fragment:16 ]
/// second   [ time to live:8 ][ protocol:8 ][ header checksum:16 ][ source:32 ]
/// third    [ destination:32 ]
/// </code>
/// Numbers of more than one octet are in network order, that is, their octets the other way round.
/// </remarks>
public readonly struct Ipv4HeaderWords
{
    /// <summary>Size in bytes.</summary>
    public const int Size = Ipv4Header.MinSize;

    private const int SecondOffset = 8, ThirdOffset = 16;
    private const int TotalLengthShift = 16, ProtocolShift = 8, ChecksumShift = 16, SourceShift = 32;
    private const ulong TotalLengthMask = 0xFFFFUL << TotalLengthShift;
    private const ulong ProtocolAndChecksumMask = 0xFFUL << ProtocolShift | 0xFFFFUL << ChecksumShift;

    // "More fragments" and the fragment offset, 0x3FFF in network order; and the header's first octet.
    private const ulong PlainMask = 0xFF3FUL << 48 | 0xFF;
    private const ulong VersionAndMinLength = 4 << 4 | Size / 4;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    private Ipv4HeaderWords(ulong first, ulong second, uint third)
    {
        _first = first;
        _second = second;
        _third = third;
    }

    /// <summary>True if the version is 4, there are no options, and the packet is no fragment.</summary>
    public bool IsPlain
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_first & PlainMask) == VersionAndMinLength;
    }

    public int TotalLength
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BinaryPrimitives.ReverseEndianness((ushort)(_first >> TotalLengthShift));
    }

    public IpProtocol Protocol
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (IpProtocol)(byte)(_second >> ProtocolShift);
    }

    public IpAddress Source
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IpAddress.FromV4(BinaryPrimitives.ReverseEndianness((uint)(_second >> SourceShift)));
    }

    public IpAddress Destination
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IpAddress.FromV4(BinaryPrimitives.ReverseEndianness(_third));
    }

    /// <summary>The source as it lies there, to be compared with <see cref="WordOf"/>.</summary>
    public uint SourceWord
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)(_second >> SourceShift);
    }

    /// <summary>The destination as it lies there, to be compared with <see cref="WordOf"/>.</summary>
    public uint DestinationWord
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _third;
    }

    public bool IsChecksumValid
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => InternetChecksum.Fold(HalvesSum) == ushort.MaxValue;
    }

    /// <summary>What is left when total length, protocol and checksum are taken out, for <see cref="With"/>.</summary>
    public Ipv4HeaderWords Template => new(_first & ~TotalLengthMask, _second & ~ProtocolAndChecksumMask, _third);

    /// <summary>
    /// What all of it adds to the checksum, not folded. RFC 1071 §2 (B): the sum may be taken in any byte order; and (C), in
    /// wider words.
    /// </summary>
    public ulong HalvesSum
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_first >> 32) + (uint)_first + (_second >> 32) + (uint)_second + _third;
    }

    /// <summary>An IPv4 address as it lies in a header.</summary>
    public static uint WordOf(IpAddress address) => BinaryPrimitives.ReverseEndianness(address.V4Bits);

    /// <summary>Takes the first <see cref="Size"/> bytes for a header, whatever they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Ipv4HeaderWords Read(ReadOnlySpan<byte> packet)
    {
        ReadOnlySpan<byte> header = packet.Slice(0, Size);
        return new Ipv4HeaderWords(
            BinaryPrimitives.ReadUInt64LittleEndian(header),
            BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(SecondOffset)),
            BinaryPrimitives.ReadUInt32LittleEndian(header.Slice(ThirdOffset)));
    }

    /// <summary>Completes a <see cref="Template"/>.</summary>
    /// <param name="totalLength">See <see cref="TotalLength"/>.</param>
    /// <param name="protocol">See <see cref="Protocol"/>.</param>
    /// <param name="halvesSum">The template's: it is the same for every packet that is made from it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Ipv4HeaderWords With(int totalLength, IpProtocol protocol, ulong halvesSum)
    {
        // Both lie in the lower halves of their words.
        ulong length = (ulong)BinaryPrimitives.ReverseEndianness((ushort)totalLength) << TotalLengthShift;
        ulong number = (ulong)protocol << ProtocolShift;
        ulong checksum = (ushort)~InternetChecksum.Fold(halvesSum + length + number);
        return new Ipv4HeaderWords(_first | length, _second | number | checksum << ChecksumShift, _third);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> packet)
    {
        Span<byte> header = packet.Slice(0, Size);
        BinaryPrimitives.WriteUInt64LittleEndian(header, _first);
        BinaryPrimitives.WriteUInt64LittleEndian(header.Slice(SecondOffset), _second);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(ThirdOffset), _third);
    }
}
