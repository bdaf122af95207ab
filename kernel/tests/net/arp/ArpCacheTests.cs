using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Arp;

public sealed class ArpCacheTests
{
    private const long Second = 1_000_000;

    private static readonly IpAddress s_neighbour = IpAddress.FromV4(10, 0, 0, 2);
    private static readonly MacAddress s_mac = MacAddress.Read([2, 0, 0, 0, 0, 2]);
    private static readonly MacAddress s_otherMac = MacAddress.Read([2, 0, 0, 0, 0, 3]);

    private readonly NetCounters _counters = new();
    private readonly PendingFrames _pending = new(8, 64);
    private readonly ArpCache _cache;

    public ArpCacheTests() => _cache = new ArpCache(16, _pending, _counters, 0);

    [Fact]
    public void An_unknown_neighbour_is_asked_for_three_times_a_second_apart_and_then_given_up()
    {
        long now = 10 * Second;
        Assert.False(_cache.TryResolve(s_neighbour, now, out _));
        Hold(1);
        for (int attempt = 0; attempt < ArpCache.RequestCountMax; attempt++)
        {
            Assert.Equal(now, _cache.NextTimerMicros);
            Assert.False(_cache.TryTakeRequest(now - 1, out _));
            Assert.True(_cache.TryTakeRequest(now, out ArpRequest request));
            Assert.Equal(s_neighbour, request.Target);
            Assert.Equal(MacAddress.Broadcast, request.Destination);
            Assert.False(_cache.TryTakeRequest(now, out _));
            // More packets do not make more questions.
            Assert.False(_cache.TryResolve(s_neighbour, now, out _));
            Assert.False(_cache.TryTakeRequest(now, out _));
            now += ArpCache.RequestIntervalMicros;
        }
        Assert.False(_cache.TryTakeRequest(now, out _));
        Assert.Equal(ArpState.Free, _cache.StateOf(s_neighbour));
        Assert.Equal(long.MaxValue, _cache.NextTimerMicros);
        Assert.Equal(1, _counters.ArpPacketsDropped);
        Assert.Equal(8, _pending.FreeCount);
    }

    [Fact]
    public void The_answer_releases_what_waited_in_order_and_addressed()
    {
        Assert.False(_cache.TryResolve(s_neighbour, 0, out _));
        for (int i = 1; i <= 6; i++) Hold(i);
        Assert.Equal(2, _counters.ArpPacketsDropped); // four are kept, the latest
        Assert.False(_pending.HasReady);
        Assert.True(_cache.TryMerge(s_neighbour, s_mac, 5));
        byte[] frame = new byte[64];
        for (int i = 3; i <= 6; i++)
        {
            Assert.True(_pending.TryTakeReady(frame, out int length, out _));
            Assert.Equal(20, length);
            Assert.Equal(s_mac, MacAddress.Read(frame));
            Assert.Equal(i, frame[19]);
        }
        Assert.False(_pending.TryTakeReady(frame, out _, out _));
        Assert.Equal(8, _pending.FreeCount);
        Assert.True(_cache.TryResolve(s_neighbour, 6, out MacAddress hardware));
        Assert.Equal(s_mac, hardware);
    }

    [Fact]
    public void After_a_minute_a_neighbour_in_use_is_polled_by_unicast_and_forgotten_if_silent()
    {
        _cache.Add(s_neighbour, s_mac, 0);
        long now = ArpCache.ReachableMicros - 1;
        Assert.True(_cache.TryResolve(s_neighbour, now, out _));
        Assert.Equal(ArpState.Reachable, _cache.StateOf(s_neighbour));
        now++;
        Assert.True(_cache.TryResolve(s_neighbour, now, out _));
        Assert.Equal(ArpState.Stale, _cache.StateOf(s_neighbour));
        for (int attempt = 0; attempt < ArpCache.RequestCountMax; attempt++)
        {
            Assert.True(_cache.TryTakeRequest(now, out ArpRequest request));
            Assert.Equal(s_mac, request.Destination);
            Assert.False(_cache.TryTakeRequest(now, out _));
            Assert.True(_cache.TryResolve(s_neighbour, now, out _));
            now += ArpCache.RequestIntervalMicros;
        }
        Assert.False(_cache.TryTakeRequest(now, out _));
        Assert.False(_cache.TryResolve(s_neighbour, now, out _));
    }

    [Fact]
    public void A_stale_neighbour_that_answers_is_reachable_again()
    {
        _cache.Add(s_neighbour, s_mac, 0);
        Assert.True(_cache.TryResolve(s_neighbour, ArpCache.ReachableMicros, out _));
        Assert.True(_cache.TryTakeRequest(ArpCache.ReachableMicros, out _));
        Assert.True(_cache.TryMerge(s_neighbour, s_otherMac, ArpCache.ReachableMicros + 10));
        Assert.Equal(ArpState.Reachable, _cache.StateOf(s_neighbour));
        Assert.True(_cache.TryResolve(s_neighbour, ArpCache.ReachableMicros + 20, out MacAddress hardware));
        Assert.Equal(s_otherMac, hardware);
    }

    [Fact]
    public void An_idle_neighbour_is_not_polled()
    {
        _cache.Add(s_neighbour, s_mac, 0);
        Assert.Equal(long.MaxValue, _cache.NextTimerMicros);
        Assert.False(_cache.TryTakeRequest(1000 * Second, out _));
    }

    [Fact]
    public void Merging_never_adds()
    {
        Assert.False(_cache.TryMerge(s_neighbour, s_mac, 0));
        Assert.Equal(ArpState.Free, _cache.StateOf(s_neighbour));
    }

    [Fact]
    public void Absent_neighbours_do_not_push_out_a_present_one()
    {
        _cache.Add(s_neighbour, s_mac, 0);
        for (uint i = 0; i < 10_000; i++)
        {
            Assert.False(_cache.TryResolve(IpAddress.FromV4(0x0B00_0000 + i), 1 + i, out _));
        }
        Assert.Equal(ArpState.Reachable, _cache.StateOf(s_neighbour));
    }

    [Fact]
    public void Many_present_neighbours_push_out_the_one_used_least_recently()
    {
        var inUse = new IpAddress[3];
        for (uint i = 0; i < inUse.Length; i++)
        {
            inUse[i] = IpAddress.FromV4(0x0A00_0000 + i);
            _cache.Add(inUse[i], s_mac, 0);
        }
        for (uint i = 0; i < 10_000; i++)
        {
            _cache.Add(IpAddress.FromV4(0x0B00_0000 + i), s_otherMac, i);
            foreach (IpAddress address in inUse) Assert.True(_cache.TryResolve(address, i, out _));
        }
    }

    [Fact]
    public void Requests_are_limited_whatever_is_asked_for()
    {
        int requests = 0;
        for (long now = 0; now < 10 * Second; now += 1_000)
        {
            _ = _cache.TryResolve(IpAddress.FromV4((uint)(0x0B00_0000 + now)), now, out _);
            while (_cache.TryTakeRequest(now, out _)) requests++;
        }
        Assert.InRange(requests, 900, 1_040);
    }

    [Fact]
    public void A_full_pool_drops_and_counts()
    {
        for (uint i = 0; i < 20; i++)
        {
            IpAddress neighbour = IpAddress.FromV4(0x0B00_0000 + i);
            Assert.False(_cache.TryResolve(neighbour, 0, out _));
            _cache.Hold(neighbour, new byte[20], default);
        }
        Assert.Equal(0, _pending.FreeCount);
        Assert.Equal(12, _counters.ArpPacketsDropped);
    }

    [Fact]
    public void Clearing_forgets_neighbours_and_what_waits()
    {
        Assert.False(_cache.TryResolve(s_neighbour, 0, out _));
        Hold(1);
        _cache.Add(IpAddress.FromV4(10, 0, 0, 9), s_mac, 0);
        _cache.Clear();
        Assert.Equal(8, _pending.FreeCount);
        Assert.Equal(ArpState.Free, _cache.StateOf(s_neighbour));
        Assert.Equal(long.MaxValue, _cache.NextTimerMicros);
    }

    private void Hold(int mark)
    {
        byte[] frame = new byte[20];
        frame[19] = (byte)mark;
        _cache.Hold(s_neighbour, frame, default);
    }
}
