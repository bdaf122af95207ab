using System.Linq;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The ESTABLISHED state: acceptability, acknowledgments, text.</summary>
public sealed class EstablishedTests
{
    [Fact]
    public void Ack_beyond_snd_nxt_is_answered_with_an_ack()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1000, rcvNxt: 2000);
        tcb.Arrives(Segments.Ack(seq: 2000, ack: 1001));
        tcb.SendsExactly(Segments.Ack(seq: 1000, ack: 2000));
    }

    [Fact]
    public void An_ack_that_says_nothing_is_not_answered()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.SendsNothing();
    }

    [Fact]
    public void A_segment_without_ack_is_dropped()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(new Seg(TcpFlags.None, 2000, 0, "hello"));
        tcb.SendsNothing();
        Assert.Equal("", tcb.Application.Received.ToString());
    }

    /// <summary>RFC 9293 table 6, with a window of 10000.</summary>
    [Theory]
    [InlineData(1990u, 10, false)]
    [InlineData(1991u, 10, true)]
    [InlineData(2000u, 10, true)]
    [InlineData(11_999u, 10, true)]
    [InlineData(12_000u, 10, false)]
    [InlineData(1999u, 0, false)]
    [InlineData(2000u, 0, true)]
    [InlineData(11_999u, 0, true)]
    [InlineData(12_000u, 0, false)]
    [InlineData(2_147_485_000u, 10, false)]
    public void Segments_are_acceptable_if_they_touch_the_window(uint seq, int length, bool isAcceptable)
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(seq, 1000, new string('x', length)));
        Assert.Equal(isAcceptable ? 0 : 1, tcb.Counters.OutOfWindow);
        if (!isAcceptable) tcb.SendsExactly(Segments.Ack(1000, 2000));
    }

    [Fact]
    public void Text_in_order_goes_to_the_application()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(2000, 1000, "get a\r\n"));
        tcb.Arrives(Segments.Text(2007, 1000, "get b\r\n"));
        Assert.Equal("get a\r\nget b\r\n", tcb.Application.Received.ToString());
        Assert.Equal(tcb.Pool.Count, tcb.Pool.FreeCount);
    }

    [Fact]
    public void A_reply_carries_the_acknowledgment()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.OnReceive = connection => connection.Output.Append("END\r\n"u8);
        tcb.Arrives(Segments.Text(2000, 1000, "get a\r\n"));
        tcb.SendsExactly(Segments.Text(1000, 2007, "END\r\n"));
        tcb.Passes(100_000);
        tcb.SendsNothing();
    }

    [Fact]
    public void Without_a_reply_the_acknowledgment_is_delayed()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(2000, 1000, "get a\r\n"));
        tcb.SendsNothing();
        tcb.Passes(30_000);
        tcb.SendsNothing();
        tcb.Passes(10_000);
        tcb.SendsExactly(Segments.Ack(1000, 2007));
    }

    [Fact]
    public void Every_second_full_segment_is_acknowledged_at_once()
    {
        Tcb tcb = Tcbs.Established();
        string full = new('x', 1000);
        tcb.Arrives(Segments.Text(2000, 1000, full));
        tcb.SendsNothing();
        tcb.Arrives(Segments.Text(3000, 1000, full));
        tcb.SendsExactly(Segments.Ack(1000, 4000));
    }

    [Fact]
    public void What_was_received_already_is_cut_off()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(2000, 1000, "abc"));
        tcb.Arrives(Segments.Text(1998, 1000, "..abcdef"));
        Assert.Equal("abcdef", tcb.Application.Received.ToString());
    }

    [Fact]
    public void What_lies_beyond_the_window_is_cut_off()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.ReceiveBufferSize = 1000;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Arrives(Segments.Text(2000, 1000, new string('x', 1400)));
        Assert.Equal(1000, tcb.Application.Received.Length);
    }

    [Fact]
    public void Text_behind_a_gap_is_kept_and_acknowledged_as_a_duplicate()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(2003, 1000, "def"));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        tcb.Arrives(Segments.Text(2009, 1000, "jkl"));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        Assert.Equal("", tcb.Application.Received.ToString());
        tcb.Arrives(Segments.Text(2000, 1000, "abc"));
        tcb.SendsExactly(Segments.Ack(1000, 2006));
        Assert.Equal("abcdef", tcb.Application.Received.ToString());
        tcb.Arrives(Segments.Text(2006, 1000, "ghi"));
        tcb.SendsExactly(Segments.Ack(1000, 2012));
        Assert.Equal("abcdefghijkl", tcb.Application.Received.ToString());
        Assert.Equal(tcb.Pool.Count, tcb.Pool.FreeCount);
    }

    [Fact]
    public void A_fin_ahead_of_its_text_is_remembered()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Fin(2003, 1000, "def"));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        tcb.Arrives(Segments.Text(2000, 1000, "abc"));
        tcb.SendsExactly(Segments.Ack(1000, 2007));
        Assert.Equal("peer closed", tcb.Events);
        tcb.Is(TcpState.CloseWait);
    }

    [Fact]
    public void Writes_are_cut_into_segments_of_the_peers_size()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Write(new string('a', 1000) + new string('b', 1000) + "c");
        tcb.SendsExactly(
            Segments.Text(1000, 2000, new string('a', 1000)),
            Segments.Text(2000, 2000, new string('b', 1000)),
            Segments.Text(3000, 2000, "c"));
    }

    [Fact]
    public void Without_the_option_segments_are_of_536_bytes()
    {
        Tcb tcb = Tcbs.Listening();
        tcb.Arrives(Segments.Syn(1999));
        tcb.SendsExactly(Segments.SynAck(999, 2000));
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.Write(new string('x', 600));
        Assert.Equal([536, 64], tcb.TakeAll().Select(s => s.Text.Length));
    }

    [Fact]
    public void Acknowledged_bytes_leave_the_output()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1100);
        tcb.Arrives(Segments.Ack(2000, 1060));
        Assert.Equal(40, tcb.Connection.Output.Length);
        tcb.Arrives(Segments.Ack(2000, 1100));
        Assert.Equal(0, tcb.Connection.Output.Length);
        Assert.Equal(tcb.Pool.Count, tcb.Pool.FreeCount);
        Assert.True(tcb.TryRunNextTimer());
        tcb.SendsNothing();
    }

    [Fact]
    public void An_old_acknowledgment_changes_nothing_but_its_text_counts()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1100);
        tcb.Arrives(Segments.Ack(2000, 1100));
        tcb.Arrives(Segments.Text(2000, 1050, "abc"));
        Assert.Equal("abc", tcb.Application.Received.ToString());
        Assert.Equal(0, tcb.Counters.AcksRejected);
    }

    [Fact]
    public void Sequence_numbers_wrap()
    {
        Tcb tcb = Tcbs.Established(una: uint.MaxValue - 1, nxt: uint.MaxValue - 1, rcvNxt: uint.MaxValue);
        tcb.Write("abcdef");
        tcb.SendsExactly(Segments.Text(uint.MaxValue - 1, uint.MaxValue, "abcdef"));
        tcb.Arrives(Segments.Text(uint.MaxValue, 4, "xyz"));
        Assert.Equal("xyz", tcb.Application.Received.ToString());
        Assert.Equal(0, tcb.Connection.Output.Length);
        tcb.Passes(40_000);
        tcb.SendsExactly(Segments.Ack(4, 2));
    }

    [Fact]
    public void Urgent_text_is_text()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(new Seg(TcpFlags.Ack | TcpFlags.Urg, 2000, 1000, "abc"));
        Assert.Equal("abc", tcb.Application.Received.ToString());
    }

    [Fact]
    public void A_wrong_checksum_drops_the_segment()
    {
        Tcb tcb = Tcbs.Established();
        byte[] octets = Segments.Text(2000, 1000, "abc").ToOctets(Tcb.RemotePort, Tcb.LocalPort);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: false, tcb.Now);
        Assert.Equal(1, tcb.Counters.ChecksumErrors);
        Assert.Equal("", tcb.Application.Received.ToString());
    }

    [Fact]
    public void Abort_resets_and_forgets()
    {
        Tcb tcb = Tcbs.Established(una: 1000, nxt: 1100);
        tcb.Connection.Abort();
        tcb.SendsExactly(Segments.RstAck(1100, 2000));
        Assert.Equal("closed: Aborted", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Abort_in_the_middle_of_a_callback_is_safe()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Arrives(Segments.Text(2003, 1000, "def"));
        _ = tcb.TakeAll();
        tcb.Application.OnReceive = connection => connection.Abort();
        tcb.Arrives(Segments.Fin(2000, 1000, "abc"));
        Assert.Equal(1, tcb.Application.OfferCount);
        tcb.SendsExactly(Segments.RstAck(1000, 2000));
        Assert.Equal("closed: Aborted", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Calls_to_a_connection_that_is_gone_do_nothing()
    {
        Tcb tcb = Tcbs.Established();
        TcpConnection gone = tcb.Connection;
        tcb.Arrives(Segments.Rst(2000));
        Assert.Equal("closed: Reset", tcb.Events);
        gone.Flush();
        gone.Resume();
        gone.RequestWritable();
        gone.Close();
        gone.Abort();
        tcb.SendsNothing();
        Assert.Equal("", tcb.Events);
        tcb.HoldsNothing();
    }
}
