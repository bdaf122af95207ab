using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net;

/// <summary>
/// A token bucket: bursts up to a size, and in the long run one event per interval. Whatever a stranger can make this
/// host send goes through one.
/// </summary>
public sealed class RateLimit
{
    private readonly long _intervalMicros;
    private readonly int _burst;
    private long _refilledMicros;
    private int _tokens;

    public RateLimit(int perSecond, int burst)
    {
        Invariant.Holds(perSecond is >= 1 and <= 1_000_000);
        Invariant.Holds(burst >= 1);
        _intervalMicros = 1_000_000 / perSecond;
        _burst = burst;
        _tokens = burst;
    }

    /// <summary>Whether no token is left.</summary>
    public bool IsEmpty(long nowMicros)
    {
        Refill(nowMicros);
        return _tokens == 0;
    }

    /// <summary>Takes a token; fails if none is left.</summary>
    public bool TryTake(long nowMicros)
    {
        if (IsEmpty(nowMicros)) return false;
        _tokens--;
        return true;
    }

    private void Refill(long nowMicros)
    {
        long earned = (nowMicros - _refilledMicros) / _intervalMicros;
        if (earned >= _burst - _tokens)
        {
            _tokens = _burst;
            _refilledMicros = nowMicros;
        }
        else
        {
            // What did not make a whole token yet stays on the account.
            _tokens += (int)earned;
            _refilledMicros += earned * _intervalMicros;
        }
    }
}
