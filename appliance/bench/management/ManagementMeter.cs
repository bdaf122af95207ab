using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Appliance.Bench;

/// <summary>Measures the cache's clients, alone and with company.</summary>
internal sealed class ManagementMeter
{
    private const int NameMax = 80;
    private const ulong Second = 1_000_000_000;
    private const ulong SliceNanos = Second;
    private const ulong SettlingNanos = Second / 20;

    // A capture begins with as much as may wait, once.
    private const ulong CaptureSettlingNanos = Second / 4;

    private readonly FigureLog _log;
    private readonly Stopwatch _watch;
    private readonly Crowd _crowd;
    private readonly Node _node;
    private ulong _nextScrape = ulong.MaxValue;

    public ManagementMeter(FigureLog log, Stopwatch watch, Crowd crowd, Node node)
    {
        _log = log;
        _watch = watch;
        _crowd = crowd;
        _node = node;
    }

    /// <summary>Both ends learn each other's hardware address, with one connection: many would be too many to wait for it.</summary>
    public void Begin()
    {
        _crowd.ConnectScraper();
        Run(SettlingNanos);
    }

    /// <summary>Prints the figures of one load.</summary>
    /// <param name="connections">Clients of the cache.</param>
    /// <param name="depth">Requests that each of them has on its way.</param>
    public void Measure(int connections, int depth)
    {
        _crowd.Connect(connections, depth);
        Run(SettlingNanos);
        Invariant.Holds(_crowd.ClientCount == connections);
        MeasureSlice("alone"u8, connections, depth);
        _crowd.ConnectReader();
        Run(SettlingNanos);
        _crowd.BeginCapture();
        Run(CaptureSettlingNanos);
        _nextScrape = _watch.Now + (Second / 4);
        MeasureSlice("in company"u8, connections, depth);
        _nextScrape = ulong.MaxValue;
        _crowd.EndCapture();
        Run(SettlingNanos);
        MeasureSlice("alone again"u8, connections, depth);
        _crowd.Disconnect();
        Run(SettlingNanos);
    }

    private void MeasureSlice(ReadOnlySpan<byte> company, int connections, int depth)
    {
        _crowd.Latencies.Clear();
        long before = _crowd.ManagementBytes;
        ulong start = _watch.Now;
        Run(SliceNanos);
        ulong took = _watch.Now - start;
        LatencyTable latencies = _crowd.Latencies;
        Write(company, connections, depth, "time of a request"u8, took, (int)latencies.Count);
        Write(company, connections, depth, "p50"u8, latencies.Quantile(500), 1);
        Write(company, connections, depth, "p99"u8, latencies.Quantile(990), 1);
        Write(company, connections, depth, "p99.9"u8, latencies.Quantile(999), 1);
        Write(company, connections, depth, "slowest"u8, latencies.Max, 1);
        var line = new LineBuilder(stackalloc byte[NameMax]);
        line.Append("bytes of metrics and capture: "u8);
        line.AppendDecimal((ulong)(_crowd.ManagementBytes - before));
        _log.WriteLine(line.Octets);
    }

    private void Write(
        ReadOnlySpan<byte> company, int connections, int depth, ReadOnlySpan<byte> figure, ulong total, int count)
    {
        var name = new LineBuilder(stackalloc byte[NameMax]);
        name.AppendDecimal((ulong)connections);
        name.Append(" x "u8);
        name.AppendDecimal((ulong)depth);
        name.Append(" "u8);
        name.Append(company);
        name.Append(", "u8);
        name.Append(figure);
        _log.WriteFigure(name.Octets, total, count);
    }

    private void Run(ulong nanos)
    {
        ulong end = _watch.Now + nanos;
        while (_watch.Now < end)
        {
            _ = _node.Round();
            _watch.Pause();
            if (_watch.Now >= _nextScrape)
            {
                _nextScrape += Second;
                _crowd.Scrape();
            }
            _crowd.Run();
            _watch.GoOn();
        }
    }
}
