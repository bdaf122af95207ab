using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>
/// Connections in the state that a test is about, brought there by segments. Our sequence numbers are as the test wants
/// them, the real ones are translated: ISS is <c>una - 1</c>, and the peer's IRS is <c>rcvNxt - 1</c>.
/// </summary>
public static class Tcbs
{
    public static TcpSettings Settings
    {
        get
        {
            TcpSettings settings = TcpSettings.Default;
            settings.ConnectionCountMax = 8;
            settings.SynReceivedCountMax = 4;
            settings.SendBufferSize = 64 * 1024;
            settings.ReceiveBufferSize = 10_000;
            return settings;
        }
    }

    public static Tcb Listening() => new(Settings, 1000);

    public static Tcb SynSent(uint una = 1000)
    {
        var tcb = new Tcb(Settings, una);
        tcb.Connect();
        return tcb;
    }

    public static Tcb SynReceived(uint una = 1000, uint rcvNxt = 2000, ushort window = 65535)
    {
        var tcb = new Tcb(Settings, una);
        tcb.Arrives(Segments.Syn(rcvNxt - 1) with { Mss = 1000, Window = window });
        tcb.SendsExactly(Segments.SynAck(una - 1, rcvNxt));
        return tcb;
    }

    public static Tcb Established(
        uint una = 1000, uint nxt = 1000, uint rcvNxt = 2000, ushort window = 65535, TcpSettings? settings = null)
    {
        var tcb = new Tcb(settings ?? Settings, una);
        tcb.Arrives(Segments.Syn(rcvNxt - 1) with { Mss = 1000, Window = window });
        tcb.SendsExactly(Segments.SynAck(una - 1, rcvNxt));
        tcb.Arrives(Segments.Ack(rcvNxt, una) with { Window = window });
        tcb.SendsNothing();
        tcb.Is(TcpState.Established);
        tcb.Application.Events.Clear();
        if (nxt != una)
        {
            tcb.Write(new string('x', (int)(nxt - una)));
            _ = tcb.TakeAll();
        }
        return tcb;
    }

    /// <summary>We closed; the FIN is sent, at una.</summary>
    public static Tcb FinWait1(uint una = 1000, uint rcvNxt = 2000)
    {
        Tcb tcb = Established(una, una, rcvNxt);
        tcb.Connection.Close();
        tcb.SendsExactly(Segments.Fin(una, rcvNxt));
        tcb.Is(TcpState.FinWait1);
        return tcb;
    }

    /// <summary>Our FIN is acknowledged; una is after it.</summary>
    public static Tcb FinWait2(uint una = 1001, uint rcvNxt = 2000)
    {
        Tcb tcb = FinWait1(una - 1, rcvNxt);
        tcb.Arrives(Segments.Ack(rcvNxt, una));
        tcb.Is(TcpState.FinWait2);
        return tcb;
    }

    /// <summary>The peer closed; rcvNxt is after its FIN.</summary>
    public static Tcb CloseWait(uint una = 1000, uint rcvNxt = 2001)
    {
        Tcb tcb = Established(una, una, rcvNxt - 1);
        tcb.Arrives(Segments.Fin(rcvNxt - 1, una));
        tcb.SendsExactly(Segments.Ack(una, rcvNxt));
        tcb.Is(TcpState.CloseWait);
        return tcb;
    }

    /// <summary>Both closed at once; neither FIN is acknowledged by the peer. Ours is at una.</summary>
    public static Tcb Closing(uint una = 1000, uint rcvNxt = 2001)
    {
        Tcb tcb = FinWait1(una, rcvNxt - 1);
        tcb.Arrives(Segments.Fin(rcvNxt - 1, una));
        tcb.SendsExactly(Segments.Ack(una + 1, rcvNxt));
        tcb.Is(TcpState.Closing);
        return tcb;
    }

    /// <summary>The peer closed, then we; our FIN is at una.</summary>
    public static Tcb LastAck(uint una = 1000, uint rcvNxt = 2001)
    {
        Tcb tcb = CloseWait(una, rcvNxt);
        tcb.Connection.Close();
        tcb.SendsExactly(Segments.Fin(una, rcvNxt));
        tcb.Is(TcpState.LastAck);
        return tcb;
    }

    /// <summary>We closed, then the peer; una is after our FIN, rcvNxt after the peer's.</summary>
    public static Tcb TimeWait(uint una = 1001, uint rcvNxt = 2001)
    {
        Tcb tcb = FinWait2(una, rcvNxt - 1);
        tcb.Arrives(Segments.Fin(rcvNxt - 1, una));
        tcb.SendsExactly(Segments.Ack(una, rcvNxt));
        tcb.Is(TcpState.TimeWait);
        return tcb;
    }
}
