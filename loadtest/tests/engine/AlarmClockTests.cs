using System.Net;
using System.Net.Sockets;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Measure;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class AlarmClockTests
{
    private const long Millisecond = 1_000_000;

    /// <summary>It may get up 30 µs early, and the last look may take 5 µs, however late its timer was.</summary>
    [Fact]
    public void It_sleeps_but_for_some_microseconds()
    {
        using var poll = new EventPoll();
        var alarm = new AlarmClock(poll);
        for (int i = 1; i <= 50; i++)
        {
            long until = LoadClock.Now() + Millisecond;
            while (LoadClock.Now() < until) Assert.Equal(0, alarm.Wait(until));
            Assert.InRange(alarm.IdleNanos, 0, i * 35_000);
        }
    }

    [Fact]
    public void A_time_that_is_over_is_not_waited_for()
    {
        using var poll = new EventPoll();
        var alarm = new AlarmClock(poll);
        Assert.Equal(0, alarm.Wait(LoadClock.Now() - Millisecond));
        Assert.Equal(0, alarm.IdleNanos);
    }

    [Fact]
    public void What_happens_wakes_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndpoint);
        using Socket server = listener.AcceptSocket();
        using var poll = new EventPoll();
        poll.Watch(client.Handle, 7, alsoOut: false);
        _ = server.Send("x"u8);
        Assert.Equal(1, new AlarmClock(poll).Wait(LoadClock.Now() + (60_000 * Millisecond)));
        Assert.Equal(7, poll.TokenOf(0));
    }
}
