using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Appliance.Bench;

/// <summary>The clients' end of a <see cref="Cable"/>: puts headers around TCP's segments, and answers ARP.</summary>
internal sealed class CableEnd
{
    private const int TransportOffset = EthernetFrame.HeaderSize + Ipv4Header.MinSize;

    private readonly Cable _cable;
    private ushort _identification;

    public CableEnd(Cable cable) => _cable = cable;

    public static IpAddress Address => IpAddress.FromV4(10, 0, 0, 2);

    public static IpAddress ApplianceAddress => IpAddress.FromV4(10, 0, 0, 1);

    private static MacAddress Hardware => MacAddress.Read([2, 0, 0, 0, 0, 2]);

    /// <summary>The next segment that the appliance has sent.</summary>
    public bool TryHear(out IpAddress source, out IpAddress destination, out Span<byte> segment)
    {
        while (_cable.TryTakeFromAppliance(out Span<byte> octets))
        {
            bool isFrame = EthernetFrame.TryParse(octets, out EthernetFrame frame);
            Invariant.Holds(isFrame);
            if (frame.EtherType == EtherType.Ipv4)
            {
                bool isPacket = Ipv4Header.TryParse(frame.Payload, out Ipv4Header packet);
                Invariant.Holds(isPacket);
                source = packet.Source;
                destination = packet.Destination;
                segment = packet.Payload;
                return true;
            }
            AnswerArp(frame.Payload);
            _cable.DropFromAppliance();
        }
        source = destination = default;
        segment = default;
        return false;
    }

    /// <summary>The segment last heard is not needed any more.</summary>
    public void Heard() => _cable.DropFromAppliance();

    /// <summary>Room for a segment; fails while the appliance has not taken enough of those before it.</summary>
    public bool TryRent(out Span<byte> segment)
    {
        bool hasRoom = _cable.HasRoomToAppliance;
        segment = hasRoom ? _cable.NextToAppliance.Slice(TransportOffset) : default;
        return hasRoom;
    }

    /// <summary>Sends the segment in the room last rented.</summary>
    public void Say(in TcpOutput output)
    {
        Span<byte> frame = _cable.NextToAppliance;
        Span<byte> segment = frame.Slice(TransportOffset, output.Length);
        uint pseudo = InternetChecksum.PseudoHeaderSum(
            output.Source, output.Destination, TcpHeader.Protocol, output.Length);
        ushort checksum = InternetChecksum.Compute(segment, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(segment.Slice(TcpHeader.ChecksumOffset), checksum);
        Ipv4Header.Emit(
            frame.Slice(EthernetFrame.HeaderSize), Ipv4Header.MinSize + output.Length, _identification++,
            isDontFragment: true, IpProtocol.Tcp, output.Source, output.Destination);
        EthernetFrame.Emit(frame, CableDevice.Address, Hardware, EtherType.Ipv4);
        _cable.SendToAppliance(TransportOffset + output.Length);
    }

    private void AnswerArp(Span<byte> octets)
    {
        if (!ArpPacket.TryParse(octets, out ArpPacket packet)) return;
        if (packet.Operation != ArpOperation.Request || packet.TargetProtocol != Address) return;
        Span<byte> frame = _cable.NextToAppliance;
        EthernetFrame.Emit(frame, CableDevice.Address, Hardware, EtherType.Arp);
        ArpPacket.Emit(
            frame.Slice(EthernetFrame.HeaderSize), ArpOperation.Reply, Hardware, Address, CableDevice.Address, ApplianceAddress);
        _cable.SendToAppliance(EthernetFrame.HeaderSize + ArpPacket.Size);
    }
}
