using System;
using System.Text;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Frames;

/// <summary>
/// The client's half of a TCP connection, as little of it as asking one short question after another needs: whatever is
/// not answered is sent again, whatever does not fit is ignored.
/// </summary>
internal sealed class RawConnection
{
    public const ushort MemcachedPort = 11211;

    private const ushort Window = 32_768;

    private readonly RawPeer _peer;
    private uint _nextSeq;
    private uint _nextAck;

    private RawConnection(RawPeer peer, ushort port, uint iss)
    {
        _peer = peer;
        Port = port;
        _nextSeq = iss;
    }

    public ushort Port { get; }

    /// <summary>RCV.NXT of the guest, for segments that pretend to belong to this connection.</summary>
    public uint NextSeq => _nextSeq;

    public uint NextAck => _nextAck;

    public static async Task<RawConnection> OpenAsync(RawPeer peer, ushort port, uint iss, TimeSpan bound)
    {
        var connection = new RawConnection(peer, port, iss);
        TcpSegment answer = await RawPeer.AskAsync(
            peer.Segments, () => connection.Send(TcpFlags.Syn, []),
            segment => segment.ToPort == port && segment.Has(TcpFlags.Syn | TcpFlags.Ack) && segment.Ack == iss + 1,
            bound, "SYN");
        connection._nextSeq = iss + 1;
        connection._nextAck = answer.Seq + 1;
        connection.Send(TcpFlags.Ack, []);
        return connection;
    }

    /// <summary>A request that fits into one segment, and its reply, which has to fit into one, too.</summary>
    public async Task<string> AskAsync(string request, TimeSpan bound)
    {
        byte[] data = Encoding.ASCII.GetBytes(request);
        TcpSegment answer = await RawPeer.AskAsync(
            _peer.Segments, () => Send(TcpFlags.Ack | TcpFlags.Psh, data),
            segment => segment.ToPort == Port && segment.Seq == _nextAck && segment.Data.Length > 0,
            bound, "a request");
        _nextSeq += (uint)data.Length;
        _nextAck += (uint)answer.Data.Length;
        Send(TcpFlags.Ack, []);
        return Encoding.ASCII.GetString(answer.Data);
    }

    /// <summary>RFC 9293 §3.5.2: a reset exactly at RCV.NXT ends the connection at once.</summary>
    public void Reset() => Send(TcpFlags.Rst, []);

    private void Send(TcpFlags flags, ReadOnlySpan<byte> data) => _peer.SendIpv4(
        Packet.ProtocolTcp,
        Packet.Tcp(
            _peer.Address, _peer.GuestAddress, Port, MemcachedPort, _nextSeq, _nextAck, flags, Window, [], data));
}
