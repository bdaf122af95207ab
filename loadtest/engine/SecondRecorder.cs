using System;
using System.Collections.Concurrent;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Engine;

/// <summary>What a thread measures, second by second, and of each second by simulation.</summary>
internal sealed class SecondRecorder
{
    private const long NanosPerSecond = 1_000_000_000;

    private readonly int _operationCount;
    private readonly AlarmClock _alarm;

    /// <summary>Of the second that runs: each simulation of which something was answered in it.</summary>
    private Measurement?[] _current = [];
    private int _second;
    private long _nextSecond;
    private long _cpuStart;
    private long _secondCpuStart;
    private long _secondStart;
    private long _allocatedStart;

    /// <param name="operationCount">Operations of the mix.</param>
    /// <param name="alarm">By which the thread waits.</param>
    public SecondRecorder(int operationCount, AlarmClock alarm)
    {
        _alarm = alarm;
        _operationCount = operationCount;
        Unmeasured = new Measurement(operationCount);
    }

    /// <summary>The seconds that are over; the last one ends with the phase. Another thread takes them away.</summary>
    public ConcurrentQueue<(int Second, int Simulation, Measurement Counts)> Samples { get; } = [];

    /// <summary>Where that goes which was due before the measurement.</summary>
    public Measurement Unmeasured { get; }

    /// <summary>True once the warm-up is over.</summary>
    public bool HasBegun => _second >= 0;

    /// <summary>When <see cref="MoveTo"/> is to be called.</summary>
    public long NextSecond => _nextSecond;

    /// <summary>The samples of a phase of a second with an answer in it, by the way of all others.</summary>
    public static ConcurrentQueue<(int Second, int Simulation, Measurement Counts)> Rehearse(
        int operationCount, Schedule schedule)
    {
        long start = LoadClock.Now();
        using var poll = new EventPoll();
        var recorder = new SecondRecorder(operationCount, new AlarmClock(poll));
        var pacer = new Pacer(schedule, start, lane: 0, laneCount: 1);
        recorder.Begin(schedule.Simulations.Count, start, pacer.Simulation);
        recorder.MoveTo(start, long.MaxValue, pacer);
        recorder.Of(pacer.Simulation).Operations[0].Latency.Record(1);
        recorder.MoveTo(start + NanosPerSecond, long.MaxValue, pacer);
        recorder.End(new ThreadOutcome { Unsent = [] }, start, pacer.Simulation);
        return recorder.Samples;
    }

    /// <summary>A phase begins.</summary>
    /// <param name="simulationCount">Of its schedule.</param>
    /// <param name="measureStart">When its first second begins.</param>
    /// <param name="simulation">The first one.</param>
    public void Begin(int simulationCount, long measureStart, int simulation)
    {
        _current = new Measurement?[simulationCount];
        _ = Of(simulation);
        _second = -1;
        _nextSecond = measureStart;
    }

    /// <summary>Hot: once per request. The second that runs.</summary>
    public Measurement Of(int simulation) => _current[simulation] ??= new Measurement(_operationCount);

    /// <summary>Hands over what was measured in the seconds that are over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="end">What comes in after it belongs to the last second.</param>
    /// <param name="pacer">Knows the simulation that runs.</param>
    public void MoveTo(long now, long end, Pacer pacer)
    {
        if (_second < 0)
        {
            _cpuStart = _secondCpuStart = Cpu();
            _secondStart = now;
            _allocatedStart = GC.GetAllocatedBytesForCurrentThread();
            _second = 0;
            _nextSecond += NanosPerSecond;
        }
        while (now >= _nextSecond && _nextSecond < end)
        {
            HandOver(now, pacer.Simulation);
            // There is a sample of each second, whether anything happens in it or not.
            pacer.MoveTo(now);
            _ = Of(pacer.Simulation);
            _second++;
            _nextSecond += NanosPerSecond;
        }
        if (_nextSecond >= end && now >= _nextSecond) _nextSecond = long.MaxValue;
    }

    /// <summary>The phase is over.</summary>
    /// <param name="outcome">Gets what the measurement cost; nothing if it did not begin.</param>
    /// <param name="measureStart">When the first second began.</param>
    /// <param name="simulation">The last one.</param>
    public void End(ThreadOutcome outcome, long measureStart, int simulation)
    {
        long now = LoadClock.Now();
        HandOver(now, simulation);
        // A thread without a share of the requests is over before the measurement begins.
        if (_second < 0) return;
        outcome.CpuNanos = Cpu() - _cpuStart;
        outcome.WallNanos = now - measureStart;
        outcome.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedStart;
    }

    /// <summary>What the thread used, without what it waited awake.</summary>
    private long Cpu() => LoadClock.ThreadCpu() - _alarm.IdleNanos;

    private void HandOver(long now, int simulation)
    {
        if (_second >= 0)
        {
            long cpu = Cpu();
            Measurement current = Of(simulation);
            current.CpuNanos = cpu - _secondCpuStart;
            current.WallNanos = now - _secondStart;
            _secondCpuStart = cpu;
            _secondStart = now;
        }
        for (int i = 0; i < _current.Length; i++)
        {
            if (_current[i] is { } counts) Samples.Enqueue((Math.Max(_second, 0), i, counts));
            _current[i] = null;
        }
    }
}
