using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

public sealed class SynReceivedTests
{
    [Fact]
    public void An_ack_of_our_syn_establishes_and_asks_the_application()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.Is(TcpState.Established);
        tcb.SendsNothing();
        Assert.Equal("accept", tcb.Events);
        Assert.Equal(Tcb.RemotePort, tcb.Connection.RemotePort);
        Assert.Equal(Tcb.LocalPort, tcb.Connection.LocalPort);
        Assert.Equal(Tcb.Remote, tcb.Connection.RemoteAddress);
    }

    [Fact]
    public void Text_that_completes_the_handshake_is_received()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Arrives(Segments.Text(2000, 1000, "get a\r\n"));
        Assert.Equal("accept", tcb.Events);
        Assert.Equal("get a\r\n", tcb.Application.Received.ToString());
    }

    [Fact]
    public void An_application_that_refuses_resets()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Application.Accepts = false;
        tcb.Arrives(Segments.Text(2000, 1000, "get a\r\n"));
        tcb.SendsExactly(Segments.RstAck(1000, 2000));
        Assert.Equal("accept", tcb.Events);
        Assert.Equal("", tcb.Application.Received.ToString());
        tcb.HoldsNothing();
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    public void An_acknowledgment_of_anything_else_is_reset(uint ack)
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Arrives(Segments.Ack(2000, ack));
        tcb.SendsExactly(Segments.Rst(ack));
        tcb.Is(TcpState.SynReceived);
    }

    [Fact]
    public void A_reset_returns_to_listen()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Arrives(Segments.Rst(2000));
        tcb.SendsNothing();
        Assert.Equal("", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void A_repeated_syn_is_answered_again()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Arrives(Segments.Syn(1999));
        tcb.SendsExactly(Segments.SynAck(999, 2000));
    }

    [Fact]
    public void The_answer_is_repeated_until_the_timeout()
    {
        Tcb tcb = Tcbs.SynReceived();
        long start = tcb.Now;
        int repetitions = 0;
        while (tcb.TryRunNextTimer()) repetitions += tcb.TakeAll().Count;
        Assert.Equal(5, repetitions);
        Assert.InRange(tcb.Now - start, 60_000_000, 60_010_000);
        Assert.Equal("", tcb.Events);
        tcb.HoldsNothing();
    }

    [Fact]
    public void After_a_lost_syn_the_initial_window_is_one_segment()
    {
        Tcb tcb = Tcbs.SynReceived();
        tcb.Passes(1_000_000);
        tcb.SendsExactly(Segments.SynAck(999, 2000));
        tcb.Arrives(Segments.Ack(2000, 1000));
        tcb.Write(new string('x', 5000));
        Assert.Equal(1000, Assert.Single(tcb.TakeAll()).Text.Length);
    }

    [Fact]
    public void One_syn_too_many_evicts_the_oldest()
    {
        Tcb tcb = Tcbs.Listening();
        int limit = Tcbs.Settings.SynReceivedCountMax;
        for (ushort port = 1; port <= limit + 1; port++)
            tcb.Arrives(Segments.Syn(1999), port);
        Assert.Equal(limit, tcb.Counters.Connections(TcpState.SynReceived));
        Assert.Equal(1, tcb.Counters.SynReceivedEvictions);
        // Only the last ones answer.
        Assert.Equal(limit, tcb.TakeAll().Count);
    }

    [Fact]
    public void A_syn_finds_no_place_when_every_connection_is_established()
    {
        TcpSettings settings = Tcbs.Settings;
        settings.ConnectionCountMax = 1;
        settings.SynReceivedCountMax = 1;
        Tcb tcb = Tcbs.Established(settings: settings);
        tcb.Arrives(Segments.Syn(1999), 50_000);
        tcb.SendsNothing();
        Assert.Equal(1, tcb.Counters.SynsDropped);
        tcb.Is(TcpState.Established);
    }
}
