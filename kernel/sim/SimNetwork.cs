using System;
using System.Collections.Generic;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Sim;

/// <summary>
/// Ports, and wires between them that lose, duplicate, reorder, delay and corrupt packets: all of it drawn from one seed,
/// in virtual time. It does not know what a packet is: an Ethernet frame of a <see cref="SimDevice"/> or the segment of a
/// <see cref="SimTcpHost{TApplication}"/>.
/// </summary>
/// <remarks>
/// A port with several wires sends on all of them, like a station on a shared cable.
/// </remarks>
public sealed class SimNetwork
{
    private readonly SimTime _time;
    private readonly int _prefixSize;
    private readonly List<List<SimLink>> _links = [];
    private readonly List<Queue<int>> _inboxes = [];
    private readonly List<byte[]> _buffers = [];
    private readonly List<int> _lengths = [];
    private readonly Stack<int> _freeBuffers = new();
    private readonly PriorityQueue<Arrival, (long Micros, long Order)> _arrivals = new();
    private Prng _random;
    private long _order;

    /// <param name="time">The world's time.</param>
    /// <param name="seed">Decides every fault.</param>
    /// <param name="prefixSize">How many bytes at the start of each packet no fault touches.</param>
    public SimNetwork(SimTime time, ulong seed, int prefixSize = 0)
    {
        _time = time;
        _random = new Prng(seed);
        _prefixSize = prefixSize;
    }

    public SimCounters Counters { get; } = new();

    /// <summary>When the next packet arrives, or <see cref="long.MaxValue"/>; now, if one waits to be taken.</summary>
    public long NextArrivalMicros
    {
        get
        {
            foreach (Queue<int> inbox in _inboxes)
            {
                if (inbox.Count > 0) return _time.NowMicros;
            }
            if (!_arrivals.TryPeek(out _, out (long Micros, long Order) due)) return long.MaxValue;
            return Math.Max(due.Micros, _time.NowMicros);
        }
    }

    /// <summary>Makes a port, and returns its number.</summary>
    public int AddPort()
    {
        _links.Add([]);
        _inboxes.Add(new Queue<int>());
        return _links.Count - 1;
    }

    /// <summary>Joins two ports by a wire that does the same in both directions.</summary>
    public void Connect(int a, int b, in SimLinkSettings settings)
    {
        _links[a].Add(new SimLink(b, in settings));
        _links[b].Add(new SimLink(a, in settings));
    }

    /// <summary>Changes what the wire from <paramref name="from"/> to <paramref name="to"/> does from now on.</summary>
    public void Change(int from, int to, in SimLinkSettings settings)
    {
        foreach (SimLink link in _links[from])
        {
            if (link.Destination == to) link.Settings = settings;
        }
    }

    /// <summary>Sends a packet from a port.</summary>
    public void Send(int port, ReadOnlySpan<byte> packet)
    {
        foreach (SimLink link in _links[port])
        {
            Counters.Sent++;
            Send(link, packet);
        }
    }

    /// <summary>Takes the next packet that has arrived at a port. It stays valid until it is recycled.</summary>
    public bool TryReceive(int port, out Span<byte> packet, out int token)
    {
        Deliver();
        packet = default;
        if (!_inboxes[port].TryDequeue(out token)) return false;
        packet = _buffers[token].AsSpan(0, _lengths[token]);
        Counters.Delivered++;
        return true;
    }

    /// <summary>True if <see cref="TryReceive"/> would succeed.</summary>
    public bool HasArrived(int port)
    {
        Deliver();
        return _inboxes[port].Count > 0;
    }

    /// <summary>Gives a received packet's buffer back.</summary>
    public void Recycle(int token) => _freeBuffers.Push(token);

    private void Send(SimLink link, ReadOnlySpan<byte> packet)
    {
        SimLinkSettings settings = link.Settings;
        if (!link.TryEnter(packet.Length, _time.NowMicros, out long arrivalMicros))
        {
            Counters.QueueDrops++;
            return;
        }
        if (settings.Loss.Draw(ref _random))
        {
            Counters.Lost++;
            return;
        }
        if (settings.Duplication.Draw(ref _random))
        {
            Counters.Duplicated++;
            Schedule(link, packet, arrivalMicros + DrawDelay(settings.ReorderingMicros), in settings);
        }
        if (settings.Reordering.Draw(ref _random))
        {
            Counters.Reordered++;
            arrivalMicros += DrawDelay(settings.ReorderingMicros);
        }
        Schedule(link, packet, arrivalMicros, in settings);
    }

    private void Schedule(SimLink link, ReadOnlySpan<byte> packet, long micros, in SimLinkSettings settings)
    {
        int buffer = RentBuffer(packet.Length);
        Span<byte> copy = _buffers[buffer].AsSpan(0, packet.Length);
        packet.CopyTo(copy);
        if (packet.Length > _prefixSize && settings.Corruption.Draw(ref _random))
        {
            Counters.Corrupted++;
            int place = _prefixSize + (int)_random.Below((uint)(packet.Length - _prefixSize));
            copy[place] ^= (byte)(1 + _random.Below(255));
        }
        _arrivals.Enqueue(new Arrival(link.Destination, buffer), (micros, _order++));
    }

    private long DrawDelay(long limitMicros) => limitMicros <= 0 ? 0 : _random.Below((uint)limitMicros + 1);

    private int RentBuffer(int length)
    {
        if (!_freeBuffers.TryPop(out int buffer))
        {
            buffer = _buffers.Count;
            _buffers.Add([]);
            _lengths.Add(0);
        }
        if (_buffers[buffer].Length < length) _buffers[buffer] = new byte[Math.Max(length, 2048)];
        _lengths[buffer] = length;
        return buffer;
    }

    private void Deliver()
    {
        while (_arrivals.TryPeek(out Arrival arrival, out (long Micros, long Order) due) &&
            due.Micros <= _time.NowMicros)
        {
            _ = _arrivals.Dequeue();
            _inboxes[arrival.Port].Enqueue(arrival.Buffer);
        }
    }

    private readonly record struct Arrival(int Port, int Buffer);
}
