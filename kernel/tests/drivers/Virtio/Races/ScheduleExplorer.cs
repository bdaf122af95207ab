using System;
using System.Collections.Generic;

namespace Memcachier.Kernel.Tests.Drivers.Virtio.Races;

/// <summary>
/// Runs a program of two parties under every schedule: depth first, by replaying the choices made so far and then taking
/// the first one that is new. A state that was met before is not continued: from there everything is explored already.
/// </summary>
internal sealed class ScheduleExplorer
{
    private readonly List<(int Chosen, int Count)> _path = [];
    private readonly HashSet<ulong> _states = [];
    private int _position;

    public int StateCount => _states.Count;

    /// <summary>Schedules run to their end or to a state met before.</summary>
    public int ScheduleCount { get; private set; }

    /// <summary>The schedule of the moment, to be read beside a failure.</summary>
    public string Schedule => string.Join("", _path.ConvertAll(choice => choice.Chosen));

    public void Explore(Action run)
    {
        do
        {
            _position = 0;
            ScheduleCount++;
            try
            {
                run();
            }
            catch (KnownStateException)
            {
                // Continued elsewhere.
            }
        }
        while (Advance());
    }

    /// <summary>Which of <paramref name="count"/> things happens next in a state.</summary>
    public int Choose(int count, ulong state)
    {
        if (_position < _path.Count) return _path[_position++].Chosen;
        if (!_states.Add(state)) throw new KnownStateException();
        _path.Add((0, count));
        _position++;
        return 0;
    }

    private bool Advance()
    {
        while (_path.Count > 0)
        {
            (int chosen, int count) = _path[^1];
            if (chosen + 1 < count)
            {
                _path[^1] = (chosen + 1, count);
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }

    private sealed class KnownStateException : Exception;
}
