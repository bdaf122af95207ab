using System;
using Memcachier.Cache;

namespace Memcachier.Server;

/// <summary>
/// Where names and passwords are looked at. Wrong ones are taken at a limited rate; beyond it, whoever wants to try
/// stands in a line.
/// </summary>
/// <remarks>
/// The right ones are not counted, so nobody notices the limit but while somebody guesses. Then everybody has to stand
/// in the line: if the right ones were let past, not being let past would be an answer. The line is first come, first
/// served, and a connection is in it once, so guessing can delay a login by as many
/// <see cref="FailuresPerSecond"/>ths of a second as there are connections, and no more; who leaves the line
/// gives the place away.
/// </remarks>
public sealed class LoginGate
{
    /// <summary>How many wrong passwords are taken at once.</summary>
    public const int BurstMax = 64;

    /// <summary>How many a second in the long run.</summary>
    public const int FailuresPerSecond = 64;

    private readonly Credentials _credentials;
    private readonly Lifetime _clock;
    private readonly Statistics _statistics;
    private LoginTurn? _first;
    private LoginTurn? _last;
    private int _failuresLeft = BurstMax;
    private uint _refilledAt;

    public LoginGate(Credentials credentials, Lifetime clock, Statistics statistics)
    {
        _credentials = credentials;
        _clock = clock;
        _statistics = statistics;
    }

    /// <summary>
    /// True if the connection may try once: <see cref="IsRight"/> has to follow. If not it waits: ask again later, or
    /// <see cref="Leave"/>.
    /// </summary>
    internal bool TryEnter(LoginTurn turn)
    {
        Refill();
        if (turn.IsAdmitted)
        {
            turn.IsAdmitted = false;
            return true;
        }
        if (_first == null && _failuresLeft > 0)
        {
            _failuresLeft--;
            return true;
        }
        if (!turn.IsWaiting) Append(turn);
        return false;
    }

    /// <summary>Looks at a name and a password, and counts that.</summary>
    internal bool IsRight(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        bool isRight = _credentials.Contains(name, password);
        _statistics.AuthCmds++;
        if (isRight) _failuresLeft = Math.Min(_failuresLeft + 1, BurstMax);
        else _statistics.AuthErrors++;
        return isRight;
    }

    /// <summary>The connection does not want to try any more.</summary>
    internal void Leave(LoginTurn turn)
    {
        if (turn.IsAdmitted) _failuresLeft = Math.Min(_failuresLeft + 1, BurstMax);
        turn.IsAdmitted = false;
        if (turn.IsWaiting) Remove(turn);
    }

    private void Refill()
    {
        uint now = _clock.Now;
        if (now != _refilledAt)
        {
            long refill = (long)(now - _refilledAt) * FailuresPerSecond;
            _failuresLeft = (int)Math.Min(_failuresLeft + refill, BurstMax);
            _refilledAt = now;
        }
        while (_failuresLeft > 0 && _first != null)
        {
            LoginTurn turn = _first;
            Remove(turn);
            turn.IsAdmitted = true;
            _failuresLeft--;
        }
    }

    private void Append(LoginTurn turn)
    {
        turn.IsWaiting = true;
        turn.Previous = _last;
        if (_last == null) _first = turn;
        else _last.Next = turn;
        _last = turn;
    }

    private void Remove(LoginTurn turn)
    {
        if (turn.Previous == null) _first = turn.Next;
        else turn.Previous.Next = turn.Next;
        if (turn.Next == null) _last = turn.Previous;
        else turn.Next.Previous = turn.Previous;
        turn.Next = null;
        turn.Previous = null;
        turn.IsWaiting = false;
    }
}
