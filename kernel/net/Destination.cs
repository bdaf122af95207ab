using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net;

/// <summary>
/// What routes, neighbours and path MTUs say together of a destination, kept as the headers of the last packet that went
/// there whole. <c>default</c> is none, and is never valid: no IPv4 address equals its.
/// </summary>
internal struct Destination
{
    // The Ethernet header, 14 bytes, as two words that overlap.
    private const int EthernetEndOffset = EthernetFrame.HeaderSize - sizeof(ulong);

    private IpAddress _address;
    private long _version;
    private long _validUntilMicros;
    private int _lengthMax;
    private ulong _ethernetStart;
    private ulong _ethernetEnd;
    private Ipv4HeaderWords _header;
    private ulong _headerSum;
    private uint _addressSum;

    /// <summary>Where the next hop stands in the neighbours' table.</summary>
    public int NeighbourPlace { get; private set; }

    /// <summary>True if a packet of this size would get the same headers as the one that was learned from.</summary>
    /// <param name="version">Changes with every change of what the headers follow from.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool IsValid(IpAddress address, int totalLength, long version, long nowMicros) =>
        _address == address && _version == version && nowMicros < _validUntilMicros && totalLength <= _lengthMax;

    /// <summary>Remembers the headers of a packet that was not fragmentable.</summary>
    /// <param name="frame">The packet in its frame.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="address">Where it went.</param>
    /// <param name="neighbourPlace">See <see cref="NeighbourPlace"/>.</param>
    /// <param name="lengthMax">Up to which total length another packet is not fragmentable either.</param>
    /// <param name="version">See <see cref="IsValid"/>.</param>
    /// <param name="validUntilMicros">When time alone changes something.</param>
    public void Learn(
        ReadOnlySpan<byte> frame,
        IpAddress source,
        IpAddress address,
        int neighbourPlace,
        int lengthMax,
        long version,
        long validUntilMicros)
    {
        _address = address;
        NeighbourPlace = neighbourPlace;
        _lengthMax = lengthMax;
        _version = version;
        _validUntilMicros = validUntilMicros;
        _ethernetStart = BinaryPrimitives.ReadUInt64LittleEndian(frame);
        _ethernetEnd = BinaryPrimitives.ReadUInt64LittleEndian(frame.Slice(EthernetEndOffset));
        _header = Ipv4HeaderWords.Read(frame.Slice(EthernetFrame.HeaderSize)).Template;
        _headerSum = _header.HalvesSum;
        _addressSum = InternetChecksum.PseudoHeaderSum(source, address, protocol: 0, length: 0);
    }

    /// <summary>See <see cref="InternetChecksum.PseudoHeaderSum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint PseudoHeaderSum(IpProtocol protocol, int length) => _addressSum + (uint)protocol + (uint)length;

    /// <summary>Writes both headers of a packet to the start of its frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Emit(Span<byte> frame, int totalLength, IpProtocol protocol)
    {
        Span<byte> headers = frame.Slice(0, EthernetFrame.HeaderSize + Ipv4HeaderWords.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(headers, _ethernetStart);
        BinaryPrimitives.WriteUInt64LittleEndian(headers.Slice(EthernetEndOffset), _ethernetEnd);
        _header.With(totalLength, protocol, _headerSum).Write(headers.Slice(EthernetFrame.HeaderSize));
    }
}
