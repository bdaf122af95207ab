using System;
using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Replay;

/// <summary>What happened: on one connection while it runs, on all of them in the end.</summary>
public sealed class ReplayCounts
{
    private readonly long _interval;
    private readonly List<IntervalCounts> _intervals = [];
    private readonly SortedDictionary<string, long> _storeFailures = new(StringComparer.Ordinal);

    /// <param name="interval">Requests of an interval, or 0.</param>
    public ReplayCounts(long interval) => _interval = interval;

    public long Requests => Hits + Misses;

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    public double MissRatio => Requests == 0 ? 0 : (double)Misses / Requests;

    /// <summary>Values that the server accepted.</summary>
    public long Stores { get; private set; }

    public long StoreFailures => _storeFailures.Values.Sum();

    /// <summary>How often the server refused a value, by what it said.</summary>
    public IReadOnlyDictionary<string, long> StoreFailuresByError => _storeFailures;

    /// <summary>Hits with another value than the one that was stored; they count as hits, too.</summary>
    public long WrongValues { get; private set; }

    /// <summary>The key of one of the wrong values.</summary>
    public string? WrongKey { get; private set; }

    /// <summary>Bytes of values that the server answered with.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes of values that the server accepted.</summary>
    public long BytesStored { get; private set; }

    /// <summary>The trace cut into pieces, in its order; the last one may be shorter.</summary>
    public IReadOnlyList<IntervalCounts> Intervals => _intervals;

    /// <param name="position">The request's place in the trace, from 0.</param>
    /// <param name="valueLength">Bytes of the value.</param>
    public void CountHit(long position, int valueLength)
    {
        Hits++;
        BytesRead += valueLength;
        if (_interval > 0) IntervalOf(position).Hits++;
    }

    public void CountMiss(long position)
    {
        Misses++;
        if (_interval > 0) IntervalOf(position).Misses++;
    }

    public void CountWrongValue(string key)
    {
        WrongValues++;
        WrongKey ??= key;
    }

    public void CountStore(int valueLength)
    {
        Stores++;
        BytesStored += valueLength;
    }

    public void CountStoreFailure(string error, long count = 1) =>
        _storeFailures[error] = _storeFailures.GetValueOrDefault(error) + count;

    public void Add(ReplayCounts other)
    {
        Hits += other.Hits;
        Misses += other.Misses;
        Stores += other.Stores;
        WrongValues += other.WrongValues;
        WrongKey ??= other.WrongKey;
        BytesRead += other.BytesRead;
        BytesStored += other.BytesStored;
        foreach ((string error, long count) in other._storeFailures) CountStoreFailure(error, count);
        for (int i = 0; i < other._intervals.Count; i++)
        {
            IntervalCounts sum = IntervalOf(i * _interval);
            sum.Hits += other._intervals[i].Hits;
            sum.Misses += other._intervals[i].Misses;
        }
    }

    private IntervalCounts IntervalOf(long position)
    {
        int index = (int)(position / _interval);
        while (_intervals.Count <= index) _intervals.Add(new IntervalCounts());
        return _intervals[index];
    }
}
