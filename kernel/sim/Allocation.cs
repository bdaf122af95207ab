using System;

namespace Memcachier.Kernel.Sim;

/// <summary>Shows that work does without the collector: in the image it would end the machine.</summary>
public static class Allocation
{
    private const int RunCountMax = 5;

    /// <summary>
    /// The bytes that <paramref name="work"/> allocates whenever it runs: the least of up to five runs, after one that is not
    /// counted. A collection that another thread asked for counts what was left of this thread's 8 KiB as allocated, and the
    /// runtime now and then allocates for itself; neither happens in each run.
    /// </summary>
    public static long Of(Action work)
    {
        work();
        long least = long.MaxValue;
        for (int run = 0; run < RunCountMax && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
