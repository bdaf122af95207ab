using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Dhcp;

/// <summary>The client against a model of a server, in virtual time. Grouped by the states of RFC 2131 figure 5.</summary>
public sealed class DhcpClientTests
{
    private const long Second = 1_000_000;

    private static readonly MacAddress s_mac = MacAddress.Read([2, 0, 0, 0, 0, 1]);
    private static readonly IpAddress s_none = Addresses.Parse("0.0.0.0");
    private static readonly IpAddress s_everyone = Addresses.Parse("255.255.255.255");

    private readonly ModelServer _server = new();
    private readonly DhcpClient _client = new(s_mac, Encoding.ASCII.GetBytes("cache-1"), 1500, 1);
    private readonly List<(long Micros, DhcpState State, DhcpOutput Output)> _sent = [];
    private long _now;

    [Fact]
    public void Init_asks_at_once_and_two_round_trips_later_there_is_a_lease()
    {
        Run(0);
        Assert.Equal(DhcpState.Bound, _client.State);
        Assert.True(_client.TryTakeChange());
        Assert.False(_client.TryTakeChange());
        Assert.Equal([DhcpMessageType.Discover, DhcpMessageType.Request], _server.Seen);
        Assert.Equal(_server.Offered, _client.Lease.Address);
        Assert.Equal(24, _client.Lease.PrefixLength);
        Assert.Equal(_server.Self, _client.Lease.Router);
        Assert.Equal(_server.Self, _client.Lease.Server);
        Assert.All(_sent, sent => Assert.Equal((s_none, s_everyone), (sent.Output.Source, sent.Output.Destination)));
    }

    [Fact]
    public void Selecting_retries_for_ever_first_after_a_second_or_two_later_every_16()
    {
        _server.IsDead = true;
        Run(300 * Second);
        Assert.Equal(DhcpState.Selecting, _client.State);
        Assert.InRange(_sent[1].Micros, 1 * Second, 2 * Second);
        for (int i = 1; i < _sent.Count; i++)
        {
            long delay = Math.Min(1L << (i - 1), 16) * Second;
            Assert.InRange(_sent[i].Micros - _sent[i - 1].Micros, delay, delay + Second);
        }
        Assert.InRange(_sent.Count, 20, 24);
        // How long it has been at it: some relay agents want to see this.
        Assert.True(DhcpMessage.TryParse(_server.Last, out DhcpMessage last));
        Assert.Equal(_sent[^1].Micros / Second, last.Secs);
        _server.IsDead = false;
        Run(320 * Second);
        Assert.Equal(DhcpState.Bound, _client.State);
    }

    [Fact]
    public void Selecting_asks_for_a_broadcast_every_second_time()
    {
        _server.IsDead = true;
        for (int i = 0; i < 4; i++)
        {
            Run(_client.NextTimerMicros);
            Assert.True(DhcpMessage.TryParse(_server.Last, out DhcpMessage message));
            Assert.Equal(i % 2 == 1, message.IsBroadcast);
        }
    }

    [Fact]
    public void Selecting_says_who_we_are_and_what_we_want()
    {
        _server.IsDead = true;
        Run(0);
        Assert.Equal(DhcpMessage.PaddedSize, _server.Last.Length);
        Assert.Equal("01020000000001", Hex(DhcpOption.ClientIdentifier));
        Assert.Equal("cache-1", Encoding.ASCII.GetString(_server.LastOption(DhcpOption.HostName)!));
        Assert.Equal("05DC", Hex(DhcpOption.MaxMessageSize));
        Assert.Equal("017903060F1A2A333A3B", Hex(DhcpOption.ParameterRequestList));
        Assert.Null(_server.LastOption(DhcpOption.ServerIdentifier));
    }

    [Fact]
    public void The_longest_message_fits_its_room()
    {
        var client = new DhcpClient(s_mac, new byte[DhcpClient.HostNameLengthMax], 1500, 1);
        byte[] room = new byte[DhcpClient.MessageSizeMax];
        Assert.False(client.AdvanceTimers(0));
        Assert.True(client.TryEmit(room, 0, out _));
        byte[] offer = _server.Arrives(room)!;
        Assert.True(DhcpMessage.TryParse(offer, out DhcpMessage message));
        Assert.Equal(DhcpVerdict.Offered, client.Arrives(in message, 0));
        Assert.True(client.TryEmit(room, 0, out DhcpOutput output));
        Assert.Equal(DhcpClient.MessageSizeMax, output.Length);
    }

    [Fact]
    public void Too_little_room_means_silence_but_not_a_busy_loop()
    {
        Assert.False(_client.AdvanceTimers(0));
        Assert.False(_client.TryEmit(new byte[DhcpClient.MessageSizeMax - 1], 0, out _));
        Assert.True(_client.NextTimerMicros >= Second);
    }

    [Fact]
    public void Requesting_names_the_offer_and_is_repeated_four_times_before_the_search_starts_again()
    {
        byte[] offer = DiscoverAndOffer();
        _server.IsDead = true;
        Deliver(offer, DhcpVerdict.Offered);
        Run(_now);
        Assert.Equal("0A000007", Hex(DhcpOption.RequestedAddress));
        Assert.Equal("0A0000FE", Hex(DhcpOption.ServerIdentifier));
        Assert.True(DhcpMessage.TryParse(_server.Last, out DhcpMessage request));
        Assert.True(DhcpMessage.TryParse(offer, out DhcpMessage offered));
        Assert.Equal(offered.Xid, request.Xid);
        Assert.Equal(s_none, request.Ciaddr);
        Run(60 * Second);
        Assert.Equal(4, _server.Seen.FindAll(type => type == DhcpMessageType.Request).Count);
        Assert.Equal(DhcpState.Selecting, _client.State);
        Assert.False(_client.TryTakeChange());
    }

    [Fact]
    public void Requesting_refused_starts_again_after_a_pause()
    {
        _server.Refuses = true;
        Run(30 * Second);
        // No storm: every round of two messages waits a second or two.
        Assert.InRange(_sent.Count, 2 * 15, 2 * 31);
        _server.Refuses = false;
        Run(35 * Second);
        Assert.Equal(DhcpState.Bound, _client.State);
    }

    [Fact]
    public void Requesting_ignores_the_refusal_of_a_server_that_was_not_asked()
    {
        byte[] offer = DiscoverAndOffer();
        _server.IsDead = true;
        Deliver(offer, DhcpVerdict.Offered);
        Run(_now);
        Assert.True(DhcpMessage.TryParse(offer, out DhcpMessage offered));
        var rogue = new ModelServer { Self = Addresses.Parse("10.0.0.66") };
        Deliver(rogue.Compose(offered.Xid, s_mac, DhcpMessageType.Nak), DhcpVerdict.Ignored);
        Deliver(_server.Compose(offered.Xid, s_mac, DhcpMessageType.Nak), DhcpVerdict.Refused);
    }

    [Fact]
    public void Bound_renews_by_unicast_at_half_time_and_keeps_the_address()
    {
        Run(0);
        Assert.True(_client.TryTakeChange());
        int before = _sent.Count;
        Run(3600 * Second);
        (long micros, DhcpState state, DhcpOutput output) = _sent[before];
        Assert.InRange(micros, 1700 * Second, 1800 * Second);
        Assert.Equal(DhcpState.Renewing, state);
        Assert.Equal((_server.Offered, _server.Self), (output.Source, output.Destination));
        Assert.Null(_server.LastOption(DhcpOption.RequestedAddress));
        Assert.Null(_server.LastOption(DhcpOption.ServerIdentifier));
        Assert.True(DhcpMessage.TryParse(_server.Last, out DhcpMessage renewal));
        Assert.Equal(_server.Offered, renewal.Ciaddr);
        Assert.True(_client.HasLease);
        Run(100 * 3600 * Second);
        Assert.True(_client.HasLease);
        Assert.DoesNotContain(DhcpMessageType.Discover, _server.Seen.GetRange(1, _server.Seen.Count - 1));
    }

    [Fact]
    public void A_lease_of_a_minute_is_asked_for_more_than_once()
    {
        _server.LeaseSeconds = 60;
        Run(0);
        _server.IsDead = true;
        Run(51 * Second);
        Assert.Equal(DhcpState.Renewing, _client.State);
        Assert.InRange(_sent.Count - 2, 3, 6);
        Run(59 * Second);
        Assert.Equal(DhcpState.Rebinding, _client.State);
        _server.IsDead = false;
        Run(90 * Second);
        Assert.True(_client.HasLease);
    }

    [Fact]
    public void A_day_without_answers_walks_through_renewing_rebinding_and_expiry()
    {
        Run(0);
        Assert.True(_client.TryTakeChange());
        _server.IsDead = true;
        Run(1801 * Second);
        Assert.Equal(DhcpState.Renewing, _client.State);
        Run(3149 * Second);
        Assert.Equal(DhcpState.Renewing, _client.State);
        int renewals = _sent.Count - 2;
        Assert.InRange(renewals, 3, 8); // half of what remains each time, and a minute at least
        Run(3151 * Second);
        Assert.Equal(DhcpState.Rebinding, _client.State);
        Assert.Equal(s_everyone, _sent[^1].Output.Destination);
        Run(3599 * Second);
        Assert.True(_client.HasLease);
        Assert.False(_client.TryTakeChange());
        Run(3600 * Second);
        Assert.False(_client.HasLease);
        Assert.True(_client.TryTakeChange());
        Assert.Equal(DhcpState.Selecting, _client.State);
        _server.IsDead = false;
        Run(3630 * Second);
        Assert.Equal(DhcpState.Bound, _client.State);
        Assert.True(_client.TryTakeChange());
    }

    [Fact]
    public void Rebinding_accepts_another_server_and_its_answers()
    {
        Run(0);
        _server.IsDead = true;
        Run(3151 * Second);
        _server.Self = Addresses.Parse("10.0.0.253");
        _server.IsDead = false;
        Run(3600 * Second);
        Assert.Equal(DhcpState.Bound, _client.State);
        Assert.Equal(_server.Self, _client.Lease.Server);
    }

    [Fact]
    public void Renewing_refused_gives_the_address_up_at_once()
    {
        Run(0);
        Assert.True(_client.TryTakeChange());
        _server.Refuses = true;
        Run(1801 * Second);
        Assert.True(_client.TryTakeChange());
        Assert.False(_client.HasLease);
    }

    [Fact]
    public void A_machine_that_slept_through_its_lease_starts_again()
    {
        Run(0);
        _now = 10_000 * Second;
        Assert.True(_client.AdvanceTimers(_now));
        Assert.False(_client.HasLease);
        Run(_now);
        Assert.Equal(DhcpState.Bound, _client.State);
    }

    [Fact]
    public void An_infinite_lease_is_never_renewed()
    {
        _server.LeaseSeconds = DhcpLease.Infinite;
        Run(0);
        Assert.Equal(long.MaxValue, _client.NextTimerMicros);
    }

    [Fact]
    public void The_shortest_lease_does_not_become_a_storm()
    {
        _server.LeaseSeconds = 2;
        Run(60 * Second);
        Assert.True(_client.HasLease);
        Assert.InRange(_sent.Count, 30, 62);
    }

    [Theory]
    [InlineData(1, 2, 18_500)]
    [InlineData(2, 3, 19_700)]
    [InlineData(3, 5, 19_900)]
    [InlineData(4, 9, 19_950)]
    public void Losing_up_to_half_of_all_messages_delays_but_does_not_stop(ulong seed, uint lossDenominator, long atLeast)
    {
        var random = new Prng(seed);
        _server.LeaseSeconds = 600;
        long leased = 0;
        for (int second = 1; second <= 20_000; second++)
        {
            Run(second * Second, () => random.Chance(1, lossDenominator));
            if (_client.HasLease) leased++;
        }
        Assert.True(leased >= atLeast, $"seed {seed}: leased {leased} of 20000 seconds");
    }

    [Theory]
    [InlineData("another transaction")]
    [InlineData("another client")]
    [InlineData("a request, not a reply")]
    [InlineData("an acknowledgment before any request")]
    [InlineData("a refusal before any request")]
    [InlineData("no lease time")]
    [InlineData("no server")]
    [InlineData("no address")]
    [InlineData("a group's address")]
    [InlineData("a mask with holes")]
    public void Selecting_ignores(string what)
    {
        byte[] octets = DiscoverAndOffer();
        switch (what)
        {
            case "another transaction": octets[4] ^= 1; break;
            case "another client": octets[28] ^= 1; break;
            case "a request, not a reply": octets[0] = 1; break;
            case "an acknowledgment before any request": octets[242] = (byte)DhcpMessageType.Ack; break;
            case "a refusal before any request": octets[242] = (byte)DhcpMessageType.Nak; break;
            case "no lease time": octets[255] = 200; break;
            case "no server": octets[243] = 200; break;
            case "no address": octets.AsSpan(16, 4).Clear(); break;
            case "a group's address": octets[16] = 224; break;
            case "a mask with holes": octets[252] = 0; break;
            default: Assert.Fail(what); break;
        }
        Deliver(octets, DhcpVerdict.Ignored);
        Assert.Equal(DhcpState.Selecting, _client.State);
    }

    [Fact]
    public void Every_truncation_is_survived()
    {
        byte[] octets = DiscoverAndOffer();
        for (int length = 0; length < octets.Length; length++)
        {
            if (!DhcpMessage.TryParse(octets.AsSpan(0, length), out DhcpMessage message)) continue;
            var lease = new DhcpLease();
            lease.Read(in message);
            // Type, server, mask and lease time take 3 + 6 + 6 + 6 bytes.
            Assert.Equal(length >= 240 + 21, lease.IsUsable);
        }
    }

    /// <summary>Lets time pass until <paramref name="until"/>, messages travelling in no time.</summary>
    private void Run(long until, Func<bool>? isLost = null)
    {
        while (true)
        {
            _ = _client.AdvanceTimers(_now);
            byte[] room = new byte[600];
            while (_client.TryEmit(room, _now, out DhcpOutput output))
            {
                _sent.Add((_now, _client.State, output));
                if (isLost?.Invoke() == true) continue;
                byte[]? answer = _server.Arrives(room[..output.Length]);
                if (answer is null || isLost?.Invoke() == true) continue;
                Assert.True(DhcpMessage.TryParse(answer, out DhcpMessage message));
                _ = _client.Arrives(in message, _now);
            }
            if (_client.NextTimerMicros > until) break;
            _now = Math.Max(_now, _client.NextTimerMicros);
        }
        _now = Math.Max(_now, until);
    }

    private byte[] DiscoverAndOffer()
    {
        Assert.False(_client.AdvanceTimers(_now));
        byte[] room = new byte[600];
        Assert.True(_client.TryEmit(room, _now, out DhcpOutput output));
        return _server.Arrives(room[..output.Length])!;
    }

    private void Deliver(byte[] octets, DhcpVerdict expected)
    {
        Assert.True(DhcpMessage.TryParse(octets, out DhcpMessage message));
        Assert.Equal(expected, _client.Arrives(in message, _now));
    }

    private string Hex(DhcpOption option) => Convert.ToHexString(_server.LastOption(option)!);
}
