using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 9293 §3.10.7.3.</summary>
public sealed class SynSentTests
{
    [Fact]
    public void The_syn_offers_what_we_can()
    {
        var tcb = new Tcb(TcpSettings.Default, 1000);
        Assert.True(tcb.Tcp.TryConnect(Tcb.Local, Tcb.LocalPort, Tcb.Remote, Tcb.RemotePort, tcb.Now, out _));
        Assert.True(tcb.TryTake(out Seg? syn));
        Assert.Equal(TcpFlags.Syn, syn!.Flags);
        Assert.Equal((ushort)1460, syn.Mss);
        Assert.Equal((byte)3, syn.WindowScale);
        Assert.Equal((ushort)65535, syn.Window);
        Assert.Equal(0u, syn.TsEcr);
    }

    [Fact]
    public void A_syn_ack_establishes()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.SynAck(1999, 1000));
        tcb.SendsExactly(Segments.Ack(1000, 2000));
        tcb.Is(TcpState.Established);
        Assert.Equal("accept", tcb.Events);
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    public void An_acknowledgment_of_anything_but_our_syn_is_reset(uint ack)
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.SynAck(1999, ack));
        tcb.SendsExactly(Segments.Rst(ack));
        tcb.Is(TcpState.SynSent);
    }

    [Fact]
    public void A_reset_that_acknowledges_our_syn_refuses()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.RstAck(0, 1000));
        tcb.SendsNothing();
        Assert.Equal("closed: Refused", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void A_reset_without_acknowledgment_is_ignored()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.Rst(0));
        tcb.Arrives(Segments.RstAck(0, 998));
        tcb.SendsNothing();
        tcb.Is(TcpState.SynSent);
    }

    [Fact]
    public void Text_without_syn_is_dropped()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.Text(1999, 1000, "early"));
        tcb.SendsNothing();
        tcb.Is(TcpState.SynSent);
    }

    [Fact]
    public void Both_sides_may_open_at_once()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Arrives(Segments.Syn(1999));
        tcb.SendsExactly(Segments.SynAck(999, 2000));
        tcb.Is(TcpState.SynReceived);
        tcb.Arrives(Segments.SynAck(1999, 1000));
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.Is(TcpState.Established);
        Assert.Equal("accept", tcb.Events);
    }

    [Fact]
    public void The_syn_is_repeated_with_exponential_backoff_until_the_timeout()
    {
        Tcb tcb = Tcbs.SynSent();
        long start = tcb.Now;
        foreach (int seconds in (int[])[1, 3, 7, 15, 31, 63])
        {
            Assert.True(tcb.TryRunNextTimer());
            while (tcb.TakeAll().Count == 0) Assert.True(tcb.TryRunNextTimer());
            Assert.InRange(tcb.Now - start, seconds * 1_000_000L, seconds * 1_000_000L + 20_000);
        }
        while (tcb.TryRunNextTimer()) _ = tcb.TakeAll();
        Assert.Equal("closed: TimedOut", tcb.Events);
        Assert.InRange(tcb.Now - start, 180_000_000, 180_010_000);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Bytes_that_were_written_early_follow_the_handshake()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Write("get a\r\n");
        tcb.SendsNothing();
        tcb.Arrives(Segments.SynAck(1999, 1000));
        tcb.SendsExactly(Segments.Text(1000, 2000, "get a\r\n"));
    }

    [Fact]
    public void Closing_early_deletes_the_connection()
    {
        Tcb tcb = Tcbs.SynSent();
        tcb.Connection.Close();
        tcb.SendsNothing();
        Assert.Equal("closed: Aborted", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void Ephemeral_ports_are_all_different()
    {
        TcpSettings settings = Tcbs.Settings;
        var tcb = new Tcb(settings, 1000);
        var ports = new System.Collections.Generic.HashSet<ushort>();
        for (int i = 0; i < settings.ConnectionCountMax; i++)
        {
            Assert.True(tcb.Tcp.TryConnect(Tcb.Local, 0, Tcb.Remote, 80, tcb.Now, out TcpConnection? connection));
            Assert.True(ports.Add(connection!.LocalPort));
            Assert.InRange(connection.LocalPort, 49152, 65535);
        }
        Assert.False(tcb.Tcp.TryConnect(Tcb.Local, 0, Tcb.Remote, 80, tcb.Now, out _));
    }
}
