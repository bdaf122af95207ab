using System;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>The arrows of RFC 9293 figure 5, and the ways out that its event processing adds (reset, abort, timeout).</summary>
internal static class StateTransitions
{
    /// <summary>How many states there are.</summary>
    public const int StateCount = (int)TcpState.TimeWait + 1;

    /// <summary>By the state that is left: a bit for each state that may follow.</summary>
    private static ReadOnlySpan<ushort> Successors =>
    [
        /* Closed      */ 1 << (int)TcpState.Listen | 1 << (int)TcpState.SynSent,
        /* Listen      */ 1 << (int)TcpState.SynReceived | 1 << (int)TcpState.Closed,
        /* SynSent     */ 1 << (int)TcpState.SynReceived | 1 << (int)TcpState.Established | 1 << (int)TcpState.Closed,
        /* SynReceived */ 1 << (int)TcpState.Established | 1 << (int)TcpState.Closed,
        /* Established */ 1 << (int)TcpState.FinWait1 | 1 << (int)TcpState.CloseWait | 1 << (int)TcpState.Closed,
        /* FinWait1    */ 1 << (int)TcpState.FinWait2 | 1 << (int)TcpState.Closing | 1 << (int)TcpState.TimeWait |
                          1 << (int)TcpState.Closed,
        /* FinWait2    */ 1 << (int)TcpState.TimeWait | 1 << (int)TcpState.Closed,
        /* CloseWait   */ 1 << (int)TcpState.LastAck | 1 << (int)TcpState.Closed,
        /* Closing     */ 1 << (int)TcpState.TimeWait | 1 << (int)TcpState.Closed,
        /* LastAck     */ 1 << (int)TcpState.Closed,
        /* TimeWait    */ 1 << (int)TcpState.Closed,
    ];

    public static bool Allows(TcpState from, TcpState to) => (Successors[(int)from] >> (int)to & 1) != 0;
}
