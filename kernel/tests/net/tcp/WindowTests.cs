using System.Linq;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The windows of both sides, and what happens while they are closed (RFC 9293 §3.8.6).</summary>
public sealed class WindowTests
{
    [Fact]
    public void No_more_is_sent_than_the_peers_window_allows()
    {
        Tcb tcb = Tcbs.Established(window: 2500);
        tcb.Write(new string('x', 5000));
        Assert.Equal([1000, 1000], tcb.TakeAll().Select(s => s.Text.Length));
    }

    [Fact]
    public void Silly_windows_are_not_filled()
    {
        Tcb tcb = Tcbs.Established(window: 4000);
        tcb.Write(new string('x', 8000));
        Assert.Equal(4, tcb.TakeAll().Count);
        tcb.Arrives(Segments.Ack(2000, 5000) with { Window = 100 });
        tcb.SendsNothing();
        tcb.Arrives(Segments.Ack(2000, 5000) with { Window = 1000 });
        Assert.Equal([1000], tcb.TakeAll().Select(s => s.Text.Length));
    }

    [Fact]
    public void A_window_that_stays_silly_is_used_after_the_override_timeout()
    {
        Tcb tcb = Tcbs.Established(window: 4000);
        tcb.Write(new string('x', 8000));
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 5000) with { Window = 100 });
        tcb.SendsNothing();
        tcb.Passes(500_000);
        tcb.SendsExactly(Segments.Text(5000, 2000, new string('x', 100)));
    }

    [Fact]
    public void A_closed_window_is_probed_with_one_octet_less_and_less_often()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        tcb.SendsNothing();
        long interval = 500_000;
        for (int i = 0; i < 12; i++)
        {
            tcb.Passes(interval);
            tcb.SendsExactly(Segments.Text(1000, 2000, "h"));
            tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 0 });
            tcb.SendsNothing();
            interval = System.Math.Min(2 * interval, 60_000_000);
        }
        Assert.Equal(12, tcb.Counters.WindowProbes);
        Assert.Equal(0, tcb.Counters.Retransmissions);
        tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 1000 });
        tcb.SendsExactly(Segments.Text(1000, 2000, "hello"));
    }

    [Fact]
    public void A_probe_that_was_accepted_is_not_sent_again()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        tcb.SendsNothing();
        tcb.Passes(500_000);
        tcb.SendsExactly(Segments.Text(1000, 2000, "h"));
        tcb.Arrives(Segments.Ack(2000, 1001) with { Window = 1000 });
        tcb.SendsExactly(Segments.Text(1001, 2000, "ello"));
        tcb.Arrives(Segments.Ack(2000, 1005));
        Assert.Equal(0, tcb.Connection.Output.Length);
    }

    [Fact]
    public void A_closed_window_is_no_reason_to_give_up_as_long_as_the_peer_answers()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        for (int i = 0; i < 100; i++)
        {
            while (tcb.TakeAll().Count == 0) Assert.True(tcb.TryRunNextTimer());
            tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 0 });
        }
        tcb.Is(TcpState.Established);
    }

    [Fact]
    public void A_peer_that_does_not_answer_probes_is_dropped()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        tcb.SendsNothing();
        while (tcb.TryRunNextTimer()) _ = tcb.TakeAll();
        Assert.Equal("closed: TimedOut", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Once_we_have_closed_a_window_may_not_stay_closed_for_ever()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        tcb.Connection.Close();
        while (tcb.TryRunNextTimer())
        {
            foreach (Seg _ in tcb.TakeAll()) tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 0 });
        }
        Assert.Equal("closed: TimedOut", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void A_fin_alone_waits_for_the_window_and_is_the_probe()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Connection.Close();
        tcb.SendsNothing();
        tcb.Passes(500_000);
        tcb.SendsExactly(Segments.Fin(1000, 2000));
        tcb.Arrives(Segments.Ack(2000, 1001) with { Window = 0 });
        tcb.Is(TcpState.FinWait2);
    }

    [Fact]
    public void The_numbers_of_an_acknowledgment_stay_inside_of_a_closed_window()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        tcb.Write("hello");
        tcb.SendsNothing();
        tcb.Passes(500_000);
        tcb.SendsExactly(Segments.Text(1000, 2000, "h"));
        tcb.Arrives(Segments.Text(2000, 1000, "ping") with { Window = 0 });
        tcb.Passes(40_000);
        // SND.NXT is 1001, but the peer would drop that.
        tcb.SendsExactly(Segments.Ack(1000, 2004));
    }

    [Fact]
    public void Old_segments_do_not_update_the_window()
    {
        Tcb tcb = Tcbs.Established(window: 5000);
        tcb.Arrives(Segments.Text(2000, 1000, "ab") with { Window = 4000 });
        tcb.Arrives(Segments.Text(1999, 1000, "xab") with { Window = 0 });
        tcb.Write("hello");
        Assert.Contains(tcb.TakeAll(), s => s.Text == "hello");
    }

    [Fact]
    public void Bytes_left_over_close_our_window_and_taking_them_opens_it()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.ReceiveBufferSize = 4000;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Application.Appetite = 0;
        string kilo = new('x', 1000);
        for (uint i = 0; i < 4; i++) tcb.Arrives(Segments.Text(2000 + 1000 * i, 1000, kilo));
        tcb.SendsExactly(Segments.Ack(1000, 6000) with { Window = 0 });
        Assert.Equal(1, tcb.Application.OfferCount);

        // A probe is refused and answered.
        tcb.Arrives(Segments.Text(6000, 1000, "x"));
        tcb.SendsExactly(Segments.Ack(1000, 6000) with { Window = 0 });

        tcb.Application.Appetite = int.MaxValue;
        tcb.Connection.Resume();
        tcb.SendsExactly(Segments.Ack(1000, 6000) with { Window = 4000 });
        Assert.Equal(4000, tcb.Application.Received.Length);
    }

    [Fact]
    public void Our_window_opens_by_a_segment_at_least()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.ReceiveBufferSize = 4000;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Application.Appetite = 0;
        string kilo = new('x', 1000);
        for (uint i = 0; i < 4; i++) tcb.Arrives(Segments.Text(2000 + 1000 * i, 1000, kilo));
        _ = tcb.TakeAll();
        tcb.Application.Appetite = 500;
        tcb.Connection.Resume();
        tcb.SendsNothing();
        tcb.Arrives(Segments.Text(6000, 1000, "x"));
        tcb.SendsExactly(Segments.Ack(1000, 6000) with { Window = 0 });
    }

    /// <summary>The window that it was promised with the SYN is larger than what is kept.</summary>
    [Fact]
    public void A_connection_that_is_limited_keeps_no_more_whatever_arrives()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.Appetite = 0;
        tcb.Connection.LimitBuffers(2000, 3000);
        int free = tcb.Pool.FreeCount;
        string kilo = new('x', 1000);
        for (uint i = 0; i < 10; i++) tcb.Arrives(Segments.Text(2000 + 1000 * i, 1000, kilo));
        Assert.InRange((free - tcb.Pool.FreeCount) * tcb.Pool.ChunkSize, 3000, 3000 + (2 * tcb.Pool.ChunkSize));
        Assert.Equal(2000, tcb.Connection.Output.Append(new byte[5000]));

        // What was not kept comes again.
        tcb.Application.Appetite = int.MaxValue;
        tcb.Connection.Resume();
        _ = tcb.TakeAll();
        for (uint i = 3; i < 10; i++) tcb.Arrives(Segments.Text(2000 + 1000 * i, 1000, kilo));
        Assert.Equal(10_000, tcb.Application.Received.Length);
    }

    [Fact]
    public void The_edge_of_our_window_never_moves_back()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.Appetite = 0;
        uint edge = 0;
        for (uint i = 0; i < 90; i++)
        {
            tcb.Arrives(Segments.Text(2000 + 111 * i, 1000, new string('x', 111)));
            foreach (Seg segment in tcb.TakeAll())
            {
                Assert.True(segment.Ack + segment.Window!.Value >= edge);
                edge = segment.Ack + segment.Window.Value;
            }
        }
        Assert.Equal(12_000u, edge);
    }

    [Fact]
    public void Windows_are_scaled_after_the_handshake()
    {
        var tcb = new Tcb(TcpSettings.Default, 1000);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1000, WindowScale = 4, Window = 1000 });
        tcb.SendsExactly(Segments.SynAck(999, 2000) with { WindowScale = 3, Window = 65535 });
        tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 500 });
        tcb.Write(new string('x', 20_000));
        // 500 << 4 is a window of 8000; ours is the whole buffer, in units of 8.
        System.Collections.Generic.List<Seg> sent = tcb.TakeAll();
        Assert.Equal(8, sent.Count);
        Assert.All(sent, s => Assert.Equal(256 * 1024 / 8, s.Window!.Value));
    }

    [Fact]
    public void An_idle_peer_is_probed_and_a_dead_one_dropped()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.KeepaliveIdleMicros = 100_000_000;
        settings.KeepaliveIntervalMicros = 10_000_000;
        settings.KeepaliveCountMax = 3;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Passes(100_000_000);
        tcb.SendsExactly(Segments.Ack(999, 2000));
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.SendsNothing();
        tcb.Passes(90_000_000);
        tcb.SendsNothing();
        for (int i = 0; i < 3; i++)
        {
            tcb.Passes(10_000_000);
            tcb.SendsExactly(Segments.Ack(999, 2000));
        }
        tcb.Passes(10_000_000);
        Assert.Equal("closed: TimedOut", tcb.Events);
        tcb.SendsNothing();
        tcb.HoldsNothing();
    }

    [Fact]
    public void A_keepalive_probe_of_the_peer_is_answered()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Ack(1999, 1000));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
    }

    [Fact]
    public void A_window_may_not_stay_closed_for_long_while_memory_is_scarce()
    {
        Tcb tcb = Tcbs.Established(window: 0);
        // What came before the wait does not count.
        tcb.Passes(3_600_000_000);
        tcb.Write("hello");
        while (tcb.Pool.FreeCount >= tcb.Pool.Count / 8) Assert.True(tcb.Pool.TryRent(out _));
        long start = tcb.Now;
        while (tcb.Counters.ConnectionsTimedOut == 0 && tcb.Now - start < 300_000_000)
        {
            foreach (Seg _ in tcb.TakeAll()) tcb.Arrives(Segments.Ack(2000, 1000) with { Window = 0 });
            Assert.True(tcb.TryRunNextTimer());
        }
        Assert.InRange(tcb.Now - start, 20_000_000, 60_000_000);
        Assert.Equal("closed: TimedOut", tcb.Events);
        Assert.Equal(1, tcb.Counters.ClosedWindowsDropped);
    }
}
