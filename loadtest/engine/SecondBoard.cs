using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Engine;

/// <summary>Puts the threads' seconds together.</summary>
internal sealed class SecondBoard
{
    private readonly int _operationCount;
    private readonly SortedDictionary<int, Measurement> _open = [];
    private readonly int[] _reached;
    private readonly List<SecondSample> _seconds = [];

    public SecondBoard(int operationCount, int threadCount)
    {
        _operationCount = operationCount;
        _reached = new int[threadCount];
        Total = new Measurement(operationCount);
    }

    public Measurement Total { get; }

    public IReadOnlyList<SecondSample> Seconds => _seconds;

    public void Add(int thread, int second, Measurement counts)
    {
        if (!_open.TryGetValue(second, out Measurement? sum))
        {
            sum = new Measurement(_operationCount);
            _open.Add(second, sum);
        }
        sum.Add(counts);
        Total.Add(counts);
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
            var sample = new SecondSample(second, sum.Sum(), sum.Errors.Total);
            _ = _open.Remove(second);
            _seconds.Add(sample);
            onSecond(sample);
        }
    }
}
