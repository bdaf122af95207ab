using System;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// Follows a timer of known frequency from one <see cref="TimerReading"/> to the next, and keeps the closest bounds
/// between which the time-stamp counter's frequency lies. Between two readings the timer went on by at least as many
/// counts as it shows; the bounds known so far tell how often it went round besides, and where they cannot, it starts anew.
/// So a host that runs something else for long costs a reading, and not the result.
/// </summary>
internal struct FrequencyBounds
{
    // The timers were checked against each other by nobody: what disagrees by less than this is believed.
    private const ulong SlackShare = 64;

    private readonly ulong _timerHertz;
    private readonly ulong _period;
    private TimerReading _first;
    private TimerReading _last;
    private ulong _ticks;

    /// <param name="timerHertz">The timer's frequency.</param>
    /// <param name="period">After how many counts the timer starts again at 0.</param>
    /// <param name="hertzMin">The counter is no slower, in Hz.</param>
    /// <param name="hertzMax">The counter is no faster, in Hz.</param>
    public FrequencyBounds(ulong timerHertz, ulong period, ulong hertzMin, ulong hertzMax)
    {
        _timerHertz = timerHertz;
        _period = period;
        _first = default;
        _last = default;
        _ticks = 0;
        Min = hertzMin;
        Max = hertzMax;
        HasMoved = false;
    }

    /// <summary>The frequency is at least this, in Hz.</summary>
    public ulong Min { get; private set; }

    /// <summary>The frequency is at most this, in Hz.</summary>
    public ulong Max { get; private set; }

    /// <summary>The timer has shown two different counts.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>The middle of the bounds, in Hz.</summary>
    public readonly ulong Hertz => Min + ((Max - Min) / 2);

    /// <summary>How far from the truth <see cref="Hertz"/> may be, in millionths of it.</summary>
    public readonly ulong ErrorPpm => (Max - Min) / 2 * 1_000_000 / Hertz;

    /// <summary>The timer is followed from here on.</summary>
    public void Start(in TimerReading reading)
    {
        _first = reading;
        _last = reading;
        _ticks = 0;
    }

    /// <summary>The next reading, up to ten seconds after the first.</summary>
    public void Add(in TimerReading reading)
    {
        HasMoved |= reading.Count != _last.Count;
        if (!TryCount(in reading, out ulong ticks))
        {
            Start(in reading);
            return;
        }
        _ticks += ticks;
        _last = reading;
        if (_ticks < 2) return;
        // Between two readings of a clock lie up to one tick more or less than it shows.
        ulong least = (reading.Before - _first.After) * _timerHertz / (_ticks + 1);
        ulong most = (reading.After - _first.Before) * _timerHertz / (_ticks - 1);
        if (least < Min) least = Min;
        if (most > Max) most = Max;
        if (least > most || most - least >= Max - Min) return;
        Min = least;
        Max = most;
    }

    /// <summary>How far the timer went since the last reading. Fails if it may have gone round once more or less.</summary>
    private readonly bool TryCount(in TimerReading reading, out ulong ticks)
    {
        ulong shown = (reading.Count + _period - _last.Count) % _period;
        ulong min = Min - (Min / SlackShare);
        ulong max = Max + (Max / SlackShare);
        ulong least = (reading.Before - _last.After) * _timerHertz / max;
        ulong most = ((reading.After - _last.Before) * _timerHertz / min) + 1;
        // The tick that both readings are in the middle of.
        least -= Math.Min(least, 1);
        ulong rounds = least > shown ? (least - shown + _period - 1) / _period : 0;
        ticks = shown + (rounds * _period);
        return ticks <= most && ticks + _period > most;
    }
}
