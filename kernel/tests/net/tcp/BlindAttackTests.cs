using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 5961: segments of somebody who guesses.</summary>
public sealed class BlindAttackTests
{
    [Fact]
    public void A_reset_at_rcv_nxt_resets()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Rst(2000));
        tcb.SendsNothing();
        Assert.Equal("closed: Reset", tcb.Events);
        tcb.HoldsNothing();
    }

    [Theory]
    [InlineData(2001u)]
    [InlineData(11_999u)]
    public void A_reset_elsewhere_in_the_window_is_challenged(uint seq)
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Rst(seq));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        Assert.Equal(1, tcb.Counters.ChallengeAcks);
        tcb.Is(TcpState.Established);
    }

    [Theory]
    [InlineData(1999u)]
    [InlineData(12_000u)]
    public void A_reset_outside_of_the_window_is_dropped(uint seq)
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Rst(seq));
        tcb.SendsNothing();
        tcb.Is(TcpState.Established);
    }

    [Theory]
    [InlineData(1999u)]
    [InlineData(2000u)]
    [InlineData(5000u)]
    [InlineData(900_000u)]
    public void A_syn_is_challenged_wherever_it_is(uint seq)
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Syn(seq));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        tcb.Is(TcpState.Established);
    }

    [Fact]
    public void A_restarted_peer_gets_rid_of_the_old_connection()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Syn(77_777));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        // What the peer's SYN-SENT answers to that.
        tcb.Arrives(Segments.Rst(2000));
        Assert.Equal("closed: Reset", tcb.Events);
    }

    [Fact]
    public void Text_with_an_acknowledgment_too_old_is_dropped()
    {
        Tcb tcb = Tcbs.Established(window: 500);
        tcb.Arrives(Segments.Text(2000, 499, "evil"));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        Assert.Equal("", tcb.Application.Received.ToString());
        tcb.Arrives(Segments.Text(2000, 500, "good"));
        Assert.Equal("good", tcb.Application.Received.ToString());
    }

    [Fact]
    public void A_forged_timestamp_does_not_shut_the_peer_out()
    {
        var tcb = new Tcb(Tcbs.Settings, 1000);
        tcb.Arrives(Segments.Syn(1999) with { TsVal = 500 });
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 1000) with { TsVal = 501 });
        tcb.Arrives(Segments.Text(2000, 77_777, "evil") with { TsVal = 1_000_000_000 });
        tcb.SendsExactly(Segments.Ack(1000, 2000) with { TsEcr = 501 });
        tcb.Arrives(Segments.Text(2000, 1000, "good") with { TsVal = 502 });
        Assert.Equal("good", tcb.Application.Received.ToString());
    }

    [Fact]
    public void Challenges_are_limited()
    {
        Tcb tcb = Tcbs.Established();
        int answers = 0;
        for (int i = 0; i < 100; i++)
        {
            tcb.Arrives(Segments.Rst(2001));
            answers += tcb.TakeAll().Count;
        }
        Assert.Equal(10, answers);
        Assert.Equal(90, tcb.Counters.ChallengeAcksSuppressed);
        tcb.Passes(1_000_000);
        tcb.Arrives(Segments.Rst(2001));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
    }

    [Fact]
    public void Two_connections_do_not_acknowledge_each_other_for_ever()
    {
        Tcb tcb = Tcbs.Established();
        int answers = 0;
        for (int i = 0; i < 1000; i++)
        {
            tcb.Arrives(Segments.Ack(1500, 1000));
            answers += tcb.TakeAll().Count;
        }
        Assert.Equal(10, answers);
    }
}
