using System;
using System.Text;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The contract with the application: what is offered when, and what an exhausted pool means.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public void What_is_left_over_is_offered_again_when_the_output_has_room()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1000);
        tcb.Application.Appetite = 2;
        tcb.Arrives(Segments.Text(2000, 1000, "abcdef"));
        tcb.Write(new string('x', 1000));
        _ = tcb.TakeAll();
        tcb.Application.Appetite = 100;
        tcb.Arrives(Segments.Text(2006, 1000, "ghi"));
        Assert.Equal("ab", tcb.Application.Received.ToString());
        tcb.Arrives(Segments.Ack(2009, 2000));
        Assert.Equal("abcdefghi", tcb.Application.Received.ToString());
        Assert.Equal("writable", tcb.Events);
    }

    [Fact]
    public void An_application_that_takes_nothing_is_asked_again_after_a_while()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.Appetite = 0;
        tcb.Arrives(Segments.Text(2000, 1000, "abc"));
        Assert.Equal(1, tcb.Application.OfferCount);
        tcb.Passes(20_000);
        Assert.Equal(2, tcb.Application.OfferCount);
        tcb.Application.Appetite = 100;
        tcb.Passes(20_000);
        Assert.Equal("abc", tcb.Application.Received.ToString());
        int offers = tcb.Application.OfferCount;
        tcb.Passes(1_000_000);
        Assert.Equal(offers, tcb.Application.OfferCount);
    }

    [Fact]
    public void Writable_is_called_at_the_low_water_mark()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.OnReceive = connection => connection.Output.Append(new byte[64 * 1024]);
        tcb.Arrives(Segments.Text(2000, 1000, "go"));
        tcb.Application.OnReceive = null;
        uint una = 1000;
        while (tcb.Events.Length == 0)
        {
            Assert.True(tcb.Connection.Output.Length > 32 * 1024);
            una += (uint)(tcb.TakeAll().Count * 1000);
            tcb.Arrives(Segments.Ack(2002, Math.Min(una, 1000 + 64 * 1024)));
        }
        Assert.True(tcb.Connection.Output.Length <= 32 * 1024);
        Assert.True(tcb.Connection.Output.Length > 16 * 1024);
    }

    [Fact]
    public void An_exhausted_pool_loses_no_text()
    {
        var tcb = new Tcb(Tcbs.Settings, 1000, chunkCount: 3);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1000 });
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.Application.Appetite = 0;
        tcb.Arrives(Segments.Text(2000, 1000, new string('a', 1400)));
        tcb.Arrives(Segments.Text(3400, 1000, new string('b', 1400)));
        tcb.Passes(40_000);
        // Two chunks of 1024 bytes, the queue's share of the three: the rest was never received.
        Assert.Contains(tcb.TakeAll(), s => s.Ack == 2000 + 2048);
        Assert.Equal(1400 + 1400 - 2048, tcb.Counters.OctetsNotKept);
        tcb.Application.Appetite = int.MaxValue;
        tcb.Connection.Resume();
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Text(4048, 1000, new string('b', 752)));
        Assert.Equal(new string('a', 1400) + new string('b', 1400), tcb.Application.Received.ToString());
    }

    [Fact]
    public void An_application_that_could_not_write_for_lack_of_chunks_is_asked_again()
    {
        var tcb = new Tcb(Tcbs.Settings, 1000, chunkCount: 2);
        Assert.True(tcb.Pool.TryRent(out int first));
        Assert.True(tcb.Pool.TryRent(out int second));
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1000 });
        _ = tcb.TakeAll();
        tcb.Application.OnReceive = connection =>
        {
            Assert.Equal(0, connection.Output.Append("reply"u8));
            connection.RequestWritable();
        };
        tcb.Arrives(Segments.Text(2000, 1000, "get"));
        tcb.Application.OnWritable = connection =>
        {
            if (connection.Output.Append("reply"u8) == 0) connection.RequestWritable();
        };
        tcb.Passes(20_000);
        tcb.Passes(20_000);
        _ = tcb.TakeAll();
        tcb.Pool.Return(first);
        tcb.Pool.Return(second);
        tcb.Passes(20_000);
        tcb.SendsExactly(Segments.Text(1000, 2003, "reply"));
    }

    [Fact]
    public void Bytes_written_for_another_connection_leave_after_flush()
    {
        Tcb tcb = Tcbs.Established();
        Assert.Equal(5, tcb.Connection.Output.Append(Encoding.Latin1.GetBytes("hello")));
        tcb.SendsNothing();
        tcb.Connection.Flush();
        tcb.SendsExactly(Segments.Text(1000, 2000, "hello"));
    }

    [Fact]
    public void Kept_text_leaves_chunks_for_text_in_order()
    {
        var tcb = new Tcb(Tcbs.Settings with { ReceiveBufferSize = 60_000 }, 1000, chunkCount: 16);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1000 });
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 1000));
        // Others hold most of the pool.
        while (tcb.Pool.FreeCount > 3) Assert.True(tcb.Pool.TryRent(out _));
        for (uint i = 1; i < 50; i++) tcb.Arrives(Segments.Text(2000 + 1100 * i, 1000, new string('x', 1000)));
        _ = tcb.TakeAll();
        Assert.Equal(2, tcb.Pool.FreeCount);
        Assert.True(tcb.Counters.OctetsNotKept > 0);
        tcb.Arrives(Segments.Text(2000, 1000, new string('a', 1400)));
        Assert.True(tcb.Application.Received.Length >= 1400);
    }

    [Fact]
    public void Gaps_are_bounded()
    {
        TcpSettings settings = Tcbs.Settings;
        var tcb = new Tcb(settings, 1000, chunkCount: 4096);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 1000 });
        _ = tcb.TakeAll();
        tcb.Arrives(Segments.Ack(2000, 1000));
        for (uint i = 0; i < 4000; i++) tcb.Arrives(Segments.Text(2001 + 2 * i, 1000, "x"));
        int bound = settings.ReceiveBufferSize / (1024 - 12) + 16;
        Assert.Equal(bound, tcb.Pool.Count - tcb.Pool.FreeCount);
    }

    [Fact]
    public void After_an_abort_in_receive_nothing_more_is_told()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Write("hello");
        _ = tcb.TakeAll();
        tcb.Application.OnReceive = connection =>
        {
            connection.RequestWritable();
            connection.Abort();
        };
        tcb.Arrives(Segments.Text(2000, 1005, "x"));
        _ = Assert.Single(tcb.TakeAll());
        Assert.Equal("closed: Aborted", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Text_behind_a_gap_that_nobody_fills_is_given_up()
    {
        Tcb tcb = Tcbs.Established();
        for (uint i = 1; i < 20; i += 2) tcb.Arrives(Segments.Text(2000 + i, 1000, "x"));
        _ = tcb.TakeAll();
        Assert.Equal(10, tcb.Pool.Count - tcb.Pool.FreeCount);
        tcb.Passes(9_000_000);
        Assert.Equal(10, tcb.Pool.Count - tcb.Pool.FreeCount);
        // Filling one of the gaps buys time for the others.
        tcb.Arrives(Segments.Text(2000, 1000, "y"));
        _ = tcb.TakeAll();
        tcb.Passes(9_000_000);
        Assert.Equal(9, tcb.Pool.Count - tcb.Pool.FreeCount);
        tcb.Passes(1_000_000);
        Assert.Equal(tcb.Pool.Count, tcb.Pool.FreeCount);
        Assert.Equal(1, tcb.Counters.GapsExpired);
        tcb.Arrives(Segments.Text(2002, 1000, "sent again"));
        Assert.Equal("yxsent again", tcb.Application.Received.ToString());
    }
}
