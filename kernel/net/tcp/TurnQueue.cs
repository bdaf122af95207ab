using System.Numerics;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Numbers in [0, count) in the order in which they asked for a turn; each waits for one at a time. Nobody is taken out of
/// the middle: who has gone by then has nothing to say when its turn comes.
/// </summary>
internal sealed class TurnQueue
{
    private readonly int[] _ring;
    private readonly bool[] _isWaiting;
    private uint _taken;
    private uint _added;

    public TurnQueue(int count)
    {
        _ring = new int[BitOperations.RoundUpToPowerOf2((uint)count)];
        _isWaiting = new bool[count];
    }

    public bool IsEmpty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _taken == _added;
    }

    /// <summary>Does nothing for one that waits already; so there is always room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index)
    {
        bool[] isWaiting = _isWaiting;
        if (isWaiting[index]) return;
        isWaiting[index] = true;
        int[] ring = _ring;
        ring[(int)(_added++ & (uint)(ring.Length - 1))] = index;
    }

    /// <summary>Takes whoever has waited longest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Take()
    {
        Invariant.Holds(_taken != _added);
        int[] ring = _ring;
        int index = ring[(int)(_taken++ & (uint)(ring.Length - 1))];
        _isWaiting[index] = false;
        return index;
    }
}
