using System;
using System.Threading;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// What the counters must be: where they began, and every update that was acknowledged since. One whose answer is
/// missing may have been done or not. All threads write into it.
/// </summary>
internal sealed class CounterLedger
{
    /// <summary>They take 16 bytes each.</summary>
    public const long CountMax = 10_000_000;

    /// <summary>Sums from here on are those of counters whose beginning is known.</summary>
    private const long KnownMin = long.MinValue / 2;

    private readonly long[] _sums;
    private readonly int[] _doubtsUp;
    private readonly int[] _doubtsDown;
    private readonly bool _hasDecr;
    private long _checked;
    private long _gone;

    /// <param name="count">Counters, at most <see cref="CountMax"/>.</param>
    /// <param name="hasDecr">True if some of the updates subtract.</param>
    public CounterLedger(long count, bool hasDecr)
    {
        _sums = new long[count];
        Array.Fill(_sums, long.MinValue);
        _doubtsUp = new int[count];
        _doubtsDown = hasDecr ? new int[count] : [];
        _hasDecr = hasDecr;
    }

    /// <summary>Counters that were there at the end, and known at the beginning.</summary>
    public long Checked => Volatile.Read(ref _checked);

    /// <summary>Counters that were known at the beginning and not there at the end.</summary>
    public long Gone => Volatile.Read(ref _gone);

    /// <summary>Before any update: the counter is there.</summary>
    public void Begin(long key, ulong number) => Volatile.Write(ref _sums[key], (long)number);

    /// <summary>The server said that it was done.</summary>
    public void Acknowledge(long key, int delta) => Interlocked.Add(ref _sums[key], delta);

    /// <summary>The server did not say whether it was done.</summary>
    public void Doubt(long key, int delta) => Interlocked.Increment(ref (delta > 0 ? _doubtsUp : _doubtsDown)[key]);

    /// <summary>At the end: the counter is not there, so nothing is known of its updates.</summary>
    public void Miss(long key)
    {
        if (_sums[key] >= KnownMin) _ = Interlocked.Increment(ref _gone);
    }

    /// <summary>At the end: null if the counter may be this.</summary>
    public ErrorKind? Check(long key, ulong number)
    {
        if (_sums[key] < KnownMin) return null;
        _ = Interlocked.Increment(ref _checked);
        if (number < Least(key)) return ErrorKind.LostUpdate;
        if (number <= Most(key)) return null;
        // Of those that subtract, one that is lost leaves too much.
        return _hasDecr ? ErrorKind.LostUpdate : ErrorKind.WrongValue;
    }

    /// <summary>What it must be, in words.</summary>
    public string Describe(long key) =>
        Least(key) == Most(key) ? $"{Least(key)}" : $"{Least(key)} to {Most(key)}";

    private ulong Least(long key) => (ulong)(_sums[key] - (_hasDecr ? _doubtsDown[key] : 0));

    private ulong Most(long key) => (ulong)(_sums[key] + _doubtsUp[key]);
}
