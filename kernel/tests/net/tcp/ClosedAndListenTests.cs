using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>RFC 9293 §3.10.7.1 and §3.10.7.2.</summary>
public sealed class ClosedAndListenTests
{
    private static Tcb Closed()
    {
        var settings = Tcbs.Settings;
        return new Tcb(settings, 1000);
    }

    [Fact]
    public void Closed_refuses_a_syn_with_a_reset_that_acknowledges_it()
    {
        Tcb tcb = Closed();
        byte[] octets = Segments.Syn(2000).ToOctets(Tcb.RemotePort, 80);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        tcb.SendsExactly(Segments.RstAck(0, 2001));
        Assert.Equal(1, tcb.Counters.SegmentsRefused);
    }

    [Fact]
    public void Closed_refuses_text_with_a_reset_at_its_acknowledgment()
    {
        Tcb tcb = Closed();
        byte[] octets = Segments.Text(2000, 3000, "hello").ToOctets(Tcb.RemotePort, 80);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        tcb.SendsExactly(Segments.Rst(3000));
    }

    [Fact]
    public void Closed_does_not_answer_a_reset()
    {
        Tcb tcb = Closed();
        byte[] octets = Segments.Rst(2000).ToOctets(Tcb.RemotePort, 80);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        tcb.SendsNothing();
    }

    [Fact]
    public void Resets_that_nobody_collects_are_bounded()
    {
        Tcb tcb = Closed();
        byte[] octets = Segments.Syn(2000).ToOctets(Tcb.RemotePort, 80);
        for (int i = 0; i < 1000; i++) tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        Assert.Equal(64, tcb.TakeAll().Count);
        Assert.Equal(1000 - 64, tcb.Counters.RepliesDropped);
    }

    [Fact]
    public void Who_stops_listening_refuses_until_he_listens_again()
    {
        Tcb tcb = Tcbs.Listening();
        for (ushort port = 1; port <= 7; port++) Assert.True(tcb.Tcp.TryListen(port));
        Assert.False(tcb.Tcp.TryListen(8));
        tcb.Tcp.StopListening(9);
        tcb.Tcp.StopListening(Tcb.LocalPort);
        tcb.Tcp.StopListening(Tcb.LocalPort);
        byte[] octets = Segments.Syn(2000).ToOctets(Tcb.RemotePort, Tcb.LocalPort);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        tcb.SendsExactly(Segments.RstAck(0, 2001));
        // The others still do.
        octets = Segments.Syn(2000).ToOctets(Tcb.RemotePort, 7);
        tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets, isChecksumValid: true, tcb.Now);
        _ = Assert.Single(tcb.TakeAll());
        Assert.Equal(1, tcb.Counters.SegmentsRefused);
        Assert.True(tcb.Tcp.TryListen(Tcb.LocalPort));
    }

    [Fact]
    public void Listen_ignores_a_reset()
    {
        Tcb tcb = Tcbs.Listening();
        tcb.Arrives(Segments.Rst(2000));
        tcb.SendsNothing();
        tcb.Is(TcpState.Closed);
    }

    [Fact]
    public void Listen_resets_an_acknowledgment()
    {
        Tcb tcb = Tcbs.Listening();
        tcb.Arrives(Segments.Ack(2000, 3000));
        tcb.SendsExactly(Segments.Rst(3000));
        tcb.Is(TcpState.Closed);
    }

    [Fact]
    public void Listen_drops_what_is_neither_syn_nor_ack_nor_rst()
    {
        Tcb tcb = Tcbs.Listening();
        tcb.Arrives(new Seg(TcpFlags.Fin, 2000, 0, "x"));
        tcb.Arrives(new Seg(TcpFlags.None, 2000, 0, "x"));
        tcb.SendsNothing();
        tcb.Is(TcpState.Closed);
    }

    [Fact]
    public void Listen_answers_a_syn()
    {
        Tcb tcb = Tcbs.Listening();
        tcb.Arrives(Segments.Syn(1999));
        tcb.SendsExactly(Segments.SynAck(999, 2000) with { Mss = 1460, Window = 10_000 });
        tcb.Is(TcpState.SynReceived);
        Assert.Equal("", tcb.Events);
    }

    [Fact]
    public void The_answer_carries_only_the_options_that_the_syn_offered()
    {
        Tcb plain = Tcbs.Listening();
        plain.Arrives(Segments.Syn(1999));
        Assert.True(plain.TryTake(out Seg? answer));
        Assert.Null(answer!.WindowScale);
        Assert.Null(answer.TsVal);

        Tcb rich = Tcbs.Listening();
        rich.Arrives(Segments.Syn(1999) with { WindowScale = 7, TsVal = 77, TsEcr = 0 });
        Assert.True(rich.TryTake(out answer));
        Assert.Equal((byte)0, answer!.WindowScale);
        _ = Assert.NotNull(answer.TsVal);
        Assert.Equal(77u, answer.TsEcr);
    }

    [Fact]
    public void Initial_sequence_numbers_differ_by_flow_and_advance_with_the_clock()
    {
        var isns = new IsnGenerator(new byte[16]);
        var flow = new Flow(Tcb.Local, 1, Tcb.Remote, 2);
        var other = new Flow(Tcb.Local, 1, Tcb.Remote, 3);
        SeqNumber first = isns.Next(in flow, 1_000_000, out _);
        Assert.NotEqual(first, isns.Next(in other, 1_000_000, out _));
        Assert.Equal(250_000, isns.Next(in flow, 2_000_000, out _) - first);
    }
}
