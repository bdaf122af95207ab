using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 7323.</summary>
public sealed class TimestampTests
{
    private static Tcb Established(out uint offset)
    {
        var tcb = new Tcb(Tcbs.Settings, 1000);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1012, TsVal = 500, TsEcr = 0 });
        Assert.True(tcb.TryTake(out Seg? answer));
        Assert.Equal(500u, answer!.TsEcr);
        offset = answer.TsVal!.Value - (uint)(tcb.Now / 1000);
        tcb.Arrives(Segments.Ack(2000, 1000) with { TsVal = 501, TsEcr = answer.TsVal });
        tcb.Is(TcpState.Established);
        return tcb;
    }

    [Fact]
    public void Every_segment_carries_the_clock_and_the_echo()
    {
        Tcb tcb = Established(out uint offset);
        tcb.Write(new string('x', 1000));
        tcb.SendsExactly(Segments.Text(1000, 2000, new string('x', 1000)) with
        {
            TsVal = offset + (uint)(tcb.Now / 1000),
            TsEcr = 501,
        });
    }

    [Fact]
    public void The_option_counts_against_the_segment_size()
    {
        Tcb tcb = Established(out _);
        tcb.Write(new string('x', 1001));
        Assert.Equal(1000, tcb.TakeAll()[0].Text.Length);
    }

    [Fact]
    public void A_segment_from_before_is_dropped_and_acknowledged()
    {
        Tcb tcb = Established(out _);
        tcb.Arrives(Segments.Text(2000, 1000, "old") with { TsVal = 500 });
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        Assert.Equal("", tcb.Application.Received.ToString());
        Assert.Equal(1, tcb.Counters.TimestampsRejected);
    }

    [Fact]
    public void A_segment_without_the_option_is_dropped()
    {
        Tcb tcb = Established(out _);
        tcb.Arrives(Segments.Text(2000, 1000, "bare"));
        tcb.SendsNothing();
        Assert.Equal("", tcb.Application.Received.ToString());
    }

    [Fact]
    public void A_reset_needs_no_option()
    {
        Tcb tcb = Established(out _);
        tcb.Arrives(Segments.Rst(2000));
        tcb.HoldsNothing();
    }

    [Fact]
    public void The_echo_is_of_the_segment_that_advances_the_window()
    {
        Tcb tcb = Established(out _);
        tcb.Arrives(Segments.Text(2003, 1000, "def") with { TsVal = 600 });
        tcb.SendsExactly(Segments.Ack(1000, 2000) with { TsEcr = 501 });
        tcb.Arrives(Segments.Text(2000, 1000, "abc") with { TsVal = 610 });
        tcb.SendsExactly(Segments.Ack(1000, 2006) with { TsEcr = 610 });
    }

    [Fact]
    public void After_weeks_of_silence_any_timestamp_is_new()
    {
        TcpSettings settings = Tcbs.Settings with { KeepaliveIdleMicros = 0 };
        var tcb = new Tcb(settings, 1000);
        tcb.Arrives(Segments.Syn(1999) with { TsVal = 500 });
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 1000) with { TsVal = 501 });
        tcb.Passes(25L * 24 * 3600 * 1_000_000);
        tcb.Arrives(Segments.Text(2000, 1000, "abc") with { TsVal = 400 });
        Assert.Equal("abc", tcb.Application.Received.ToString());
    }

    [Fact]
    public void A_timestamp_tells_that_the_retransmission_was_answered()
    {
        Tcb tcb = Established(out uint offset);
        tcb.Write("a");
        _ = tcb.TakeAll();
        tcb.Passes(200_000);
        _ = tcb.TakeAll();
        uint stamp = offset + (uint)(tcb.Now / 1000);
        tcb.Passes(10_000);
        tcb.Arrives(Segments.Ack(2000, 1001) with { TsVal = 700, TsEcr = stamp });
        // No longer backed off.
        tcb.Write("b");
        _ = tcb.TakeAll();
        tcb.Passes(200_000);
        _ = Assert.Single(tcb.TakeAll());
    }

    [Fact]
    public void Time_wait_gives_way_to_a_newer_timestamp_whatever_the_sequence_number()
    {
        Tcb tcb = Established(out _);
        tcb.Connection.Close();
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Fin(2000, 1001) with { TsVal = 510 });
        _ = tcb.TakeAll();
        tcb.Is(TcpState.TimeWait);
        tcb.Arrives(Segments.Syn(50) with { TsVal = 509 });
        tcb.Is(TcpState.TimeWait);
        tcb.Arrives(Segments.Syn(50) with { TsVal = 511 });
        tcb.Is(TcpState.SynReceived);
    }

    [Fact]
    public void Clocks_of_connections_start_at_different_offsets()
    {
        var isns = new IsnGenerator(new byte[16]);
        var one = new Flow(Tcb.Local, 1, Tcb.Remote, 2);
        var other = new Flow(Tcb.Local, 1, Tcb.Remote, 3);
        _ = isns.Next(in one, 0, out uint first);
        _ = isns.Next(in other, 0, out uint second);
        Assert.NotEqual(first, second);
    }
}
