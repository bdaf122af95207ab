using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// An address resolution packet for IPv4 over Ethernet (RFC 826). Invariant: hardware and protocol are those two, with
/// addresses of 6 and 4 bytes, and the whole packet is there.
/// </summary>
/// <remarks>
/// <code>
/// [ ar$hrd:16 ][ ar$pro:16 ][ ar$hln:8 ][ ar$pln:8 ][ ar$op:16 ]
/// [ ar$sha:48 ][ ar$spa:32 ][ ar$tha:48 ][ ar$tpa:32 ]
/// </code>
/// </remarks>
public readonly ref struct ArpPacket
{
    public const int Size = 28;

    private const int HardwareOffset = 0, ProtocolOffset = 2, LengthsOffset = 4, OperationOffset = 6;
    private const int SenderHardwareOffset = 8, SenderProtocolOffset = 14;
    private const int TargetHardwareOffset = 18, TargetProtocolOffset = 24;

    private const ushort HardwareEthernet = 1;
    private const ushort LengthsEthernetIpv4 = MacAddress.Size << 8 | 4;

    private readonly Span<byte> _octets;

    private ArpPacket(Span<byte> octets) => _octets = octets;

    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(OperationOffset));

    /// <summary>ar$sha.</summary>
    public MacAddress SenderHardware => MacAddress.Read(_octets.Slice(SenderHardwareOffset));

    /// <summary>ar$spa.</summary>
    public IpAddress SenderProtocol => IpAddress.ReadV4(_octets.Slice(SenderProtocolOffset));

    /// <summary>ar$tha.</summary>
    public MacAddress TargetHardware => MacAddress.Read(_octets.Slice(TargetHardwareOffset));

    /// <summary>ar$tpa.</summary>
    public IpAddress TargetProtocol => IpAddress.ReadV4(_octets.Slice(TargetProtocolOffset));

    /// <summary>Fails if the packet is cut short, or is not about IPv4 over Ethernet.</summary>
    public static bool TryParse(Span<byte> octets, out ArpPacket packet)
    {
        packet = new ArpPacket(octets);
        if (octets.Length < Size) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(HardwareOffset)) != HardwareEthernet) return false;
        if (BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(ProtocolOffset)) != (ushort)EtherType.Ipv4) return false;
        return BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(LengthsOffset)) == LengthsEthernetIpv4;
    }

    /// <summary>Writes a packet to the start of <paramref name="octets"/>.</summary>
    public static void Emit(
        Span<byte> octets,
        ArpOperation operation,
        MacAddress senderHardware,
        IpAddress senderProtocol,
        MacAddress targetHardware,
        IpAddress targetProtocol)
    {
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(HardwareOffset), HardwareEthernet);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(ProtocolOffset), (ushort)EtherType.Ipv4);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(LengthsOffset), LengthsEthernetIpv4);
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(OperationOffset), (ushort)operation);
        senderHardware.Write(octets.Slice(SenderHardwareOffset));
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(SenderProtocolOffset), senderProtocol.V4Bits);
        targetHardware.Write(octets.Slice(TargetHardwareOffset));
        BinaryPrimitives.WriteUInt32BigEndian(octets.Slice(TargetProtocolOffset), targetProtocol.V4Bits);
    }
}
