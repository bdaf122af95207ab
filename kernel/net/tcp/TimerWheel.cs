using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// One deadline per connection, in a hierarchy of wheels of 64 slots (Varghese and Lauck, 1987). A level's slot spans 64
/// slots of the level below; a node lies on the level of the highest digit, base 64, in which its tick differs from the
/// current one. Setting and dropping a deadline take constant time, and so does asking for the next.
/// </summary>
/// <remarks>
/// Invariant: on level 0 the occupied slots are not before the current tick's digit, on the others they are after it. So
/// the lowest occupied slot of the lowest occupied level is the next to come.
/// </remarks>
internal sealed class TimerWheel
{
    private const int TickShift = 10;                      // A tick is 1024 microseconds.
    private const int DigitBits = 6;
    private const int SlotCount = 1 << DigitBits;
    private const int LevelCount = 7;                      // 2^42 ticks: 142 years.
    private const int None = -1;
    private const long Unscheduled = long.MaxValue;

    private readonly long[] _ticks;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _slots = new int[LevelCount * SlotCount];
    private readonly ulong[] _occupied = new ulong[LevelCount];
    private long _now;
    private long _quietBefore;

    public TimerWheel(int nodeCount)
    {
        _ticks = new long[nodeCount];
        _next = new int[nodeCount];
        _previous = new int[nodeCount];
        for (int node = 0; node < nodeCount; node++) _ticks[node] = Unscheduled;
        for (int slot = 0; slot < _slots.Length; slot++) _slots[slot] = None;
    }

    /// <summary>
    /// When <see cref="TryExpire"/> should be called next; no later than the earliest deadline, or
    /// <see cref="long.MaxValue"/> if there is none.
    /// </summary>
    public long NextMicros => TryFindNext(out _, out _, out long tick) ? tick << TickShift : long.MaxValue;

    /// <summary>
    /// Makes sure that <paramref name="node"/> expires, at the first tick after <paramref name="deadlineMicros"/> or
    /// before. A deadline that moves away costs nothing: the node expires at the old one and is scheduled again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Schedule(int node, long deadlineMicros)
    {
        if (_ticks[node] > (deadlineMicros >> TickShift) + 1) ScheduleSlow(node, deadlineMicros);
    }

    public void Cancel(int node)
    {
        if (_ticks[node] == Unscheduled) return;
        int next = _next[node];
        int previous = _previous[node];
        if (next != None) _previous[next] = previous;
        if (previous >= 0)
        {
            _next[previous] = next;
        }
        else
        {
            // A first node's link leads back to its slot: -1 - slot.
            int slot = -1 - previous;
            _slots[slot] = next;
            if (next == None) _occupied[slot / SlotCount] &= ~(1UL << (slot % SlotCount));
        }
        _ticks[node] = Unscheduled;
    }

    /// <summary>True if <see cref="TryExpire"/> fails, as far as can be told at a glance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsQuiet(long nowMicros) => nowMicros >> TickShift < _quietBefore;

    /// <summary>Takes a node whose time has come off the wheel; fails if there is none.</summary>
    public bool TryExpire(long nowMicros, out int node)
    {
        long target = nowMicros >> TickShift;
        long tick;
        while (TryFindNext(out int level, out int slot, out tick) && tick <= target)
        {
            _now = tick;
            node = _slots[slot];
            if (level == 0)
            {
                Cancel(node);
                return true;
            }
            for (; node != None; node = _slots[slot])
            {
                long nodeTick = _ticks[node];
                Cancel(node);
                Insert(node, nodeTick);
            }
        }
        if (target > _now) _now = target;
        _quietBefore = tick;
        node = None;
        return false;
    }

    private bool TryFindNext(out int level, out int slot, out long tick)
    {
        for (level = 0; level < LevelCount; level++)
        {
            if (_occupied[level] == 0) continue;
            int digit = BitOperations.TrailingZeroCount(_occupied[level]);
            int shift = level * DigitBits;
            slot = level * SlotCount + digit;
            tick = (_now >> (shift + DigitBits) << DigitBits | (long)digit) << shift;
            return true;
        }
        slot = None;
        tick = Unscheduled;
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ScheduleSlow(int node, long deadlineMicros)
    {
        if (deadlineMicros == Unscheduled) return;
        long tick = Math.Max((deadlineMicros >> TickShift) + 1, _now + 1);
        if (_ticks[node] <= tick) return;
        Cancel(node);
        Insert(node, tick);
        // Of a slot above the lowest level that is its beginning, where it must be opened.
        _ = TryFindNext(out _, out _, out _quietBefore);
    }

    private void Insert(int node, long tick)
    {
        ulong difference = (ulong)(tick ^ _now);
        int level = difference == 0 ? 0 : BitOperations.Log2(difference) / DigitBits;
        Invariant.Holds(level < LevelCount);
        int digit = (int)(tick >> (level * DigitBits)) & (SlotCount - 1);
        int slot = level * SlotCount + digit;
        int first = _slots[slot];
        if (first != None) _previous[first] = node;
        _next[node] = first;
        _previous[node] = -1 - slot;
        _slots[slot] = node;
        _ticks[node] = tick;
        _occupied[level] |= 1UL << digit;
    }
}
