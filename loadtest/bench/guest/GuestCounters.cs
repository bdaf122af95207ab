using System;
using System.Globalization;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Guest;

/// <summary>Of the guest's own counters, those that the bench shows: at a moment, or of a while.</summary>
public sealed record GuestCounters
{
    /// <summary>Operations on keys.</summary>
    public required double Operations { get; init; }

    /// <summary>Of the device: each is an exit to the hypervisor.</summary>
    public required double Notifications { get; init; }

    /// <summary>Those of the device and of the timer, taken.</summary>
    public required double Interrupts { get; init; }

    /// <summary>Bytes into chunks, out of them and into the store: see docs/metrics.md.</summary>
    public required double CopiedBytes { get; init; }

    /// <param name="page">What the guest's <c>/metrics</c> answers, in Prometheus' text format; a head may be before it.</param>
    /// <exception cref="LoadTestException">It is none of the image's.</exception>
    public static GuestCounters Of(string page) => new()
    {
        Operations = Sum(page, "memcachier_operations_total"),
        Notifications = Sum(page, "memcachier_device_notifications_total"),
        Interrupts = Sum(page, "memcachier_interrupts_total"),
        CopiedBytes = Sum(page, "memcachier_copied_bytes_total"),
    };

    public static GuestCounters operator -(GuestCounters left, GuestCounters right) => new()
    {
        Operations = left.Operations - right.Operations,
        Notifications = left.Notifications - right.Notifications,
        Interrupts = left.Interrupts - right.Interrupts,
        CopiedBytes = left.CopiedBytes - right.CopiedBytes,
    };

    /// <summary>All samples of a family.</summary>
    private static double Sum(string page, string family)
    {
        double sum = double.NaN;
        foreach (string line in page.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith(family, StringComparison.Ordinal)) continue;
            string rest = line[family.Length..];
            if (!rest.StartsWith(' ') && !rest.StartsWith('{')) continue;
            double value = double.Parse(rest[(rest.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
            sum = double.IsNaN(sum) ? value : sum + value;
        }
        return double.IsNaN(sum)
            ? throw new LoadTestException($"the guest's /metrics has no {family}: {page.Split('\r', '\n')[0]}")
            : sum;
    }
}
