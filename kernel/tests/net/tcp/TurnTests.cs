using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>An application that lets the others go first.</summary>
public sealed class TurnTests
{
    [Fact]
    public void Who_yields_is_offered_the_rest_once_a_round()
    {
        Tcb tcb = Tcbs.Established();
        TakeTwo(tcb);
        tcb.Arrives(Segments.Text(2000, 1000, "abcdef"));
        _ = tcb.TakeAll();
        Assert.Equal("ab", tcb.Application.Received.ToString());
        Assert.Equal(tcb.Now, tcb.Tcp.NextTimerMicros);
        // Neither more text nor an acknowledgment of what was said in the first turn brings another one.
        tcb.Arrives(Segments.Text(2006, 1000, "gh"));
        tcb.Arrives(Segments.Ack(2008, 1001));
        _ = tcb.TakeAll();
        Assert.Equal("ab", tcb.Application.Received.ToString());
        for (int turn = 2; turn <= 4; turn++)
        {
            tcb.Application.Appetite = 2;
            tcb.Tcp.AdvanceTimers(tcb.Now);
            _ = tcb.TakeAll();
            Assert.Equal("abcdefgh"[..(2 * turn)], tcb.Application.Received.ToString());
        }
        Assert.True(tcb.Tcp.NextTimerMicros > tcb.Now);
        Assert.Equal("writable, writable, writable", tcb.Events);
    }

    [Fact]
    public void Who_dies_meanwhile_has_no_turn()
    {
        Tcb tcb = Tcbs.Established();
        TakeTwo(tcb);
        tcb.Arrives(Segments.Text(2000, 1000, "abcdef"));
        tcb.Connection.Abort();
        _ = tcb.TakeAll();
        Assert.Equal("closed: Aborted", tcb.Events);
        tcb.Passes(0);
        Assert.Equal("ab", tcb.Application.Received.ToString());
        tcb.HoldsNothing();
    }

    [Fact]
    public void Full_output_comes_before_a_turn()
    {
        Tcb tcb = Tcbs.Established();
        tcb.Application.Appetite = 1;
        tcb.Application.OnReceive = connection =>
        {
            _ = connection.Output.Append(new byte[48 * 1024]);
            connection.Yield();
        };
        tcb.Arrives(Segments.Text(2000, 1000, "ab"));
        tcb.Application.OnReceive = null;
        tcb.Application.Appetite = int.MaxValue;
        tcb.Passes(0);
        tcb.Passes(0);
        Assert.Equal("a", tcb.Application.Received.ToString());
        uint una = 1000;
        while (tcb.Application.Received.Length == 1)
        {
            una += (uint)(tcb.TakeAll().Count * 1000);
            tcb.Arrives(Segments.Ack(2002, una));
        }
        Assert.Equal("ab", tcb.Application.Received.ToString());
        Assert.True(tcb.Connection.Output.Length <= 32 * 1024);
    }

    /// <summary>As much in each turn, while there is something left.</summary>
    private static void TakeTwo(Tcb tcb)
    {
        tcb.Application.Appetite = 2;
        tcb.Application.OnReceive = connection =>
        {
            _ = connection.Output.Append("x"u8);
            if (tcb.Application.Received.Length < 8) connection.Yield();
        };
    }
}
