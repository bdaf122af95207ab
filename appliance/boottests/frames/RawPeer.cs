using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Frames;

/// <summary>
/// The only other station on the guest's Ethernet: sends any frame, answers ARP for its own address, and keeps what the
/// guest answers.
/// </summary>
internal sealed class RawPeer : IDisposable
{
    private const int FrameSizeMax = 70_000;
    private const int SendBoundMillis = 20_000;

    private static readonly byte[] Broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    private static readonly TimeSpan AttemptBound = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _guestSocket;
    private readonly Thread _receiver;
    private readonly Channel<byte[]> _arpReplies = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<byte[]> _echoReplies = Channel.CreateUnbounded<byte[]>();
    private readonly Channel<TcpSegment> _segments = Channel.CreateUnbounded<TcpSegment>();
    private volatile bool _disposed;

    public RawPeer(string socket, string guestSocket)
    {
        _socket.SendTimeout = SendBoundMillis;
        _socket.Bind(new UnixDomainSocketEndPoint(socket));
        _guestSocket = new UnixDomainSocketEndPoint(guestSocket);
        _receiver = new Thread(Receive) { IsBackground = true };
        _receiver.Start();
    }

    public IPAddress Address { get; } = IPAddress.Parse("10.0.2.2");

    public IPAddress GuestAddress { get; } = IPAddress.Parse("10.0.2.15");

    public byte[] Mac { get; } = [0x52, 0x55, 0x0a, 0x00, 0x02, 0x02];

    /// <summary>Known once <see cref="ResolveAsync"/> has been answered.</summary>
    public byte[] GuestMac { get; private set; } = Broadcast;

    /// <summary>Frames whose checksums the guest got wrong.</summary>
    public int BadChecksumCount { get; private set; }

    public ChannelReader<TcpSegment> Segments => _segments.Reader;

    /// <summary>Fails when the guest takes no frame for a long while: a stuck receive queue.</summary>
    public void Send(ReadOnlySpan<byte> frame) => _ = _socket.SendTo(frame, _guestSocket);

    public void SendIpv4(byte protocol, ReadOnlySpan<byte> payload) =>
        SendIpv4(Packet.Ipv4(Address, GuestAddress, protocol, payload));

    private void SendIpv4(ReadOnlySpan<byte> packet) =>
        Send(Packet.Ethernet(GuestMac, Mac, Packet.EtherTypeIpv4, packet));

    /// <summary>Asks who has the guest's address until somebody answers.</summary>
    public async Task ResolveAsync(TimeSpan bound)
    {
        byte[] request = Packet.Arp(1, Mac, Address, new byte[6], GuestAddress);
        byte[] reply = await AskAsync(
            _arpReplies.Reader, () => Send(Packet.Ethernet(Broadcast, Mac, Packet.EtherTypeArp, request)),
            _ => true, bound, "ARP");
        GuestMac = reply[8..14];
    }

    /// <summary>ICMP echo, data compared.</summary>
    public async Task PingAsync(ushort sequence, TimeSpan bound)
    {
        byte[] data = [.. Enumerable.Range(0, 56).Select(i => (byte)(i + sequence))];
        byte[] request = Packet.IcmpEcho(0x4d43, sequence, data);
        _ = await AskAsync(
            _echoReplies.Reader, () => SendIpv4(Packet.ProtocolIcmp, request),
            reply => reply.AsSpan(4).SequenceEqual(request.AsSpan(4)), bound, "ICMP echo");
    }

    public void Dispose()
    {
        _disposed = true;
        _socket.Dispose();
        _receiver.Join();
    }

    /// <summary>Sends until an answer comes that fits: on an Ethernet frames may get lost.</summary>
    public static async Task<T> AskAsync<T>(
        ChannelReader<T> answers, Action send, Func<T, bool> fits, TimeSpan bound, string what)
    {
        using var limit = new CancellationTokenSource(bound);
        while (!limit.IsCancellationRequested)
        {
            send();
            using var attempt = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            attempt.CancelAfter(AttemptBound);
            try
            {
                while (true)
                {
                    T answer = await answers.ReadAsync(attempt.Token);
                    if (fits(answer))
                        return answer;
                }
            }
            catch (OperationCanceledException)
            {
                // Ask again, unless the bound is reached.
            }
        }
        throw new TimeoutException($"the guest did not answer {what} within {bound.TotalSeconds:0} s");
    }

    private void Receive()
    {
        byte[] frame = new byte[FrameSizeMax];
        while (!_disposed)
        {
            int size;
            try
            {
                size = _socket.Receive(frame);
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            Sort(frame.AsSpan(0, size));
        }
    }

    private void Sort(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Packet.EthernetHeaderSize)
            return;
        ReadOnlySpan<byte> payload = frame[Packet.EthernetHeaderSize..];
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case Packet.EtherTypeArp when payload.Length >= 28:
                SortArp(payload);
                break;
            case Packet.EtherTypeIpv4 when payload.Length >= Packet.Ipv4HeaderSize:
                SortIpv4(payload);
                break;
            default:
                break;
        }
    }

    private void SortArp(ReadOnlySpan<byte> arp)
    {
        bool forUs = arp.Slice(24, 4).SequenceEqual(Address.GetAddressBytes());
        int operation = BinaryPrimitives.ReadUInt16BigEndian(arp[6..]);
        if (operation == 1 && forUs)
        {
            byte[] reply = Packet.Arp(2, Mac, Address, arp.Slice(8, 6), GuestAddress);
            Send(Packet.Ethernet(arp.Slice(8, 6), Mac, Packet.EtherTypeArp, reply));
        }
        else if (operation == 2 && forUs && arp.Slice(14, 4).SequenceEqual(GuestAddress.GetAddressBytes()))
        {
            _ = _arpReplies.Writer.TryWrite(arp.ToArray());
        }
    }

    private void SortIpv4(ReadOnlySpan<byte> packet)
    {
        int size = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        ReadOnlySpan<byte> payload = packet[Packet.Ipv4HeaderSize..size];
        if (packet[0] != 0x45 || Packet.Checksum(packet[..Packet.Ipv4HeaderSize], 0) != 0)
            BadChecksumCount++;
        else if (packet[9] == Packet.ProtocolIcmp && payload[0] == 0)
            _ = _echoReplies.Writer.TryWrite(payload.ToArray());
        else if (packet[9] == Packet.ProtocolTcp)
            SortTcp(payload, new IPAddress(packet[16..20]));
    }

    private void SortTcp(ReadOnlySpan<byte> segment, IPAddress to)
    {
        byte[] copy = segment.ToArray();
        Packet.FixTcpChecksum(copy, GuestAddress, to);
        if (!copy.AsSpan().SequenceEqual(segment))
            BadChecksumCount++;
        else if (to.Equals(Address))
            _ = _segments.Writer.TryWrite(TcpSegment.Parse(segment));
    }
}
