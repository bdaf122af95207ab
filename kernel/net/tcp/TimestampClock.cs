using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The timestamps of a connection (RFC 7323 §3): our clock, a millisecond a tick from a secret offset, and TS.Recent, what
/// the peer's clock said last.
/// </summary>
internal struct TimestampClock
{
    private const long TickMicros = 1_000;
    private const uint SaneTicksMax = 10 * 60 * 1000;

    private readonly uint _offset;

    public TimestampClock(uint offset)
    {
        _offset = offset;
        IsEnabled = false;
        Recent = 0;
    }

    /// <summary>Both SYNs carried the option; in SYN-SENT: ours does.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>TS.Recent, which our segments echo.</summary>
    public uint Recent { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint TsVal(long nowMicros) => (uint)((ulong)nowMicros / TickMicros) + _offset;

    /// <summary>RFC 7323 §5.3 R1: SEG.TSval &lt; TS.Recent, modulo 2^32.</summary>
    public readonly bool IsOld(uint tsVal) => (int)(tsVal - Recent) < 0;

    /// <summary>The time since we sent <paramref name="tsEcr"/>; fails if we cannot have.</summary>
    public readonly bool TryMeasure(uint tsEcr, long nowMicros, out long rttMicros)
    {
        uint ticks = TsVal(nowMicros) - tsEcr;
        rttMicros = ticks * TickMicros;
        return ticks <= SaneTicksMax;
    }
}
