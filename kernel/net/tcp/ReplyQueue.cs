using System;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Resets that belong to no connection and wait to be sent. A full queue drops: a reset is a courtesy, and its absence
/// costs the peer a timeout.
/// </summary>
internal sealed class ReplyQueue
{
    private const int CountMax = 64;

    private readonly TcpCounters _counters;
    private readonly Flow[] _flows = new Flow[CountMax];
    private readonly SeqNumber[] _seqs = new SeqNumber[CountMax];
    private readonly SeqNumber[] _acks = new SeqNumber[CountMax];
    private readonly TcpFlags[] _flags = new TcpFlags[CountMax];
    private int _first;
    private int _count;

    public ReplyQueue(TcpCounters counters) => _counters = counters;

    /// <summary>Refuses a segment (RFC 9293 §3.10.7.1): the reset carries numbers that its sender will accept.</summary>
    public void Refuse(in Flow flow, in Segment seg)
    {
        if (seg.HasRst) return;
        if (_count == CountMax)
        {
            _counters.RepliesDropped++;
            return;
        }
        int slot = (_first + _count++) % CountMax;
        _flows[slot] = flow;
        // "If the ACK bit is off, sequence number zero is used, <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>. If the ACK bit
        // is on, <SEQ=SEG.ACK><CTL=RST>."
        _seqs[slot] = seg.HasAck ? seg.Ack : default;
        _acks[slot] = seg.HasAck ? default : seg.End;
        _flags[slot] = seg.HasAck ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack;
    }

    public bool IsEmpty => _count == 0;

    public bool TryEmit(Span<byte> room, out TcpOutput output)
    {
        output = default;
        if (_count == 0) return false;
        if (room.Length < TcpHeader.MinSize) return false;
        ref Flow flow = ref _flows[_first];
        TcpHeader header = TcpHeader.Begin(room, TcpHeader.MinSize);
        header.SourcePort = flow.LocalPort;
        header.DestinationPort = flow.RemotePort;
        header.Seq = _seqs[_first];
        header.Ack = _acks[_first];
        header.Flags = _flags[_first];
        output = new TcpOutput(in flow, TcpHeader.MinSize);
        _first = (_first + 1) % CountMax;
        _count--;
        _counters.SegmentsOut++;
        _counters.ResetsSent++;
        return true;
    }
}
