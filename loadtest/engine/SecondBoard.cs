using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Engine;

/// <summary>Puts the threads' seconds together.</summary>
internal sealed class SecondBoard
{
    private const long NanosPerSecond = 1_000_000_000;

    private readonly Schedule _schedule;
    private readonly SortedDictionary<int, Measurement> _open = [];
    private readonly int[] _reached;
    private readonly List<SecondSample> _seconds = [];

    public SecondBoard(int operationCount, int threadCount, Schedule schedule)
    {
        _schedule = schedule;
        int simulationCount = schedule.Simulations.Count;
        _reached = new int[threadCount];
        Total = new Measurement(operationCount);
        Simulations = new Measurement[simulationCount];
        // With one simulation, it is the whole.
        for (int i = 0; i < simulationCount; i++)
            Simulations[i] = simulationCount == 1 ? Total : new Measurement(operationCount);
    }

    public Measurement Total { get; }

    /// <summary>The same, divided by simulations.</summary>
    public Measurement[] Simulations { get; }

    public IReadOnlyList<SecondSample> Seconds => _seconds;

    /// <summary>A thread has left a second behind. <paramref name="counts"/> is the board's from now on.</summary>
    public void Add(int thread, int second, int simulation, Measurement counts)
    {
        Total.Add(counts);
        if (Simulations.Length > 1) Simulations[simulation].Add(counts);
        if (_open.TryGetValue(second, out Measurement? sum)) sum.Add(counts);
        else _open.Add(second, counts);
        _reached[thread] = second + 1;
    }

    /// <summary>Takes the seconds that every thread has left behind.</summary>
    public void Publish(Action<SecondSample> onSecond) => Close(_reached.Min(), onSecond);

    /// <summary>Takes what is left.</summary>
    public void Finish(Action<SecondSample> onSecond) => Close(int.MaxValue, onSecond);

    private void Close(int limit, Action<SecondSample> onSecond)
    {
        while (_open.Count > 0 && _open.First() is (int second, Measurement sum) && second < limit)
        {
            var sample = new SecondSample(second, OperationSecond.Of(sum.Sum()), sum.Errors.Total)
            {
                Simulation = Simulations.Length == 1
                    ? null
                    : _schedule.Simulations[_schedule.SimulationAt(second * NanosPerSecond)].Name,
                Operations = [.. sum.Operations.Select(OperationSecond.Of)],
                ErrorsByKind = sum.Errors,
                ClientCpu = sum.ClientCpu,
                LagNanos = sum.Lag.Percentile(99.9),
            };
            _ = _open.Remove(second);
            _seconds.Add(sample);
            onSecond(sample);
        }
    }
}
