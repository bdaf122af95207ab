using System;
using System.Collections.Generic;
using Memcachier.Kernel.Net.Wire;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Peer;

/// <summary>
/// A client's half of a TCP connection, over a cable on which nothing gets lost. It does what Linux does: timestamps, a
/// scaled window, an acknowledgment of its own as soon as more than a full segment is unacknowledged, and else one with
/// what is sent next. Its congestion window is as large as it takes.
/// </summary>
internal sealed class PeerConnection
{
    /// <summary>Of a segment with timestamps in 1500 bytes.</summary>
    public const int TextMax = 1500 - Ipv4Header.MinSize - TcpHeader.MinSize - TcpOptions.TimestampsSize;

    private const ushort Mss = 1460;
    private const byte WindowScale = 7;
    private const ushort Window = 8192; // 1 MiB

    private readonly Queue<SeqNumber> _acks = [];
    private byte[] _output = new byte[64 * 1024];
    private byte[] _expected = new byte[64 * 1024];
    private int _outputStart;
    private int _outputEnd;
    private int _expectedStart;
    private int _expectedEnd;
    private SeqNumber _sndUna;
    private SeqNumber _sndNxt;
    private SeqNumber _rcvNxt;
    private SeqNumber _acknowledged;
    private uint _tsRecent;
    private int _sndWnd;
    private int _sndScale;
    private bool _isSynDue = true;

    public PeerConnection(ushort localPort, ushort remotePort)
    {
        LocalPort = localPort;
        RemotePort = remotePort;
        _sndUna = _sndNxt = new SeqNumber(localPort * 100_003u);
    }

    public ushort LocalPort { get; }

    public ushort RemotePort { get; }

    public bool IsOpen { get; private set; }

    /// <summary>True once the other side has closed it.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Bytes that are still to come.</summary>
    public int ExpectedCount => _expectedEnd - _expectedStart;

    /// <summary>Where bytes go that <see cref="Expect"/> has not described; without it they are an error.</summary>
    public List<byte>? Unexpected { get; set; }

    public bool HasTextToSend => _outputEnd > _outputStart;

    /// <summary>What is to be sent.</summary>
    public void Write(ReadOnlySpan<byte> text) => Append(ref _output, ref _outputStart, ref _outputEnd, text);

    /// <summary>What is to come, byte for byte.</summary>
    public void Expect(ReadOnlySpan<byte> text) => Append(ref _expected, ref _expectedStart, ref _expectedEnd, text);

    /// <summary>Acknowledges all that has come, as a timer would.</summary>
    public void AcknowledgeNow()
    {
        if (_acknowledged == _rcvNxt) return;
        _acks.Enqueue(_rcvNxt);
        _acknowledged = _rcvNxt;
    }

    /// <summary>Writes the next segment, if one is due.</summary>
    /// <param name="segment">At least <see cref="TcpHeader.MaxSize"/> and <see cref="TextMax"/> bytes.</param>
    /// <param name="now">The clock of the timestamps.</param>
    /// <param name="length">How many of them the segment has.</param>
    public bool TryEmit(Span<byte> segment, uint now, out int length)
    {
        length = 0;
        if (_isSynDue)
        {
            _isSynDue = false;
            var options = new TcpOptions
            {
                Mss = Mss, HasWindowScale = true, WindowScale = WindowScale, HasTimestamps = true, TsVal = now,
            };
            length = Begin(segment, TcpFlags.Syn, _sndNxt, default, in options, Window);
            _sndNxt += 1;
            return true;
        }
        if (!IsOpen) return false;
        var timestamps = new TcpOptions { HasTimestamps = true, TsVal = now, TsEcr = _tsRecent };
        if (_acks.TryDequeue(out SeqNumber ack))
        {
            length = Begin(segment, TcpFlags.Ack, _sndNxt, ack, in timestamps, Window);
            return true;
        }
        int size = Math.Min(Math.Min(_outputEnd - _outputStart, TextMax), _sndUna + _sndWnd - _sndNxt);
        if (size <= 0) return false;
        TcpFlags flags = _outputStart + size == _outputEnd ? TcpFlags.Ack | TcpFlags.Psh : TcpFlags.Ack;
        length = Begin(segment, flags, _sndNxt, _rcvNxt, in timestamps, Window);
        _output.AsSpan(_outputStart, size).CopyTo(segment[length..]);
        length += size;
        _outputStart += size;
        _sndNxt += size;
        _acknowledged = _rcvNxt;
        return true;
    }

    /// <summary>A reset, after which the other side knows nothing of this connection.</summary>
    public int EmitReset(Span<byte> segment) => Begin(segment, TcpFlags.Rst, _sndNxt, default, default, 0);

    public void Arrives(TcpHeader segment)
    {
        if (!TcpOptions.TryParse(segment.Options, out TcpOptions options))
            throw new LoadTestException("the guest sends a segment with options that cannot be");
        if (segment.Flags.HasFlag(TcpFlags.Rst)) throw new LoadTestException("the guest resets a connection");
        if (segment.Flags.HasFlag(TcpFlags.Syn))
        {
            _rcvNxt = _acknowledged = segment.Seq + 1;
            _sndScale = options.WindowScale;
            _tsRecent = options.TsVal;
            _sndUna = segment.Ack;
            _sndWnd = segment.Window;
            IsOpen = true;
            _acks.Enqueue(_rcvNxt);
            return;
        }
        if (segment.Ack > _sndUna) _sndUna = segment.Ack;
        _sndWnd = segment.Window << _sndScale;
        // Nothing gets lost here: another number is that of a segment sent again by a guest that was kept waiting.
        if (segment.Seq != _rcvNxt) return;
        _tsRecent = options.TsVal;
        Take(segment.Text);
        if (segment.Flags.HasFlag(TcpFlags.Fin))
        {
            IsEnded = true;
            _rcvNxt += 1;
            AcknowledgeNow();
        }
        // RFC 9293 §3.8.6.3: "at least every second full-sized segment".
        if (_rcvNxt - _acknowledged > TextMax) AcknowledgeNow();
    }

    private void Take(ReadOnlySpan<byte> text)
    {
        _rcvNxt += text.Length;
        int known = Math.Min(text.Length, ExpectedCount);
        if (!text[..known].SequenceEqual(_expected.AsSpan(_expectedStart, known)))
            throw new LoadTestException("the guest answers with other bytes than it should");
        _expectedStart += known;
        if (text.Length == known) return;
        if (Unexpected == null) throw new LoadTestException("the guest answers more than it was asked");
        Unexpected.AddRange(text[known..]);
    }

    private int Begin(
        Span<byte> segment, TcpFlags flags, SeqNumber seq, SeqNumber ack, in TcpOptions options, ushort window)
    {
        int size = TcpHeader.MinSize + options.Size;
        TcpHeader header = TcpHeader.Begin(segment, size);
        header.SourcePort = LocalPort;
        header.DestinationPort = RemotePort;
        header.Seq = seq;
        header.Ack = ack;
        header.Flags = flags;
        header.Window = window;
        options.Write(segment[TcpHeader.MinSize..size]);
        return size;
    }

    private static void Append(ref byte[] buffer, ref int start, ref int end, ReadOnlySpan<byte> text)
    {
        if (end + text.Length > buffer.Length)
        {
            int count = end - start;
            byte[] target = count + text.Length > buffer.Length ? new byte[2 * (count + text.Length)] : buffer;
            buffer.AsSpan(start, count).CopyTo(target);
            (buffer, start, end) = (target, 0, count);
        }
        text.CopyTo(buffer.AsSpan(end));
        end += text.Length;
    }
}
