using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// First in, first out, and removal from the middle: a doubly linked list of segment numbers. The links are shared by
/// all queues of a log, since a segment is in one of them at most.
/// </summary>
internal struct SegmentQueue
{
    /// <summary>Stands for "no segment".</summary>
    public const int None = -1;

    private readonly int[] _next;
    private readonly int[] _previous;
    private int _last;

    public SegmentQueue(int[] next, int[] previous)
    {
        _next = next;
        _previous = previous;
        First = None;
        _last = None;
    }

    public int First { get; private set; }

    public int Count { get; private set; }

    public readonly int Next(int segment) => _next[segment];

    public void Add(int segment)
    {
        _previous[segment] = _last;
        _next[segment] = None;
        if (_last == None) First = segment;
        else _next[_last] = segment;
        _last = segment;
        Count++;
    }

    public void Remove(int segment)
    {
        Invariant.Holds(Count > 0);
        int next = _next[segment];
        int previous = _previous[segment];
        if (previous == None) First = next;
        else _next[previous] = next;
        if (next == None) _last = previous;
        else _previous[next] = previous;
        Count--;
    }
}
