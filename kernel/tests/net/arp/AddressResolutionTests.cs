using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Arp;

public sealed class AddressResolutionTests
{
    private static readonly MacAddress s_ourMac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly MacAddress s_mac = MacAddress.Read([2, 0, 0, 0, 0, 2]);
    private static readonly MacAddress s_groupMac = MacAddress.Read([3, 0, 0, 0, 0, 2]);
    private static readonly IpAddress s_us = IpAddress.FromV4(10, 0, 0, 1);
    private static readonly IpAddress s_neighbour = IpAddress.FromV4(10, 0, 0, 2);
    private static readonly IpAddress s_third = IpAddress.FromV4(10, 0, 0, 3);
    private static readonly IpAddress s_none = IpAddress.FromV4(0);

    private readonly NetCounters _counters = new();
    private readonly Ipv4Interface _interface = new(s_ourMac, 1500);
    private readonly ArpAnnouncer _announcer = new();
    private readonly ArpCache _cache;
    private readonly AddressResolution _resolution;

    public AddressResolutionTests()
    {
        _cache = new ArpCache(16, new PendingFrames(4, 64), _counters, 0);
        _resolution = new AddressResolution(_interface, _cache, _announcer, _counters);
        _interface.Configure(s_us, 24, 0);
    }

    [Fact]
    public void A_request_for_us_is_answered_and_its_sender_remembered()
    {
        Assert.True(Arrives(ArpOperation.Request, s_mac, s_neighbour, s_us));
        Assert.Equal(ArpState.Reachable, _cache.StateOf(s_neighbour));
    }

    [Fact]
    public void A_request_for_another_host_teaches_nothing_about_strangers()
    {
        Assert.False(Arrives(ArpOperation.Request, s_mac, s_neighbour, s_third));
        Assert.Equal(ArpState.Free, _cache.StateOf(s_neighbour));
    }

    [Fact]
    public void Any_packet_updates_a_known_neighbour()
    {
        Assert.True(Arrives(ArpOperation.Request, s_mac, s_neighbour, s_us));
        MacAddress moved = MacAddress.Read([2, 0, 0, 0, 0, 7]);
        Assert.False(Arrives(ArpOperation.Request, moved, s_neighbour, s_neighbour)); // gratuitous
        Assert.True(_cache.TryResolve(s_neighbour, 0, out MacAddress hardware));
        Assert.Equal(moved, hardware);
    }

    [Fact]
    public void A_reply_that_was_asked_for_completes_the_entry()
    {
        Assert.False(_cache.TryResolve(s_neighbour, 0, out _));
        Assert.False(Arrives(ArpOperation.Reply, s_mac, s_neighbour, s_us));
        Assert.True(_cache.TryResolve(s_neighbour, 0, out _));
    }

    [Fact]
    public void A_reply_nobody_asked_for_teaches_nothing()
    {
        Assert.False(Arrives(ArpOperation.Reply, s_mac, s_neighbour, s_us));
        Assert.Equal(ArpState.Free, _cache.StateOf(s_neighbour));
    }

    [Fact]
    public void A_probe_for_our_address_is_answered_and_teaches_nothing()
    {
        Assert.True(Arrives(ArpOperation.Request, s_mac, s_none, s_us));
        Assert.Equal(ArpState.Free, _cache.StateOf(s_none));
    }

    [Fact]
    public void Our_address_claimed_by_another_is_defended_once_in_ten_seconds()
    {
        Assert.False(Arrives(ArpOperation.Reply, s_mac, s_us, s_third, 0));
        Assert.True(_announcer.TryTakeAnnouncement(0));
        Assert.False(Arrives(ArpOperation.Reply, s_mac, s_us, s_third, 9_999_999));
        Assert.False(_announcer.TryTakeAnnouncement(9_999_999));
        Assert.False(Arrives(ArpOperation.Request, s_mac, s_us, s_us, 10_000_000));
        Assert.True(_announcer.TryTakeAnnouncement(10_000_000));
        Assert.Equal(3, _counters.ArpConflicts);
    }

    [Fact]
    public void Without_an_address_nothing_is_answered()
    {
        _interface.Unconfigure();
        Assert.False(Arrives(ArpOperation.Request, s_mac, s_neighbour, s_none));
        Assert.False(Arrives(ArpOperation.Request, s_mac, s_none, s_none));
        Assert.Equal(0, _counters.ArpConflicts);
    }

    [Fact]
    public void Senders_that_cannot_be_are_dropped()
    {
        Assert.False(Arrives(ArpOperation.Request, s_groupMac, s_neighbour, s_us));
        Assert.False(Arrives(ArpOperation.Request, default, s_neighbour, s_us));
        Assert.False(Arrives(ArpOperation.Request, s_ourMac, s_neighbour, s_us));
        Assert.False(Arrives(ArpOperation.Request, s_mac, IpAddress.FromV4(224, 0, 0, 1), s_us));
        Assert.False(Arrives(ArpOperation.Request, s_mac, IpAddress.FromV4(127, 0, 0, 1), s_us));
        Assert.False(Arrives(ArpOperation.Request, s_mac, IpAddress.FromV4(10, 0, 0, 255), s_us));
        Assert.False(Arrives(ArpOperation.Request, s_mac, IpAddress.FromV4(uint.MaxValue), s_us));
        Assert.Equal(7, _counters.ArpMalformed);
    }

    [Fact]
    public void A_new_address_is_announced_twice_two_seconds_apart()
    {
        _announcer.Start(5);
        Assert.True(_announcer.TryTakeAnnouncement(5));
        Assert.False(_announcer.TryTakeAnnouncement(6));
        Assert.Equal(2_000_005, _announcer.NextTimerMicros);
        Assert.True(_announcer.TryTakeAnnouncement(2_000_005));
        Assert.Equal(long.MaxValue, _announcer.NextTimerMicros);
    }

    private bool Arrives(
        ArpOperation operation, MacAddress senderHardware, IpAddress sender, IpAddress target, long nowMicros = 0)
    {
        Span<byte> octets = stackalloc byte[ArpPacket.Size];
        ArpPacket.Emit(octets, operation, senderHardware, sender, default, target);
        Assert.True(ArpPacket.TryParse(octets, out ArpPacket packet));
        return _resolution.Arrives(in packet, nowMicros);
    }
}
