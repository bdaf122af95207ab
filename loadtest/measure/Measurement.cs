using System.Linq;

namespace Memcachier.LoadTest.Measure;

/// <summary>What was measured in some time: by one thread in a second, or by all in the whole run.</summary>
public sealed class Measurement
{
    /// <param name="operationCount">Operations of the mix.</param>
    public Measurement(int operationCount)
    {
        Operations = new OperationCounts[operationCount];
        for (int i = 0; i < operationCount; i++) Operations[i] = new OperationCounts();
    }

    /// <summary>In the order of the mix.</summary>
    public OperationCounts[] Operations { get; }

    public ErrorCounts Errors { get; } = new();

    /// <summary>
    /// How much later than it could a request was sent: the client's own lateness, which is in the latency, too. Only
    /// of the open loop.
    /// </summary>
    public Histogram Lag { get; } = new();

    /// <summary>How long it took to connect again, and to log in; null if nobody did.</summary>
    public Histogram? Connects { get; set; }

    /// <summary>Processor time of the threads, in nanoseconds, in user mode and in the kernel.</summary>
    public long CpuNanos { get; set; }

    /// <summary>And how long they took for it, each.</summary>
    public long WallNanos { get; set; }

    /// <summary>The threads' share of a processor, 0 to 1, on average.</summary>
    public double ClientCpu => WallNanos == 0 ? 0 : (double)CpuNanos / WallNanos;

    public long Requests => Operations.Sum(each => each.Requests);

    public long Hits => Operations.Sum(each => each.Hits);

    public long Misses => Operations.Sum(each => each.Misses);

    public void Add(Measurement other)
    {
        for (int i = 0; i < Operations.Length; i++) Operations[i].Add(other.Operations[i]);
        Errors.Add(other.Errors);
        Lag.Add(other.Lag);
        if (other.Connects != null) (Connects ??= new Histogram()).Add(other.Connects);
        CpuNanos += other.CpuNanos;
        WallNanos += other.WallNanos;
    }

    /// <summary>All operations as if they were one. If there is only one, it is that.</summary>
    public OperationCounts Sum()
    {
        if (Operations.Length == 1) return Operations[0];
        var sum = new OperationCounts();
        foreach (OperationCounts each in Operations) sum.Add(each);
        return sum;
    }
}
