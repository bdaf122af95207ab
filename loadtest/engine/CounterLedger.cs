using System;
using System.Threading;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;

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
    private readonly KeyFormat _keyFormat;
    private long _checked;
    private long _gone;

    /// <param name="count">Counters, at most <see cref="CountMax"/>.</param>
    /// <param name="hasDecr">True if some of the updates subtract.</param>
    /// <param name="keyFormat">What they are called.</param>
    public CounterLedger(long count, bool hasDecr, KeyFormat keyFormat)
    {
        _keyFormat = keyFormat;
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

    /// <summary>Enters what became of a request for a counter.</summary>
    /// <param name="phase">What it was for.</param>
    /// <param name="request">The request, which is over.</param>
    /// <param name="key">The counter.</param>
    /// <param name="errors">Where a counter is counted that cannot be.</param>
    public void Settle(PhaseKind phase, in Pending request, long key, ErrorCounts errors)
    {
        int delta = request.Operation == Operation.Decr ? -1 : 1;
        switch (phase)
        {
            case PhaseKind.Load when request.IsFailed:
                if (request.Step != RequestStep.Fetch) Doubt(key, delta);
                break;
            case PhaseKind.Load:
                if (request.Hits > 0 && !request.IsRefused) Acknowledge(key, delta);
                break;
            case PhaseKind.CheckCounters when request.Hits == 0 && !request.IsFailed:
                Miss(key);
                break;
            case PhaseKind.CheckCounters when !request.IsFailed:
                if (Check(key, request.Number) is not { } kind) break;
                string name = _keyFormat.ToText(key, KeyKind.Counter);
                errors.Count(kind, $"the counter {name} is {request.Number}, and its updates make {Describe(key)}");
                break;
            default:
                bool isKnown = request.Hits > 0 || request.Operation == Operation.Set;
                if (isKnown && !request.IsFailed) Begin(key, request.Number);
                break;
        }
    }

    /// <summary>Before any update: the counter is there.</summary>
    private void Begin(long key, ulong number) => Volatile.Write(ref _sums[key], (long)number);

    /// <summary>The server said that it was done.</summary>
    private void Acknowledge(long key, int delta) => Interlocked.Add(ref _sums[key], delta);

    /// <summary>The server did not say whether it was done.</summary>
    private void Doubt(long key, int delta) => Interlocked.Increment(ref (delta > 0 ? _doubtsUp : _doubtsDown)[key]);

    /// <summary>At the end: the counter is not there, so nothing is known of its updates.</summary>
    private void Miss(long key)
    {
        if (_sums[key] >= KnownMin) _ = Interlocked.Increment(ref _gone);
    }

    /// <summary>At the end: null if the counter may be this.</summary>
    private ErrorKind? Check(long key, ulong number)
    {
        if (_sums[key] < KnownMin) return null;
        _ = Interlocked.Increment(ref _checked);
        if (number < Least(key)) return ErrorKind.LostUpdate;
        if (number <= Most(key)) return null;
        // Of those that subtract, one that is lost leaves too much.
        return _hasDecr ? ErrorKind.LostUpdate : ErrorKind.WrongValue;
    }

    /// <summary>What it must be, in words.</summary>
    private string Describe(long key) =>
        Least(key) == Most(key) ? $"{Least(key)}" : $"{Least(key)} to {Most(key)}";

    private ulong Least(long key) => (ulong)(_sums[key] - (_hasDecr ? _doubtsDown[key] : 0));

    private ulong Most(long key) => (ulong)(_sums[key] + _doubtsUp[key]);
}
