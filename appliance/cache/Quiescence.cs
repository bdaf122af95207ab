using System.Threading;
using Memcachier.Kernel.Base;

namespace Memcachier.Cache;

/// <summary>
/// Tells when nobody can be looking any more at what was taken out of a store. Between two quiescent points a reactor
/// may look at whatever it finds in the stores of others; beyond them, only at what it has pinned.
/// A call that stores in its own store may be such a point.
/// </summary>
/// <remarks>
/// What is taken out begins an epoch. A reactor that passes a quiescent point notes the epoch it has seen begin: it
/// cannot find what was taken out before that (McKenney and Slingwine, "Read-copy update", 1998).
/// </remarks>
public sealed class Quiescence
{
    // A reactor alone writes its number, and has a cache line for it.
    private const int Stride = 64 / sizeof(ulong);

    private readonly ulong[] _seen;
    private ulong _epoch;

    /// <param name="reactorCount">How many there are, 1 or more; all begin away.</param>
    public Quiescence(int reactorCount)
    {
        Invariant.Holds(reactorCount > 0);
        ReactorCount = reactorCount;
        _seen = new ulong[reactorCount * Stride];
        for (int reactor = 0; reactor < reactorCount; reactor++) Leave(reactor);
    }

    public int ReactorCount { get; }

    /// <summary>Before the first look, and after a halt.</summary>
    public void Enter(int reactor)
    {
        Pass(reactor);
        // Not to look before others can know of it.
        Interlocked.MemoryBarrier();
    }

    /// <summary>
    /// Hot: a quiescent point, once per round of a reactor. It does not use what it has found before.
    /// </summary>
    public void Pass(int reactor) =>
        Volatile.Write(ref _seen[reactor * Stride], Volatile.Read(ref _epoch));

    /// <summary>Before a halt: nobody has to wait for a reactor that is away.</summary>
    public void Leave(int reactor) => Volatile.Write(ref _seen[reactor * Stride], ulong.MaxValue);

    /// <summary>What was taken out before cannot be found by those who see this epoch.</summary>
    internal ulong Begin() => Interlocked.Increment(ref _epoch);

    /// <summary>Whether all reactors but <paramref name="reactor"/> have seen an epoch, or are away.</summary>
    internal bool HavePassed(ulong epoch, int reactor)
    {
        for (int other = 0; other < ReactorCount; other++)
        {
            if (other != reactor && Volatile.Read(ref _seen[other * Stride]) < epoch) return false;
        }
        return true;
    }
}
