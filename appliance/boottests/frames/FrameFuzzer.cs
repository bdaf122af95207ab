using System;
using System.Buffers.Binary;
using System.Net;

namespace Memcachier.BootTests.Frames;

/// <summary>
/// Makes frames that are wrong in one layer and, mostly, right in those below it, so that they get there.
/// </summary>
internal sealed class FrameFuzzer
{
    private const int FrameSizeMax = 3000;

    private readonly RawPeer _peer;
    private readonly Random _random;

    public FrameFuzzer(RawPeer peer, int seed)
    {
        _peer = peer;
        _random = new Random(seed);
    }

    /// <summary>Some frames pretend to belong to <paramref name="live"/>, which has to survive them.</summary>
    public byte[] Next(RawConnection live) => _random.Next(11) switch
    {
        0 => Bytes(_random.Next(1, FrameSizeMax)),
        1 => Ethernet((ushort)_random.Next(ushort.MaxValue), Bytes(_random.Next(1500))),
        2 => Mangled(Ethernet(Packet.EtherTypeArp, Arp())),
        3 => Mangled(Ipv4(Packet.ProtocolIcmp, Packet.IcmpEcho(1, 1, Bytes(_random.Next(1400))))),
        4 => Mangled(Ipv4(Packet.ProtocolTcp, Segment(Bytes(_random.Next(40)), Bytes(_random.Next(1000))))),
        5 => Ipv4((byte)_random.Next(256), Bytes(_random.Next(1400))),
        6 => Fragment(),
        7 => LyingIpv4Header(),
        8 => Ipv4(Packet.ProtocolTcp, WithLyingOffset(Segment(Bytes(40), Bytes(_random.Next(100))))),
        9 => FromStrangeSource(),
        _ => Ipv4(Packet.ProtocolTcp, Intruder(live)),
    };

    private byte[] Ethernet(ushort type, ReadOnlySpan<byte> payload) =>
        Packet.Ethernet(_peer.GuestMac, _peer.Mac, type, payload);

    private byte[] Ipv4(byte protocol, ReadOnlySpan<byte> payload) =>
        Ethernet(Packet.EtherTypeIpv4, Packet.Ipv4(_peer.Address, _peer.GuestAddress, protocol, payload));

    /// <summary>Never a lone SYN: those are a flood, which is a test of its own.</summary>
    private byte[] Segment(ReadOnlySpan<byte> options, ReadOnlySpan<byte> data)
    {
        ushort port = (ushort)_random.Next(1, 1024);
        var flags = (TcpFlags)_random.Next(64);
        if ((flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Rst)) == TcpFlags.Syn)
            flags |= TcpFlags.Ack;
        return Packet.Tcp(
            _peer.Address, _peer.GuestAddress, port, RawConnection.MemcachedPort, (uint)_random.Next(),
            (uint)_random.Next(), flags, (ushort)_random.Next(ushort.MaxValue), options, data);
    }

    /// <summary>
    /// RFC 5961: from outside the window, or with a reset that is not exactly at RCV.NXT, and at most challenged.
    /// </summary>
    private byte[] Intruder(RawConnection live)
    {
        bool reset = _random.Next(2) == 0;
        uint distance = (uint)(reset ? _random.Next(1, 1000) : 0x4000_0000 + _random.Next(0x1000_0000));
        TcpFlags flags = reset
            ? TcpFlags.Rst | TcpFlags.Ack
            : TcpFlags.Ack | (TcpFlags)(_random.Next(16) & ~(int)TcpFlags.Rst);
        return Packet.Tcp(
            _peer.Address, _peer.GuestAddress, live.Port, RawConnection.MemcachedPort, live.NextSeq + distance,
            live.NextAck, flags, 1000, [], Bytes(_random.Next(100)));
    }

    private byte[] Arp() => Packet.Arp((ushort)_random.Next(4), _peer.Mac, Address(), Bytes(6), Address());

    private byte[] Fragment()
    {
        ushort moreAndOffset = (ushort)(_random.Next(0x4000) & 0x3fff | (_random.Next(2) == 0 ? 0x2000 : 1));
        byte[] packet = Packet.Ipv4(
            _peer.Address, _peer.GuestAddress, Packet.ProtocolTcp, Bytes(_random.Next(1400)), moreAndOffset,
            (ushort)_random.Next(8));
        return Ethernet(Packet.EtherTypeIpv4, packet);
    }

    /// <summary>Version, header length and total length that do not fit the packet, under a right checksum.</summary>
    private byte[] LyingIpv4Header()
    {
        byte[] packet = Packet.Ipv4(
            _peer.Address, _peer.GuestAddress, Packet.ProtocolTcp, Segment([], Bytes(_random.Next(200))));
        switch (_random.Next(3))
        {
            case 0:
                packet[0] = (byte)_random.Next(256);
                break;
            case 1:
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)_random.Next(ushort.MaxValue));
                break;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)_random.Next(60));
                break;
        }
        Packet.FixIpv4Checksum(packet);
        return Ethernet(Packet.EtherTypeIpv4, packet);
    }

    private byte[] WithLyingOffset(byte[] segment)
    {
        segment[12] = (byte)(_random.Next(16) << 4);
        Packet.FixTcpChecksum(segment, _peer.Address, _peer.GuestAddress);
        return segment;
    }

    /// <summary>From the guest itself, loopback, broadcast, multicast and nowhere.</summary>
    private byte[] FromStrangeSource()
    {
        IPAddress from = Address();
        byte[] segment = Packet.Tcp(
            from, _peer.GuestAddress, RawConnection.MemcachedPort, RawConnection.MemcachedPort, 1, 1, TcpFlags.Ack,
            1000, [], []);
        return Ethernet(Packet.EtherTypeIpv4, Packet.Ipv4(from, _peer.GuestAddress, Packet.ProtocolTcp, segment));
    }

    /// <summary>Cut off somewhere, with a few bytes changed, or both.</summary>
    private byte[] Mangled(byte[] frame)
    {
        if (_random.Next(2) == 0)
            frame = frame[.._random.Next(1, frame.Length)];
        for (int i = _random.Next(6); i > 0; i--)
            frame[_random.Next(frame.Length)] = (byte)_random.Next(256);
        return frame;
    }

    private IPAddress Address() => _random.Next(8) switch
    {
        0 => _peer.GuestAddress,
        1 => IPAddress.Loopback,
        2 => IPAddress.Broadcast,
        3 => IPAddress.Any,
        4 => IPAddress.Parse("224.0.0.1"),
        5 => IPAddress.Parse("10.0.2.255"),
        _ => new IPAddress(Bytes(4)),
    };

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
