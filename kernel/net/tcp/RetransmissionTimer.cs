using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The retransmission timeout and the round-trip times it is computed from (RFC 6298).</summary>
internal struct RetransmissionTimer
{
    private const long InitialRtoMicros = 1_000_000;            // (2.1)
    private const long RtoAfterLostSynMicros = 3_000_000;       // (5.7)
    private const long ClockGranularityMicros = 1_024;          // G: the tick of the timer wheel
    private const int BackoffMax = 30;

    private long _minRto;
    private long _maxRto;
    private long _rto;
    private long _srttTimes8;
    private long _rttVarTimes4;
    private byte _backoff;
    private bool _hasSample;

    public readonly long Srtt => _srttTimes8 >> 3;

    public readonly long RttVar => _rttVarTimes4 >> 2;

    /// <summary>The timeout, backed off as often as it expired since the last measurement.</summary>
    public readonly long Rto => Math.Min(_rto << _backoff, _maxRto);

    /// <summary>How often the timer has expired since the last measurement.</summary>
    public readonly int Backoff => _backoff;

    public void Start(long minRtoMicros, long maxRtoMicros)
    {
        this = default;
        _minRto = minRtoMicros;
        _maxRto = maxRtoMicros;
        _rto = InitialRtoMicros;
    }

    /// <summary>
    /// Takes a round-trip time, of a segment that was sent once (Karn's algorithm) or carried a timestamp. What alpha and
    /// beta divide by is kept multiplied (Jacobson, 1988, appendix A): no division, and nothing is cut off.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Sample(long rttMicros)
    {
        if (_hasSample)
        {
            // (2.3), alpha = 1/8 and beta = 1/4, of the deviation from the old SRTT.
            long deviation = rttMicros - Srtt;
            _srttTimes8 += deviation;
            _rttVarTimes4 += (deviation < 0 ? -deviation : deviation) - RttVar;
        }
        else
        {
            _srttTimes8 = 8 * rttMicros;                        // (2.2)
            _rttVarTimes4 = 2 * rttMicros;
            _hasSample = true;
        }
        _rto = Math.Max(Srtt + Math.Max(ClockGranularityMicros, _rttVarTimes4), _minRto);
        _backoff = 0;
    }

    /// <summary>(5.5) The timer expired: double the timeout.</summary>
    public void BackOff()
    {
        if (_backoff < BackoffMax && _rto << _backoff < _maxRto) _backoff++;
    }

    /// <summary>(5.7) The handshake needed a retransmission, so nothing is known yet: begin with three seconds.</summary>
    public void RestartAfterLostSyn()
    {
        _backoff = 0;
        if (!_hasSample) _rto = Math.Max(_rto, RtoAfterLostSynMicros);
    }
}
