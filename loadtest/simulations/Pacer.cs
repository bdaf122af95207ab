using System;

namespace Memcachier.LoadTest.Simulations;

/// <summary>
/// One thread's way through a <see cref="Schedule"/>: which of its connections are active at a time, and when its next
/// request is due. Threads take turns, so that together they are as regular as one would be. Times are those of
/// <see cref="Measure.LoadClock"/>.
/// </summary>
public sealed class Pacer
{
    private readonly Schedule _schedule;
    private readonly long _start;
    private readonly int _lane;
    private readonly int _laneCount;

    /// <summary>The segment at the time.</summary>
    private int _at;

    /// <summary>The segment of the request that is due next, and its number among all.</summary>
    private int _dueAt;
    private long _number;

    /// <param name="schedule">What is to be done.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="lane">Which of the threads it is, from 0.</param>
    /// <param name="laneCount">How many there are.</param>
    public Pacer(Schedule schedule, long start, int lane, int laneCount)
    {
        _schedule = schedule;
        _start = start;
        _lane = lane;
        _laneCount = laneCount;
        _number = lane;
        FindDue();
        Look(start);
    }

    /// <summary>When the next request of an open loop is due; <see cref="long.MaxValue"/> if none ever is.</summary>
    public long Due { get; private set; }

    /// <summary>And the simulation it belongs to.</summary>
    public int DueSimulation { get; private set; }

    /// <summary>The simulation at the time; after the end, the last one.</summary>
    public int Simulation => _schedule.Segments[_at].Simulation;

    /// <summary>Connections of this thread that are active in a closed loop; 0 if it is none.</summary>
    public int Active { get; private set; }

    /// <summary>Until then, nothing above changes but what is due.</summary>
    public long NextChange { get; private set; }

    /// <summary>When the segment at the time began.</summary>
    public long SegmentStart => _start + _schedule.Segments[_at].Start;

    /// <summary>True while an open loop goes on, so that what is late belongs to the load.</summary>
    public bool IsOpenLoop { get; private set; }

    /// <summary>Hot: once per batch.</summary>
    public void MoveTo(long now)
    {
        if (now >= NextChange) Look(now);
    }

    /// <summary>Hot: once per request of an open loop. The one that was due is done; which is next?</summary>
    public void Advance()
    {
        _number += _laneCount;
        FindDue();
    }

    /// <summary>Forgets what was due before a segment's start, and counts it for its simulation if it was measured.</summary>
    public void Drop(long before, long[] unsent)
    {
        while (Due < before)
        {
            ScheduleSegment segment = _schedule.Segments[_dueAt];
            long count = (long)Math.Ceiling((segment.DueAfter - _number) / _laneCount);
            if (segment.Start >= _schedule.WarmUp) unsent[segment.Simulation] += count;
            _number += count * _laneCount;
            FindDue();
        }
    }

    private void FindDue()
    {
        while (_dueAt < _schedule.Segments.Count && _number >= _schedule.Segments[_dueAt].DueAfter) _dueAt++;
        if (_dueAt == _schedule.Segments.Count)
        {
            Due = long.MaxValue;
            return;
        }
        ScheduleSegment segment = _schedule.Segments[_dueAt];
        Due = _start + segment.DueOf(_number);
        DueSimulation = segment.Simulation;
    }

    private void Look(long now)
    {
        long time = Math.Max(now - _start, 0);
        while (_at < _schedule.Segments.Count - 1 && _schedule.Segments[_at].End <= time) _at++;
        ScheduleSegment segment = _schedule.Segments[_at];
        if (time >= segment.End)
        {
            Active = 0;
            IsOpenLoop = false;
            NextChange = long.MaxValue;
            return;
        }
        int copies = segment.CopiesAt(time);
        Active = (copies - _lane + _laneCount - 1) / _laneCount;
        IsOpenLoop = segment.DueAfter > segment.DueBefore;
        long change = segment.NextChange(time);
        NextChange = change == long.MaxValue ? change : _start + change;
    }
}
