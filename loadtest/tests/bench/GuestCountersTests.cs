using System;
using Memcachier.Bench.Compare;
using Memcachier.Bench.Guest;
using Xunit;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class GuestCountersTests
{
    private static readonly string s_head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a0\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("head")]
    public void Samples_of_a_family_are_added_and_others_are_not(string before)
    {
        string page = Page(operations: 1000, notifications: 40, fromDevice: 7, fromTimer: 3, copied: 100);
        var counters = GuestCounters.Of(before == "head" ? s_head + page.Replace("\n# HELP", "\n\r\n2f\r\n# HELP") : page);
        Assert.Equal(
            new GuestCounters { Operations = 1000, Notifications = 40, Interrupts = 10, CopiedBytes = 300 }, counters);
    }

    [Fact]
    public void Another_servers_page_is_refused()
    {
        LoadTestException problem = Assert.Throws<LoadTestException>(() => GuestCounters.Of("memcached_up 1\n"));
        Assert.Equal("the guest's /metrics has no memcachier_operations_total: memcached_up 1", problem.Message);
    }

    /// <summary>It took 5 notifications, 2 interrupts and 300 copied bytes to ask for the page.</summary>
    [Fact]
    public void What_asking_takes_is_left_out()
    {
        var counted = CountedRequests.Between(
            GuestCounters.Of(Page(0, 10, 3, 1, 100)),
            GuestCounters.Of(Page(0, 15, 5, 1, 200)),
            GuestCounters.Of(Page(1000, 15 + 5 + 50, 5 + 2 + 200, 1 + 25, 200 + 100 + 102_000)));
        Assert.Equal(new CountedRequests(20, 0.225, 306), counted);
    }

    private static string Page(long operations, long notifications, long fromDevice, long fromTimer, long copied) =>
        FormattableString.Invariant($$"""
            # HELP memcachier_interrupts_total Interrupts taken.
            # TYPE memcachier_interrupts_total counter
            memcachier_interrupts_total{source="device"} {{fromDevice}}
            memcachier_interrupts_total{source="timer"} {{fromTimer}}
            # HELP memcachier_copied_bytes_total Bytes copied.
            memcachier_copied_bytes_total{copy="into_chunk"} {{copied}}
            memcachier_copied_bytes_total{copy="out_of_chunk"} {{copied}}
            memcachier_copied_bytes_total{copy="into_store"} {{copied}}
            # HELP memcachier_operations_total Operations on keys.
            memcachier_operations_total {{operations}}
            # HELP memcachier_device_notifications_total Notifications.
            memcachier_device_notifications_total {{notifications}}
            # HELP memcachier_device_notifications_repeated_total Others.
            memcachier_device_notifications_repeated_total 99

            """);
}
