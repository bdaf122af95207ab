namespace Memcachier.Server;

/// <summary>
/// What can be told to memcached about its size classes, its queues and its background threads. There are none here:
/// it is remembered and shown by stats settings, as there, and has no other effect. The defaults are memcached's.
/// </summary>
public sealed class Tuning
{
    /// <summary>slabs automove: 0 off, 1 on, 2 aggressive.</summary>
    public long SlabAutomove { get; set; } = 1;

    /// <summary>In thousandths.</summary>
    public long SlabAutomoveRatio { get; set; } = 800;

    public long SlabAutomoveWindow { get; set; } = 10;

    public long HotLruPercent { get; set; } = 20;

    public long WarmLruPercent { get; set; } = 40;

    /// <summary>In thousandths.</summary>
    public long HotMaxFactor { get; set; } = 200;

    /// <summary>In thousandths.</summary>
    public long WarmMaxFactor { get; set; } = 2000;

    public bool IsLruSegmented { get; set; } = true;

    public bool HasTemporaryLru { get; set; }

    /// <summary>In seconds.</summary>
    public long TemporaryTtl { get; set; } = 61;

    /// <summary>In microseconds.</summary>
    public long CrawlerSleep { get; set; } = 100;
}
