using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// The connections that watch. Once a round the lines of the log go into their outputs. Whose output is full misses
/// lines, and is told how many as soon as there is room again: nobody waits for a watcher.
/// </summary>
public sealed class Watchers
{
    /// <summary>memcached's limit.</summary>
    public const int CountMax = 20;

    /// <summary>memcached's watcher_logbuf_size in bytes.</summary>
    public const int OutputLengthDefault = 256 << 10;

    // "skipped=", 20 digits and a line feed fit; memcached keeps as much.
    private const int SkippedLineMax = 128;

    private readonly EventLog _events;
    private readonly Statistics _statistics;
    private readonly int _outputLengthMax;
    private readonly Watcher[] _watchers = new Watcher[CountMax];

    /// <param name="events">What there is to see.</param>
    /// <param name="statistics">Where it is counted what was sent and what skipped.</param>
    /// <param name="outputLengthMax">
    /// The most bytes that wait for a watcher to take them; what its output and the pool allow if that is less.
    /// </param>
    public Watchers(EventLog events, Statistics statistics, int outputLengthMax)
    {
        _events = events;
        _statistics = statistics;
        _outputLengthMax = outputLengthMax;
    }

    private struct Watcher
    {
        public ChunkQueue? Output;
        public EventKinds Kinds;
        public int Connection;
        public ulong FirstGid;
        public ulong Skipped;
        public bool WasTold;
    }

    /// <summary>A connection watches from now on. Fails if there are too many.</summary>
    public bool TryAdd(EventKinds kinds, int connection, ChunkQueue output)
    {
        for (int i = 0; i < CountMax; i++)
        {
            if (_watchers[i].Output is not null) continue;
            _watchers[i] = new Watcher
            {
                Output = output,
                Kinds = kinds,
                Connection = connection,
                // As in memcached the watcher has a number itself: what happened earlier is not for it.
                FirstGid = _events.NextGid(),
            };
            _statistics.LogWatchers++;
            _events.Wanted |= kinds;
            return true;
        }
        return false;
    }

    /// <summary>A connection does not watch any more, if it did.</summary>
    public void Remove(int connection)
    {
        EventKinds wanted = EventKinds.None;
        for (int i = 0; i < CountMax; i++)
        {
            ref Watcher watcher = ref _watchers[i];
            if (watcher.Output is null) continue;
            if (watcher.Connection == connection)
            {
                watcher = default;
                _statistics.LogWatchers--;
            }
            else
            {
                wanted |= watcher.Kinds;
            }
        }
        _events.Wanted = wanted;
        if (wanted == EventKinds.None) _events.Clear();
    }

    /// <summary>Gives up to so many lines to whoever wants them; true if there were any.</summary>
    public bool Deliver(int lineCountMax)
    {
        int count = 0;
        for (; count < lineCountMax && _events.TryPeek(out EventKinds kinds, out ulong gid, out var line); count++)
        {
            for (int i = 0; i < CountMax; i++)
            {
                ref Watcher watcher = ref _watchers[i];
                if ((watcher.Kinds & kinds) != 0 && gid >= watcher.FirstGid) Give(ref watcher, line);
            }
            _events.Drop();
        }
        return count > 0;
    }

    /// <summary>A watcher that was given something since it was last asked for; fails if there is none.</summary>
    public bool TryTakeTold(out int connection)
    {
        for (int i = 0; i < CountMax; i++)
        {
            if (!_watchers[i].WasTold) continue;
            _watchers[i].WasTold = false;
            connection = _watchers[i].Connection;
            return true;
        }
        connection = 0;
        return false;
    }

    private void Give(ref Watcher watcher, ReadOnlySpan<byte> line)
    {
        ChunkQueue output = watcher.Output!;
        int needed = line.Length + SkippedLineMax;
        if (output.Length + needed > _outputLengthMax || !output.HasSpace(needed))
        {
            watcher.Skipped++;
            _statistics.LogWatcherSkipped++;
            return;
        }
        if (watcher.Skipped > 0)
        {
            var note = new LineBuilder(stackalloc byte[SkippedLineMax]);
            note.Append("skipped="u8);
            note.AppendDecimal(watcher.Skipped);
            note.Append("\n"u8);
            _ = output.Append(note.Octets);
            watcher.Skipped = 0;
        }
        _ = output.Append(line);
        watcher.WasTold = true;
        _statistics.LogWatcherSent++;
    }
}
