using System.Linq;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 5681, RFC 6582, RFC 3042 and RFC 6928, with segments of 1000 bytes.</summary>
public sealed class CongestionTests
{
    private static Tcb WithText(int length, ushort window = 65535)
    {
        Tcb tcb = Tcbs.Established(window: window);
        tcb.Write(new string('x', length));
        return tcb;
    }

    private static void Duplicate(Tcb tcb, uint ack, int count)
    {
        for (int i = 0; i < count; i++) tcb.Arrives(Segments.Ack(2000, ack));
    }

    [Theory]
    [InlineData(1460u, 14_600u)]
    [InlineData(1000u, 10_000u)]
    [InlineData(4000u, 14_600u)]
    [InlineData(9000u, 18_000u)]
    public void The_initial_window_is_that_of_rfc_6928(uint smss, uint expected)
    {
        var congestion = new CongestionControl();
        congestion.Start(smss, wasSynLost: false);
        Assert.Equal(expected, congestion.Cwnd);
    }

    [Fact]
    public void Slow_start_doubles_the_window_in_a_round_trip()
    {
        var congestion = new CongestionControl();
        congestion.Start(1000, wasSynLost: false);
        for (int i = 0; i < 10; i++) congestion.Acked(1000, 10_000);
        Assert.Equal(20_000u, congestion.Cwnd);
    }

    [Fact]
    public void Congestion_avoidance_adds_a_segment_in_a_round_trip()
    {
        var congestion = new CongestionControl();
        congestion.Start(1000, wasSynLost: false);
        congestion.EnterFastRecovery(20_000);
        congestion.LeaveFastRecovery(20_000);
        Assert.Equal(10_000u, congestion.Cwnd);
        for (int i = 0; i < 10; i++) congestion.Acked(1000, congestion.Cwnd);
        Assert.Equal(11_000u, congestion.Cwnd);
    }

    [Fact]
    public void A_window_that_is_not_used_does_not_grow()
    {
        var congestion = new CongestionControl();
        congestion.Start(1000, wasSynLost: false);
        for (int i = 0; i < 100; i++) congestion.Acked(100, 100);
        Assert.Equal(10_000u, congestion.Cwnd);
    }

    [Fact]
    public void The_first_flight_is_the_initial_window()
    {
        Tcb tcb = WithText(30_000);
        Assert.Equal(10, tcb.TakeAll().Count);
        tcb.Arrives(Segments.Ack(2000, 2000));
        Assert.Equal([11_000u, 12_000u], tcb.TakeAll().Select(s => s.Seq));
    }

    [Fact]
    public void The_third_duplicate_acknowledgment_retransmits()
    {
        Tcb tcb = WithText(30_000);
        _ = tcb.TakeAll();
        Duplicate(tcb, 1000, 1);
        // Limited transmit: each of the first two lets a new segment out.
        Assert.Equal([11_000u], tcb.TakeAll().Select(s => s.Seq));
        Duplicate(tcb, 1000, 1);
        Assert.Equal([12_000u], tcb.TakeAll().Select(s => s.Seq));
        Duplicate(tcb, 1000, 1);
        Assert.Equal([1000u], tcb.TakeAll().Select(s => s.Seq));
        Assert.Equal(1, tcb.Counters.FastRetransmissions);
        Duplicate(tcb, 1000, 1);
        tcb.SendsNothing();
    }

    [Fact]
    public void A_partial_acknowledgment_retransmits_the_next_hole()
    {
        Tcb tcb = WithText(10_000);
        _ = tcb.TakeAll();
        Duplicate(tcb, 1000, 3);
        Assert.Equal([1000u], tcb.TakeAll().Select(s => s.Seq));
        tcb.Arrives(Segments.Ack(2000, 4000));
        Assert.Equal([4000u], tcb.TakeAll().Select(s => s.Seq));
        tcb.Arrives(Segments.Ack(2000, 11_000));
        tcb.SendsNothing();
        Assert.Equal(2, tcb.Counters.FastRetransmissions);
        Assert.Equal(0, tcb.Counters.RetransmissionTimeouts);
    }

    [Fact]
    public void A_retransmission_carries_no_fin_that_was_not_sent_yet()
    {
        Tcb tcb = WithText(3000);
        _ = tcb.TakeAll();
        Duplicate(tcb, 1000, 3);
        _ = tcb.TakeAll();
        tcb.Application.OnReceive = connection => connection.Close();
        tcb.Arrives(Segments.Text(2000, 3000, "quit\r\n"));
        tcb.SendsExactly(
            Segments.Text(3000, 2006, new string('x', 1000)),
            Segments.Fin(4000, 2006));
        tcb.Arrives(Segments.Ack(2006, 4001));
        tcb.Is(TcpState.FinWait2);
    }

    [Fact]
    public void Recovery_ends_without_a_burst()
    {
        Tcb tcb = WithText(60_000);
        _ = tcb.TakeAll();
        Duplicate(tcb, 1000, 3);
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 11_000));
        // SSTHRESH is 5000, but nothing is on its way: CWND is two segments (RFC 6582 §3.2 step 3, option 1).
        Assert.Equal(2, tcb.TakeAll().Count);
    }

    [Fact]
    public void Duplicates_after_a_timeout_retransmit_nothing()
    {
        Tcb tcb = WithText(10_000);
        _ = tcb.TakeAll();
        tcb.Passes(200_000);
        _ = tcb.TakeAll();
        Duplicate(tcb, 1000, 5);
        Assert.DoesNotContain(tcb.TakeAll(), s => s.Seq == 1000);
        Assert.Equal(0, tcb.Counters.FastRetransmissions);
    }

    [Fact]
    public void Acknowledgments_with_text_are_no_duplicates()
    {
        Tcb tcb = WithText(10_000);
        _ = tcb.TakeAll();
        for (uint i = 0; i < 5; i++) tcb.Arrives(Segments.Text(2000 + i, 1000, "x"));
        Assert.Equal(0, tcb.Counters.FastRetransmissions);
    }

    [Fact]
    public void Window_updates_are_no_duplicates()
    {
        Tcb tcb = WithText(10_000);
        _ = tcb.TakeAll();
        for (ushort i = 0; i < 5; i++) tcb.Arrives(Segments.Ack(2000, 1000) with { Window = (ushort)(60_000 + i) });
        Assert.Equal(0, tcb.Counters.FastRetransmissions);
    }

    [Fact]
    public void After_a_silence_the_window_is_the_initial_one_again()
    {
        Tcb tcb = Tcbs.Established();
        for (uint una = 1000; una < 201_000; una += 10_000)
        {
            tcb.Write(new string('x', 10_000));
            _ = tcb.TakeAll();
            tcb.Arrives(Segments.Ack(2000, una + 10_000));
        }
        tcb.Write(new string('x', 30_000));
        Assert.Equal(21, tcb.TakeAll().Count);
        tcb.Arrives(Segments.Ack(2000, 222_000));
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 231_000));
        tcb.Passes(1_000_000);
        tcb.Write(new string('x', 30_000));
        Assert.Equal(10, tcb.TakeAll().Count);
    }

    [Fact]
    public void Recover_keeps_up_over_more_than_half_of_the_sequence_space()
    {
        var congestion = new CongestionControl();
        congestion.Start(1000, wasSynLost: false);
        var recovery = new LossRecovery();
        var snd = new SendSequence();
        snd.Start(default);
        recovery.Start(snd.Iss);
        for (int i = 0; i < 40; i++)
        {
            snd.Nxt += 100_000_000;
            snd.Una = snd.Nxt;
            recovery.NewAck(in snd, 100_000_000, ref congestion);
        }
        snd.Nxt += 10_000;
        for (int i = 0; i < 3; i++) recovery.DuplicateAck(in snd, ref congestion);
        Assert.True(recovery.WantsRetransmission);
    }
}
