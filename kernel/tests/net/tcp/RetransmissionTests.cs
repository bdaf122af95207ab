using System.Linq;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 6298, and what R1 and R2 of RFC 9293 §3.8.3 ask for.</summary>
public sealed class RetransmissionTests
{
    [Fact]
    public void The_timeout_follows_the_measurements()
    {
        var timer = new RetransmissionTimer();
        timer.Start(200_000, 60_000_000);
        Assert.Equal(1_000_000, timer.Rto);                       // (2.1)
        timer.Sample(400_000);
        Assert.Equal(400_000, timer.Srtt);                        // (2.2)
        Assert.Equal(200_000, timer.RttVar);
        Assert.Equal(400_000 + 4 * 200_000, timer.Rto);
        timer.Sample(480_000);
        Assert.Equal(200_000 + (80_000 - 200_000) / 4, timer.RttVar);   // (2.3)
        Assert.Equal(400_000 + 80_000 / 8, timer.Srtt);
        Assert.Equal(410_000 + 4 * 170_000, timer.Rto);
    }

    [Fact]
    public void The_timeout_has_a_minimum_and_a_maximum()
    {
        var timer = new RetransmissionTimer();
        timer.Start(200_000, 60_000_000);
        for (int i = 0; i < 100; i++) timer.Sample(50);
        Assert.Equal(200_000, timer.Rto);
        for (int i = 0; i < 100; i++) timer.BackOff();
        Assert.Equal(60_000_000, timer.Rto);
        timer.Sample(50);
        Assert.Equal(200_000, timer.Rto);
    }

    [Fact]
    public void After_a_lost_syn_the_timeout_begins_with_three_seconds()
    {
        var timer = new RetransmissionTimer();
        timer.Start(200_000, 60_000_000);
        timer.BackOff();
        timer.RestartAfterLostSyn();
        Assert.Equal(3_000_000, timer.Rto);                       // (5.7)
    }

    [Fact]
    public void An_unacknowledged_segment_is_sent_again_with_exponential_backoff()
    {
        Tcb tcb = Tcbs.Established();
        // The handshake took no time at all.
        long rto = Tcbs.Settings.MinRtoMicros;
        tcb.Write("hello");
        tcb.SendsExactly(Segments.Text(1000, 2000, "hello"));
        long sent = tcb.Now;
        for (int i = 0; i < 6; i++)
        {
            while (tcb.Counters.RetransmissionTimeouts == i) Assert.True(tcb.TryRunNextTimer());
            Assert.InRange(tcb.Now - sent, rto, rto + 1024);
            sent = tcb.Now;
            tcb.SendsExactly(Segments.Text(1000, 2000, "hello"));
            rto *= 2;
        }
        Assert.Equal(6, tcb.Counters.Retransmissions);
    }

    [Fact]
    public void After_a_timeout_everything_is_sent_again_in_slow_start()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 5000);
        tcb.Passes(200_000);
        tcb.SendsExactly(Segments.Text(1000, 2000, new string('x', 1000)));
        tcb.Arrives(Segments.Ack(2000, 2000));
        Assert.Equal([2000u, 3000u], tcb.TakeAll().Select(s => s.Seq));
        // The others had arrived after all: the acknowledgment overtakes the cursor.
        tcb.Arrives(Segments.Ack(2000, 5000));
        tcb.SendsNothing();
        Assert.Equal(0, tcb.Connection.Output.Length);
    }

    [Fact]
    public void A_peer_that_never_answers_is_dropped()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1005);
        long start = tcb.Now;
        while (tcb.TryRunNextTimer()) _ = tcb.TakeAll();
        Assert.Equal("closed: TimedOut", tcb.Events);
        Assert.InRange(tcb.Now - start, Tcbs.Settings.UserTimeoutMicros, 2 * Tcbs.Settings.UserTimeoutMicros);
        Assert.Equal(1, tcb.Counters.ConnectionsTimedOut);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Progress_starts_the_user_timeout_again()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 5000);
        for (uint ack = 1100; ack < 5000; ack += 100)
        {
            tcb.Passes(20_000_000);
            _ = tcb.TakeAll();
            tcb.Arrives(Segments.Ack(2000, ack));
        }
        tcb.Is(TcpState.Established);
    }

    [Fact]
    public void Karn_the_answer_to_a_retransmission_is_not_measured()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.UseTimestamps = false;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Write("a");
        _ = tcb.TakeAll();
        tcb.Passes(200_000);
        _ = tcb.TakeAll();
        tcb.Passes(100_000);
        tcb.Arrives(Segments.Ack(2000, 1001));
        // Still backed off: the next segment waits for twice the minimum.
        tcb.Write("b");
        _ = tcb.TakeAll();
        tcb.Passes(300_000);
        tcb.SendsNothing();
        tcb.Passes(100_000);
        tcb.SendsExactly(Segments.Text(1001, 2000, "b"));
    }

    [Fact]
    public void Nothing_is_retransmitted_while_the_peer_has_acknowledged_all()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1005);
        tcb.Arrives(Segments.Ack(2000, 1005));
        tcb.Passes(10_000_000);
        tcb.SendsNothing();
    }
}
