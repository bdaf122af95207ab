using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Management.Http;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>
/// /api/v1/capture?host=ADDRESS&amp;port=PORT&amp;snaplen=BYTES&amp;seconds=SECONDS&amp;rate=BYTES: the packets of the machine as a pcap
/// stream, one reader at a time. The connection that it is read over is left out.
/// </summary>
internal sealed class CaptureResource
{
    private const int SecondsDefault = 60;
    private const int SecondsMax = 3600;

    // A burst of what waits a second. What a capture costs the cache's clients goes up with it: docs/performance.md.
    private const int RateDefault = 64 * 1024;
    private const long MicrosPerSecond = 1_000_000;

    /// <summary>Less than a piece waits so long for more: each piece costs a packet and its acknowledgment.</summary>
    private const long GatheringMicros = 100_000;

    private readonly PacketCapture _capture;
    private long _endsAt;
    private long _gatheredMicros;
    private bool _hasReader;

    public CaptureResource(PacketCapture capture) => _capture = capture;

    /// <summary>Begins a capture and its answer, or refuses.</summary>
    public void Begin(HttpExchange exchange, ReadOnlySpan<byte> query, in Peer peer, long nowMicros, long unixSeconds)
    {
        if (!TryRead(query, in peer, out CaptureSettings settings, out int seconds))
        {
            exchange.Problem(
                400, "host is an IPv4 address, port and snaplen 1 to 65535, seconds 1 to 3600, rate 1 to 1000000000; there is no more."u8);
            return;
        }
        // What waits of a capture that has stopped is still its reader's.
        if (_hasReader || !_capture.TryStart(in settings, unixSeconds * MicrosPerSecond, nowMicros))
        {
            exchange.Problem(409, "A capture is running, or there is no memory for one."u8);
            return;
        }
        _hasReader = true;
        exchange.Cursor = 1;
        _gatheredMicros = nowMicros;
        _endsAt = nowMicros + (seconds * MicrosPerSecond);
        exchange.CloseAfterwards();
        exchange.Answer(200, "application/vnd.tcpdump.pcap"u8, HttpExchange.UnknownLength);
        exchange.Field("Content-Disposition"u8, "attachment; filename=\"memcachier.pcap\""u8);
    }

    /// <summary>The next bytes of the file.</summary>
    public PieceStatus Write(Span<byte> room, long nowMicros, out int length)
    {
        if (nowMicros >= _endsAt) _capture.Stop();
        length = 0;
        bool isGathering = _capture.Length < room.Length && nowMicros < _gatheredMicros;
        if (_capture.IsRunning && isGathering) return PieceStatus.Waiting;
        _gatheredMicros = nowMicros + GatheringMicros;
        length = _capture.Take(room);
        if (length > 0) return PieceStatus.Written;
        return _capture.IsRunning ? PieceStatus.Waiting : PieceStatus.End;
    }

    /// <summary>The reader is gone.</summary>
    public void Ended(HttpExchange exchange)
    {
        if (exchange.Cursor == 0) return;
        _hasReader = false;
        _capture.Discard();
    }

    private static bool TryRead(ReadOnlySpan<byte> query, in Peer peer, out CaptureSettings settings, out int seconds)
    {
        IpAddress host = default;
        ulong port = 0;
        ulong snap = CaptureSettings.SnapLengthMax;
        ulong rate = RateDefault;
        ulong time = SecondsDefault;
        bool isGood = true;
        var parameters = new QueryReader(query);
        while (parameters.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            if (name.SequenceEqual("host"u8)) isGood &= IpAddress.TryParseV4(value, out host);
            else if (name.SequenceEqual("port"u8)) isGood &= TryReadNumber(value, ushort.MaxValue, out port);
            else if (name.SequenceEqual("snaplen"u8)) isGood &= TryReadNumber(value, CaptureSettings.SnapLengthMax, out snap);
            else if (name.SequenceEqual("rate"u8)) isGood &= TryReadNumber(value, CaptureSettings.RateMax, out rate);
            else if (name.SequenceEqual("seconds"u8)) isGood &= TryReadNumber(value, SecondsMax, out time);
            else isGood = false;
        }
        settings = default;
        seconds = (int)time;
        if (!isGood) return false;
        var filter = new CaptureFilter
        {
            Host = host,
            Port = (ushort)port,
            ExceptHost = IpAddress.FromV4(peer.Address),
            ExceptPort = peer.Port,
        };
        settings = new CaptureSettings(filter, (int)snap, (int)rate);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, ulong most, out ulong number) =>
        AsciiDecimal.TryParse(text, out number) && number >= 1 && number <= most;
}
