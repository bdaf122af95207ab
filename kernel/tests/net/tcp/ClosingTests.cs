using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>FIN-WAIT-1, FIN-WAIT-2, CLOSE-WAIT, CLOSING, LAST-ACK and TIME-WAIT (RFC 9293 §3.6).</summary>
public sealed class ClosingTests
{
    [Fact]
    public void Close_sends_the_output_first_and_the_fin_with_its_last_segment()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Write(new string('a', 1000) + "bc");
        tcb.Connection.Close();
        tcb.SendsExactly(
            Segments.Text(1000, 2000, new string('a', 1000)),
            Segments.Fin(2000, 2000, "bc"));
        tcb.Is(TcpState.FinWait1);
    }

    [Fact]
    public void What_is_appended_after_close_is_never_sent()
    {
        Tcb tcb = Tcbs.FinWait1();
        tcb.Write("too late");
        tcb.SendsNothing();
        tcb.Arrives(Segments.Ack(2000, 1001));
        tcb.SendsNothing();
        tcb.Is(TcpState.FinWait2);
    }

    [Fact]
    public void FinWait1_still_receives()
    {
        Tcb tcb = Tcbs.FinWait1();
        tcb.Arrives(Segments.Text(2000, 1000, "abc"));
        Assert.Equal("abc", tcb.Application.Received.ToString());
        tcb.Is(TcpState.FinWait1);
    }

    [Fact]
    public void FinWait1_goes_to_time_wait_on_fin_with_the_ack_of_ours()
    {
        Tcb tcb = Tcbs.FinWait1();
        tcb.Arrives(Segments.Fin(2000, 1001));
        tcb.SendsExactly(Segments.Ack(1001, 2001));
        Assert.Equal("peer closed, closed: Normal", tcb.Events);
        tcb.Is(TcpState.TimeWait);
    }

    [Fact]
    public void The_fin_is_retransmitted()
    {
        Tcb tcb = Tcbs.FinWait1();
        tcb.Passes(1_000_000);
        tcb.SendsExactly(Segments.Fin(1000, 2000));
    }

    [Fact]
    public void FinWait2_still_receives_and_ends_with_the_peers_fin()
    {
        Tcb tcb = Tcbs.FinWait2();
        tcb.Arrives(Segments.Fin(2000, 1001, "bye"));
        tcb.SendsExactly(Segments.Ack(1001, 2004));
        Assert.Equal("bye", tcb.Application.Received.ToString());
        Assert.Equal("peer closed, closed: Normal", tcb.Events);
        tcb.Is(TcpState.TimeWait);
    }

    [Fact]
    public void FinWait2_does_not_wait_for_a_silent_peer_for_ever()
    {
        Tcb tcb = Tcbs.FinWait2();
        tcb.Passes(50_000_000);
        tcb.Arrives(Segments.Text(2000, 1001, "still here"));
        _ = tcb.TakeAll();
        tcb.Passes(50_000_000);
        tcb.Is(TcpState.FinWait2);
        tcb.Passes(10_000_000);
        Assert.Equal("closed: TimedOut", tcb.Events);
        _ = tcb.TakeAll();
        tcb.HoldsNothing();
    }

    [Fact]
    public void CloseWait_still_sends()
    {
        Tcb tcb = Tcbs.CloseWait();
        Assert.Equal("peer closed", tcb.Events);
        tcb.Write("rest");
        tcb.SendsExactly(Segments.Text(1000, 2001, "rest"));
        tcb.Arrives(Segments.Ack(2001, 1004));
        tcb.Is(TcpState.CloseWait);
    }

    [Fact]
    public void CloseWait_acknowledges_a_repeated_fin()
    {
        Tcb tcb = Tcbs.CloseWait();
        tcb.Arrives(Segments.Fin(2000, 1000));
        tcb.SendsExactly(Segments.Ack(1000, 2001));
        Assert.Equal("peer closed", tcb.Events);
    }

    [Fact]
    public void The_peers_close_waits_until_its_bytes_are_taken()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.Appetite = 1;
        tcb.Arrives(Segments.Fin(2000, 1000, "abc"));
        _ = tcb.TakeAll();
        tcb.Is(TcpState.CloseWait);
        Assert.Equal("", tcb.Events);
        tcb.Application.Appetite = 100;
        tcb.Connection.Resume();
        _ = tcb.TakeAll();
        Assert.Equal("abc", tcb.Application.Received.ToString());
        Assert.Equal("peer closed", tcb.Events);
    }

    [Fact]
    public void Bytes_left_over_are_offered_in_time_wait_too()
    {
        Tcb tcb = Tcbs.FinWait2();
        tcb.Application.Appetite = 1;
        tcb.Arrives(Segments.Fin(2000, 1001, "abc"));
        _ = tcb.TakeAll();
        tcb.Is(TcpState.TimeWait);
        Assert.Equal("", tcb.Events);
        tcb.Application.Appetite = 100;
        tcb.Connection.Resume();
        _ = tcb.TakeAll();
        Assert.Equal("abc", tcb.Application.Received.ToString());
        Assert.Equal("peer closed, closed: Normal", tcb.Events);
    }

    [Fact]
    public void LastAck_ends_with_the_ack_of_our_fin()
    {
        Tcb tcb = Tcbs.LastAck();
        Assert.Equal("peer closed", tcb.Events);
        tcb.Arrives(Segments.Ack(2001, 1001));
        tcb.SendsNothing();
        Assert.Equal("closed: Normal", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Closing_ends_in_time_wait()
    {
        Tcb tcb = Tcbs.Closing();
        tcb.Arrives(Segments.Ack(2001, 1001));
        tcb.SendsNothing();
        Assert.Equal("peer closed, closed: Normal", tcb.Events);
        tcb.Is(TcpState.TimeWait);
    }

    [Fact]
    public void TimeWait_lasts_two_msl_after_the_last_fin()
    {
        Tcb tcb = Tcbs.TimeWait();
        tcb.Passes(50_000_000);
        tcb.Arrives(Segments.Fin(2000, 1001));
        tcb.SendsExactly(Segments.Ack(1001, 2001));
        tcb.Passes(59_000_000);
        tcb.Is(TcpState.TimeWait);
        tcb.Passes(1_000_000);
        tcb.HoldsNothing();
    }

    [Fact]
    public void TimeWait_gives_way_to_a_newer_syn_with_a_larger_sequence_number_of_its_own()
    {
        Tcb tcb = Tcbs.TimeWait();
        _ = tcb.Events;
        tcb.Arrives(Segments.Syn(5000));
        Seg answer = Assert.Single(tcb.TakeAll());
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, answer.Flags);
        Assert.Equal(5001u, answer.Ack);
        Assert.InRange(answer.Seq, 1002u, (uint)int.MaxValue);
        tcb.Is(TcpState.SynReceived);
    }

    [Fact]
    public void TimeWait_challenges_an_old_syn()
    {
        Tcb tcb = Tcbs.TimeWait();
        tcb.Arrives(Segments.Syn(1500));
        tcb.SendsExactly(Segments.Ack(1001, 2001));
        tcb.Is(TcpState.TimeWait);
    }

    [Fact]
    public void TimeWait_gives_way_when_every_connection_is_in_use()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.ConnectionCountMax = 1;
        settings.SynReceivedCountMax = 1;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Connection.Close();
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Fin(2000, 1001));
        _ = tcb.TakeAll();
        tcb.Is(TcpState.TimeWait);
        tcb.Arrives(Segments.Syn(1999), 50_000);
        Assert.Equal(1, tcb.Counters.TimeWaitEvictions);
        tcb.Is(TcpState.SynReceived);
    }

    [Theory]
    [InlineData(TcpState.Closing)]
    [InlineData(TcpState.LastAck)]
    [InlineData(TcpState.TimeWait)]
    public void A_reset_after_both_fins_is_a_normal_end(TcpState state)
    {
        Tcb tcb = state switch
        {
            TcpState.Closing => Tcbs.Closing(),
            TcpState.LastAck => Tcbs.LastAck(),
            _ => Tcbs.TimeWait(),
        };
        tcb.Arrives(Segments.Rst(2001));
        Assert.EndsWith("closed: Normal", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void The_table_of_transitions_is_that_of_figure_5()
    {
        Assert.True(StateTransitions.Allows(TcpState.Established, TcpState.CloseWait));
        Assert.False(StateTransitions.Allows(TcpState.Established, TcpState.TimeWait));
        Assert.False(StateTransitions.Allows(TcpState.TimeWait, TcpState.Established));
        Assert.False(StateTransitions.Allows(TcpState.CloseWait, TcpState.FinWait1));
        for (TcpState state = TcpState.Listen; state <= TcpState.TimeWait; state++)
        {
            Assert.True(StateTransitions.Allows(state, TcpState.Closed));
            Assert.False(StateTransitions.Allows(state, state));
        }
    }
}
