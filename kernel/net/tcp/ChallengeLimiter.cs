namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Limits how often a connection answers segments that are probably forged (RFC 5961 §7). The share is per connection:
/// one limit for all would let an attacker read from it whether a connection exists.
/// </summary>
internal struct ChallengeLimiter
{
    private const int CountMax = 10;
    private const long PeriodMicros = 1_000_000;

    private long _periodStart;
    private int _count;

    public bool TryTake(long nowMicros)
    {
        if (nowMicros - _periodStart >= PeriodMicros)
        {
            _periodStart = nowMicros;
            _count = 0;
        }
        if (_count == CountMax) return false;
        _count++;
        return true;
    }
}
