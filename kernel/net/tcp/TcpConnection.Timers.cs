using System;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The timers: retransmission (RFC 6298) or, when the window is closed, persist (RFC 9293 §3.8.6.1); delayed
/// acknowledgment; keepalive (§3.8.4); the end of a state that may not last; text behind a gap that nobody fills; another
/// try for the application.
/// </summary>
public sealed partial class TcpConnection
{
    private const long RetryMicros = 20_000;
    private const long PersistMinMicros = 500_000;
    private const long GapLifeMicros = 10_000_000;
    private const long TimestampLifeMicros = 24L * 24 * 3600 * 1_000_000;
    private const long ScarceTimeoutMicros = 20_000_000;
    private const int PersistBackoffMax = 16;

    private long _retransmitAt;
    private long _delayedAckAt;
    private long _keepaliveAt;
    private long _expiresAt;
    private long _gapExpiresAt;
    private long _retryAt;
    private long _lastHeardAt;
    private long _progressAt;
    private int _keepaliveCount;
    private byte _persistBackoff;
    private bool _isPersisting;

    /// <summary>
    /// When <see cref="AdvanceTimers"/> should look again: the earliest deadline that there was since it last did. Most
    /// of them move away, or end, long before they come.
    /// </summary>
    internal long NextDeadline { get; private set; }

    /// <summary>When text is acknowledged if nothing else can carry the acknowledgment.</summary>
    internal long DelayedAckAt => _delayedAckAt;

    internal void AdvanceTimers()
    {
        long now = _tcp.Now;
        if (now >= _expiresAt) Expired();
        if (now >= _retransmitAt)
        {
            if (_isPersisting) PersistTimedOut();
            else RetransmissionTimedOut();
        }
        if (now >= _keepaliveAt) KeepaliveTimedOut();
        if (now >= _delayedAckAt)
        {
            _delayedAckAt = Never;
            AcknowledgeNow();
        }
        if (now >= _gapExpiresAt) GapExpired();
        if (now >= _retryAt)
        {
            _retryAt = Never;
            _isRetryDue = true;
        }
        NextDeadline = Math.Min(
            Math.Min(Math.Min(_retransmitAt, _delayedAckAt), Math.Min(_keepaliveAt, _expiresAt)),
            Math.Min(_gapExpiresAt, _retryAt));
    }

    /// <summary>Every deadline is set to what this makes of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private long Deadline(long micros)
    {
        if (micros < NextDeadline) NextDeadline = micros;
        return micros;
    }

    /// <summary>USER TIMEOUT and TIME-WAIT TIMEOUT of RFC 9293 §3.10.8, for the states that have a limit of their own.</summary>
    private void Expired()
    {
        if (State == TcpState.FinWait2 && _tcp.Now - _lastHeardAt < _tcp.Settings.FinWait2TimeoutMicros)
        {
            // The peer still sends: it has until it falls silent.
            _expiresAt = Deadline(_lastHeardAt + _tcp.Settings.FinWait2TimeoutMicros);
            return;
        }
        if (State == TcpState.TimeWait) Die(CloseReason.Normal);
        else TimeOut();
    }

    /// <summary>
    /// Nobody fills the gap, so what lies behind it is given up. It was never acknowledged: an honest peer sends it again,
    /// and another one does not hold memory for longer than this.
    /// </summary>
    private void GapExpired()
    {
        _gapExpiresAt = Never;
        _reassembly.Clear();
        _tcp.Counters.GapsExpired++;
    }

    /// <summary>RETRANSMISSION TIMEOUT (RFC 9293 §3.10.8, RFC 6298 (5.4) to (5.6)).</summary>
    private void RetransmissionTimedOut()
    {
        StopRetransmitting();
        bool isSyn = State is TcpState.SynSent or TcpState.SynReceived;
        if (!isSyn && _tcp.Now - _progressAt >= _tcp.Settings.UserTimeoutMicros)
        {
            TimeOut();
            return;
        }
        _tcp.Counters.RetransmissionTimeouts++;
        bool isFirst = _rto.Backoff == 0;
        _rto.BackOff();
        StopTiming();
        _snd.Cursor = _snd.Una;
        if (isSyn) return;
        _congestion.TimedOut(_snd.FlightSize, isFirst);
        _recovery.TimedOut(_snd.Nxt);
    }

    /// <summary>The window stayed closed, or too small to be worth using, for another period: probe it.</summary>
    private void PersistTimedOut()
    {
        // RFC 9293 §3.8.6.1: as long as the peer answers, the connection stays open, if need be for ever. Not for an
        // application that has closed, though: RFC 6429 leaves that to us, and such a peer would only hold our memory.
        long aliveSince = _hasClosed ? _progressAt : Math.Max(_lastHeardAt, _progressAt);
        if (_tcp.Now - aliveSince >= _tcp.Settings.UserTimeoutMicros)
        {
            TimeOut();
            return;
        }
        // Nor for ever at the cost of everybody else: when memory is scarce, whoever takes nothing gives back what he holds.
        if (IsPoolScarce && _tcp.Now - _progressAt >= ScarceTimeoutMicros)
        {
            _tcp.Counters.ClosedWindowsDropped++;
            TimeOut();
            return;
        }
        _isProbeDue = true;
        if (_persistBackoff < PersistBackoffMax) _persistBackoff++;
        _retransmitAt = Deadline(_tcp.Now + PersistMicros);
    }

    private void KeepaliveTimedOut()
    {
        ref readonly TcpSettings settings = ref _tcp.Settings;
        long silentSince = _lastHeardAt + settings.KeepaliveIdleMicros;
        if (_tcp.Now < silentSince)
        {
            _keepaliveAt = Deadline(silentSince);
            return;
        }
        if (_snd.Nxt != _snd.Una || _isPersisting)
        {
            // Retransmissions and window probes find a dead peer by themselves.
            _keepaliveAt = Deadline(_tcp.Now + settings.KeepaliveIntervalMicros);
            return;
        }
        if (_keepaliveCount == settings.KeepaliveCountMax)
        {
            TimeOut();
            return;
        }
        _keepaliveCount++;
        _isKeepaliveProbeDue = true;
        _keepaliveAt = Deadline(_tcp.Now + settings.KeepaliveIntervalMicros);
    }

    private void TimeOut()
    {
        _tcp.Counters.ConnectionsTimedOut++;
        Die(CloseReason.TimedOut);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void StartRetransmitting()
    {
        _isPersisting = false;
        _persistBackoff = 0;
        _retransmitAt = Deadline(_tcp.Now + _rto.Rto);
    }

    private void StopRetransmitting()
    {
        _isPersisting = false;
        _persistBackoff = 0;
        _retransmitAt = Never;
    }

    /// <summary>
    /// Something waits to be sent, nothing is on its way, and yet nothing may be sent: only the peer's window can be the
    /// reason. The segment that opens it may get lost, so it must be asked for (RFC 9293 §3.8.6.1, MUST-35).
    /// </summary>
    private void StartPersistingIfBlocked()
    {
        if (_retransmitAt != Never || !CanSendText || _snd.IsOutstanding) return;
        bool hasText = EndOfText != _snd.Cursor;
        bool hasFin = _hasClosed && _snd.Cursor <= _snd.Fin;
        if (!hasText && !hasFin) return;
        // The wait begins now, unless it is for text that was sent already.
        if (_snd.Nxt == _snd.Una) _progressAt = _tcp.Now;
        _isPersisting = true;
        _persistBackoff = 0;
        _retransmitAt = Deadline(_tcp.Now + PersistMicros);
    }

    private bool IsPoolScarce => _tcp.Pool.FreeCount < _tcp.Pool.Count / 8;

    private long PersistMicros =>
        Math.Min(Math.Max(_rto.Rto, PersistMinMicros) << _persistBackoff, _tcp.Settings.MaxRtoMicros);

    private void StartKeepalive()
    {
        long idle = _tcp.Settings.KeepaliveIdleMicros;
        _keepaliveAt = Deadline(idle > 0 ? _tcp.Now + idle : Never);
    }

    private void ResetTimers()
    {
        StopTimers();
        _keepaliveCount = 0;
    }

    private void StopTimers()
    {
        StopRetransmitting();
        _delayedAckAt = Never;
        _keepaliveAt = Never;
        _expiresAt = Never;
        _gapExpiresAt = Never;
        _retryAt = Never;
        NextDeadline = Never;
    }
}
