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
    private readonly ChunkQueue _rest;
    private readonly ChunkQueue _answer;
    private IpAddress _peer;
    private ushort _peerPort;
    private ushort _requestId;
    private ushort _sequence;
    private int _partLength;
    private ushort _total;
    private bool _isText;

    public DatagramExchange(SessionContext context)
    {
        _session = new Session(context, Session.NoConnection);
        _rest = new ChunkQueue(context.Chunks, ushort.MaxValue);
        _answer = new ChunkQueue(context.Chunks, AnswerLengthMax);
    }

    /// <summary>True while requests of the datagram are left that wait for their turn: <see cref="GoOn"/>.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>True until the whole answer has been sent.</summary>
    public bool IsWaiting => IsRunning || _answer.Length > 0;

    /// <summary>
    /// Executes the requests of one datagram, as many as may run in one turn. What is only a beginning is forgotten.
    /// </summary>
    public void Run(in UdpDatagram datagram, in DatagramHeader header)
    {
        _peer = datagram.Source;
        _peerPort = datagram.SourcePort;
        _requestId = header.RequestId;
        _sequence = 0;
        ReadOnlySpan<byte> requests = datagram.Payload.Slice(DatagramHeader.Size);
        _isText = requests[0] != RequestHeader.Magic;
        bool hasRoom = TryExecute(ref requests);
        // What has to wait is kept: the datagram's buffer goes back to the device.
        if (hasRoom && _session.WantsTurn) hasRoom = _rest.TryAppend(requests);
        Ended(hasRoom);
    }

    /// <summary>Gives the requests that are left another turn.</summary>
    public void GoOn()
    {
        bool hasRoom;
        do
        {
            ReadOnlySpan<byte> requests = _rest.Peek();
            int length = requests.Length;
            hasRoom = TryExecute(ref requests);
            _rest.Drop(length - requests.Length);
        }
        while (hasRoom && !_session.WantsTurn && _rest.Length > 0);
        Ended(hasRoom);
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

    /// <summary>
    /// Executes requests, and takes away those that are done: all of them, or as many as may run in one turn. Fails if
    /// the answer finds no room, for nobody makes room for it before it is complete.
    /// </summary>
    private bool TryExecute(ref ReadOnlySpan<byte> requests)
    {
        while (true)
        {
            int before = _answer.Length;
            int taken = _session.Receive(requests, _answer);
            requests = requests.Slice(taken);
            if (!_session.IsBlocked || _session.WantsTurn) return true;
            if (taken == 0 && _answer.Length == before) return false;
        }
    }

    private void Ended(bool hasRoom)
    {
        IsRunning = hasRoom && _session.WantsTurn;
        if (IsRunning) return;
        if (!hasRoom)
        {
            _answer.Clear();
            if (_isText) _ = _answer.TryAppend(Protocol.Text.Replies.OutOfMemoryWriting);
        }
        _rest.Clear();
        _session.Closed();
    }
}
