using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// The send sequence variables (RFC 9293 §3.3.1). Invariant: Una &lt;= Cursor &lt;= Nxt.
/// </summary>
/// <remarks>
/// <code>
///        acknowledged | sent             | not sent yet
///   ------------------+---------+--------+--------------
///                    Una      Cursor    Nxt
/// </code>
/// The cursor is where the next segment starts. It is Nxt, except after a retransmission timeout: then it starts again
/// at Una, and everything up to Nxt is sent a second time unless an acknowledgment overtakes it.
/// </remarks>
internal struct SendSequence
{
    /// <summary>Initial send sequence number.</summary>
    public SeqNumber Iss;

    /// <summary>Oldest unacknowledged sequence number.</summary>
    public SeqNumber Una;

    /// <summary>One past the newest sequence number sent.</summary>
    public SeqNumber Nxt;

    /// <summary>Where the next segment starts.</summary>
    public SeqNumber Cursor;

    /// <summary>The sequence number of our FIN; valid once the application has closed.</summary>
    public SeqNumber Fin;

    /// <summary>Sequence number of the segment used for the last window update.</summary>
    public SeqNumber Wl1;

    /// <summary>Acknowledgment number of the segment used for the last window update.</summary>
    public SeqNumber Wl2;

    /// <summary>The window that the peer offers, in bytes from Una.</summary>
    public uint Wnd;

    /// <summary>The largest window that the peer ever offered.</summary>
    public uint MaxWnd;

    /// <summary>Snd.Wind.Shift of RFC 7323: how far the peer's window field is shifted.</summary>
    public byte WindowScale;

    /// <summary>Sequence numbers sent and not acknowledged: FlightSize of RFC 5681.</summary>
    public readonly uint FlightSize => (uint)(Nxt - Una);

    /// <summary>True if something is on its way whose acknowledgment the retransmission timer waits for.</summary>
    public readonly bool IsOutstanding => Cursor > Una;

    public void Start(SeqNumber iss)
    {
        this = default;
        Iss = iss;
        Una = iss;
        Nxt = iss;
        Cursor = iss;
    }

    public void SetWindow(uint wnd, SeqNumber seq, SeqNumber ack)
    {
        Wnd = wnd;
        if (wnd > MaxWnd) MaxWnd = wnd;
        Wl1 = seq;
        Wl2 = ack;
    }
}
