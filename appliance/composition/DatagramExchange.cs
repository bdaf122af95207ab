using System;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>One request that came by UDP, and its answer until that has been sent.</summary>
/// <remarks>
/// The number of datagrams stands in each of them, so the answer is complete before the first one leaves; a client can
/// put it together in any order.
/// </remarks>
internal sealed class DatagramExchange
{
    /// <summary>Bytes of a datagram, header included: memcached's choice, which fits every Ethernet.</summary>
    public const int DatagramLengthMax = 1400;

    /// <summary>The longest answer in bytes. A longer one becomes an error.</summary>
    public const int AnswerLengthMax = 4 << 20;

    private readonly Session _session;
    private readonly ChunkQueue _answer;
    private IpAddress _peer;
    private ushort _peerPort;
    private ushort _requestId;
    private ushort _sequence;
    private int _partLength;
    private ushort _total;

    public DatagramExchange(SessionContext context)
    {
        _session = new Session(context, Session.NoConnection);
        _answer = new ChunkQueue(context.Chunks, AnswerLengthMax);
    }

    /// <summary>True until the whole answer has been sent.</summary>
    public bool IsWaiting => _answer.Length > 0;

    /// <summary>Executes the requests of one datagram. What is only a beginning is forgotten.</summary>
    public void Run(in UdpDatagram datagram, in DatagramHeader header)
    {
        _peer = datagram.Source;
        _peerPort = datagram.SourcePort;
        _requestId = header.RequestId;
        ReadOnlySpan<byte> requests = datagram.Payload.Slice(DatagramHeader.Size);
        bool isText = requests[0] != RequestHeader.Magic;
        if (!TryAnswer(requests))
        {
            _answer.Clear();
            if (isText) _ = _answer.TryAppend(Protocol.Text.Replies.OutOfMemoryWriting);
        }
        _session.Closed();
        _sequence = 0;
    }

    /// <summary>Writes the next datagram of the answer.</summary>
    /// <param name="room">Longer than a header.</param>
    /// <param name="port">Where it comes from.</param>
    public UdpOutput Emit(Span<byte> room, ushort port)
    {
        if (_sequence == 0) Divide(Math.Min(room.Length, DatagramLengthMax) - DatagramHeader.Size);
        // With less room than at first, because a lease has changed the MTU, the rest of the answer is of no use; but it
        // does no harm.
        int length = Math.Min(Math.Min(_answer.Length, _partLength), room.Length - DatagramHeader.Size);
        new DatagramHeader(_requestId, _sequence++, _total).Emit(room);
        _answer.CopyTo(0, room.Slice(DatagramHeader.Size, length));
        _answer.Drop(length);
        return new UdpOutput(port, _peer, _peerPort, DatagramHeader.Size + length);
    }

    private void Divide(int partLength)
    {
        _partLength = partLength;
        _total = (ushort)((_answer.Length + partLength - 1) / partLength);
    }

    /// <summary>Fails if the answer finds no room.</summary>
    private bool TryAnswer(ReadOnlySpan<byte> requests)
    {
        while (true)
        {
            int before = _answer.Length;
            int taken = _session.Receive(requests, _answer);
            if (!_session.IsBlocked) return true;
            // It may have stopped to give others their turn. But nobody drains this answer: without progress it never
            // goes on.
            if (taken == 0 && _answer.Length == before) return false;
            requests = requests.Slice(taken);
        }
    }
}
