using System;
using Memcachier.Cache;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Protocol;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>
/// memcached's protocols over UDP (memcached's protocol.txt, "UDP protocol"): a request is one datagram, executed by a
/// session of its own as it arrives; the answer waits in a queue until it has been sent, in as many datagrams as it
/// takes. Who comes when all exchanges are waiting is not answered, as UDP has it, and is counted.
/// </summary>
/// <remarks>
/// The answers that wait take turns, a datagram each, so that a long one does not hold up the others; and so do the
/// requests of a datagram that ask for more work than one call may do.
/// </remarks>
public sealed class DatagramServer
{
    /// <summary>Requests whose answers may wait: as many as one round of the network takes in.</summary>
    public const int ExchangeCount = 64;

    private readonly DatagramExchange[] _exchanges = new DatagramExchange[ExchangeCount];
    private readonly int[] _free = new int[ExchangeCount];
    private readonly int[] _waiting = new int[ExchangeCount];
    private readonly Statistics _statistics;
    private readonly ushort _port;
    private int _freeCount;
    private int _firstWaiting;
    private int _waitingCount;

    /// <param name="context">What the sessions share with those of TCP.</param>
    /// <param name="port">The UDP port that is served.</param>
    public DatagramServer(SessionContext context, ushort port)
    {
        _statistics = context.Statistics;
        _port = port;
        for (int i = 0; i < ExchangeCount; i++)
        {
            _exchanges[i] = new DatagramExchange(context);
            _free[_freeCount++] = i;
        }
    }

    /// <summary>Executes what a datagram asks for. One that is no request is ignored, as in memcached.</summary>
    public void Arrives(in UdpDatagram datagram)
    {
        if (!DatagramHeader.TryParse(datagram.Payload, out DatagramHeader header)) return;
        _statistics.BytesRead += datagram.Payload.Length;
        // A request of several datagrams would need a place to come together in, for anybody who sends one of them.
        if (header.Total != 1) return;
        if (_freeCount == 0)
        {
            _statistics.UdpDropped++;
            return;
        }
        int index = _free[--_freeCount];
        _exchanges[index].Run(in datagram, in header);
        Queue(index);
    }

    /// <summary>True if there is something to do for <see cref="TryEmit"/>.</summary>
    public bool IsWaiting => _waitingCount > 0;

    /// <summary>
    /// Writes the next datagram of the answers that wait; fails if none does, or if it was the turn of requests that
    /// are not done yet: that is work enough for a round.
    /// </summary>
    public bool TryEmit(Span<byte> room, out UdpOutput output)
    {
        output = default;
        if (_waitingCount == 0) return false;
        int index = _waiting[_firstWaiting];
        _firstWaiting = (_firstWaiting + 1) % ExchangeCount;
        _waitingCount--;
        DatagramExchange exchange = _exchanges[index];
        bool isEmitting = !exchange.IsRunning;
        if (isEmitting) output = exchange.Emit(room, _port);
        else exchange.GoOn();
        _statistics.BytesWritten += output.Length;
        Queue(index);
        return isEmitting;
    }

    private void Queue(int index)
    {
        if (!_exchanges[index].IsWaiting)
        {
            _free[_freeCount++] = index;
            return;
        }
        _waiting[(_firstWaiting + _waitingCount) % ExchangeCount] = index;
        _waitingCount++;
    }
}
