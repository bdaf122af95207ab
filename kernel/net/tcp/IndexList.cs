using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// A doubly linked list of numbers in [0, count): adding, removing and asking take constant time, and nothing is
/// allocated.
/// </summary>
internal sealed class IndexList
{
    /// <summary>Stands for "no member".</summary>
    public const int None = -1;

    private const int Absent = -2;

    private readonly int[] _next;
    private readonly int[] _previous;
    private int _last = None;

    public IndexList(int count)
    {
        _next = new int[count];
        _previous = new int[count];
        for (int index = 0; index < count; index++) _next[index] = Absent;
    }

    /// <summary>The member that was added first, or <see cref="None"/>.</summary>
    public int First { get; private set; } = None;

    public int Count { get; private set; }

    public bool Contains(int index) => _next[index] != Absent;

    public void AddLast(int index)
    {
        bool isAdded = TryAddLast(index);
        Invariant.Holds(isAdded);
    }

    /// <summary>Fails if it is a member already.</summary>
    public bool TryAddLast(int index)
    {
        if (Contains(index)) return false;
        _next[index] = None;
        _previous[index] = _last;
        if (_last == None) First = index;
        else _next[_last] = index;
        _last = index;
        Count++;
        return true;
    }

    public void Remove(int index)
    {
        Invariant.Holds(Contains(index));
        int next = _next[index];
        int previous = _previous[index];
        if (previous == None) First = next;
        else _next[previous] = next;
        if (next == None) _last = previous;
        else _previous[next] = previous;
        _next[index] = Absent;
        Count--;
    }
}
