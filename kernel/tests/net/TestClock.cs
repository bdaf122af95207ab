using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A clock that a test sets.</summary>
internal readonly struct TestClock : IClock
{
    private readonly long[] _micros;

    public TestClock(long nowMicros) => _micros = [nowMicros];

    public long NowMicros => _micros[0];

    public long UnixSeconds => 0;

    public void Set(long nowMicros) => _micros[0] = nowMicros;
}
