using Memcachier.Bench.Guest;

namespace Memcachier.Bench.Compare;

/// <summary>What the image has counted while it ran freely.</summary>
/// <param name="RequestsPerNotification">Each notification is an exit to the hypervisor.</param>
/// <param name="InterruptsPerRequest">Those of the device and of the timer.</param>
/// <param name="CopiedBytesPerRequest">See docs/metrics.md.</param>
public sealed record CountedRequests(
    double RequestsPerNotification, double InterruptsPerRequest, double CopiedBytesPerRequest)
{
    /// <summary>To ask for the counters takes some of what they count: that is left out.</summary>
    /// <param name="earlier">Asked for right before <paramref name="before"/>.</param>
    /// <param name="before">Before the requests.</param>
    /// <param name="after">After them.</param>
    public static CountedRequests Between(GuestCounters earlier, GuestCounters before, GuestCounters after)
    {
        GuestCounters grown = after - before - (before - earlier);
        return new CountedRequests(
            grown.Operations / grown.Notifications, grown.Interrupts / grown.Operations,
            grown.CopiedBytes / grown.Operations);
    }
}
