using System;
using System.Text;
using Memcachier.Kernel.Memory;
using Memcachier.Management.Http;
using Memcachier.Management.Http.Fuzz;
using Xunit;

namespace Memcachier.Management.Tests.Http;

/// <summary>Many connections, and time.</summary>
public sealed class ServerTests
{
    private const long Second = 1_000_000;
    private const string Request = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

    private readonly ChunkPool _chunks = new(HostMemory.Allocate(64 << 10), 1024);
    private readonly ChunkQueue _output;
    private readonly SiteLog _log = new();
    private readonly HttpServer<EchoSite> _server;

    public ServerTests()
    {
        _output = new ChunkQueue(_chunks, 1 << 14);
        _server = new HttpServer<EchoSite>(new EchoSite(_log));
    }

    [Theory]
    [InlineData("idle", "", 60, "")]
    [InlineData("only an empty line", "\r\n", 60, "")]
    [InlineData("after an answer", Request, 60, "")]
    [InlineData("in a request line", "G", 10, "408")]
    [InlineData("in a field", "GET / HTTP/1.1\r\nHost: ", 10, "408")]
    [InlineData("in a body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc", 30, "408")]
    [InlineData("in chunks", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", 30, "408")]
    [InlineData("in a body nobody wants", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc", 30, "")]
    public void A_silent_client_is_let_go(string name, string said, int seconds, string status)
    {
        _ = _server.Open(0, out int index);
        Say(index, said, 0);
        _output.Clear();
        long deadline = _server.DeadlineMicros;
        Assert.Equal((name, seconds * Second), (name, deadline));
        Assert.False(_server.TryExpired(deadline - 1, out _));
        Assert.True(_server.TryExpired(deadline, out int expired));
        _server.TimedOut(expired, _output, deadline);
        Assert.True(_server[index].WantsClose);
        string answer = TakeOutput();
        if (status.Length == 0) Assert.Equal("", answer);
        else Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        // It does not close either: that is the end.
        Assert.True(_server.TryExpired(deadline + (31 * Second), out expired));
        _server.TimedOut(expired, _output, deadline + (31 * Second));
        Assert.True(_server.TryTakeEvicted(out int aborted));
        _server.Closed(aborted);
        ExpectClean();
    }

    [Fact]
    public void A_byte_now_and_then_does_not_keep_a_head_open()
    {
        _ = _server.Open(0, out int index);
        for (int i = 0; i < 9; i++) Say(index, "G", i * Second);
        Assert.Equal(10 * Second, _server[index].DeadlineMicros);
    }

    [Fact]
    public void An_answer_that_is_not_taken_is_cut_and_one_that_is_taken_slowly_is_not()
    {
        _ = _server.Open(0, out int index);
        Say(index, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n", 0, works: false);
        while (_server.Work(index, _output, 0))
        {
            if (_output.Length > 2000) break;
        }
        _output.Drop(1);
        _server.TimedOut(index, _output, 30 * Second);
        Assert.True(_server[index].IsAnswering);
        Assert.Equal(60 * Second, _server.DeadlineMicros);
        _server.TimedOut(index, _output, 60 * Second);
        Assert.True(_server[index].WantsAbort);
        Assert.Equal(1, _server.Counters.AnswerTimeouts);
        Assert.Equal(1, _log.EndedCount);
        _server.Closed(index);
        _output.Clear();
        ExpectClean();
    }

    [Fact]
    public void A_stream_that_has_nothing_to_say_lives_on_until_the_client_is_gone()
    {
        _log.IsWaiting = true;
        _ = _server.Open(0, out int index);
        Say(index, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", 0, works: false);
        _output.Clear();
        for (int second = 0; second < 1000; second += 10)
        {
            Assert.False(_server.Work(index, _output, second * Second));
            Assert.False(_server.TryExpired(second * Second, out _));
        }
        _server.PeerClosed(index, 1000 * Second);
        Assert.True(_server.Work(index, _output, 1000 * Second));
        Assert.True(_server[index].WantsClose);
        _server.Closed(index);
        Assert.Equal(1, _server.Counters.AnswersCut);
        ExpectClean();
    }

    [Fact]
    public void A_thousand_slow_clients_keep_nobody_out()
    {
        for (int i = 0; i < 1000; i++)
        {
            HttpAdmission admission = _server.Open(i, out int slow);
            Assert.NotEqual(HttpAdmission.Refused, admission);
            Say(slow, i % 3 == 0 ? "" : i % 3 == 1 ? "GET / HT" : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", i);
            CloseEvicted();
            // In one piece, and in two, of which the first needs a buffer.
            foreach (int cut in (int[])[Request.Length, 10])
            {
                Assert.NotEqual(HttpAdmission.Refused, _server.Open(i, out int good));
                Say(good, Request[..cut], i);
                CloseEvicted();
                Say(good, Request[cut..], i);
                Assert.StartsWith("HTTP/1.1 200 ", TakeOutput(), StringComparison.Ordinal);
                _server.Closed(good);
            }
            Assert.InRange(_server.OpenCount, 0, 32);
        }
        Assert.True(_server.Counters.ConnectionsEvicted > 900);
        for (int i = 0; i < _server.ConnectionCount; i++)
        {
            if (_server[i].State != HttpConnectionState.Closed) _server.Closed(i);
        }
        ExpectClean();
    }

    [Fact]
    public void A_client_that_was_served_keeps_its_place()
    {
        _ = _server.Open(0, out int good);
        Say(good, Request, 0);
        _output.Clear();
        for (int i = 1; i < 1000; i++)
        {
            _ = _server.Open(i, out int slow);
            Assert.NotEqual(good, slow);
        }
        Say(good, Request, 1000);
        Assert.StartsWith("HTTP/1.1 200 ", TakeOutput(), StringComparison.Ordinal);
    }

    [Fact]
    public void When_all_are_being_answered_the_next_one_is_told_to_come_again()
    {
        _log.IsWaiting = true;
        for (int i = 0; i < _server.ConnectionCount; i++)
        {
            Assert.Equal(HttpAdmission.Admitted, _server.Open(0, out int index));
            Say(index, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", 0, works: false);
            _output.Clear();
        }
        Assert.Equal(HttpAdmission.Refused, _server.Open(0, out _));
        _server.Refuse(_output);
        string answer = TakeOutput();
        Assert.StartsWith("HTTP/1.1 503 Service Unavailable\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(1, _server.Counters.ConnectionsRefused);
    }

    [Fact]
    public void Nothing_is_taken_without_space_for_an_answer()
    {
        var full = new ChunkQueue(_chunks, 100);
        _ = _server.Open(0, out int index);
        Assert.Equal(0, _server.Receive(index, Encoding.Latin1.GetBytes(Request), full, 0));
        Assert.True(_server[index].IsBlocked);
        Say(index, Request, 0);
        Assert.StartsWith("HTTP/1.1 200 ", TakeOutput(), StringComparison.Ordinal);
    }

    private void Say(int index, string text, long now, bool works = true)
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        int taken = _server.Receive(index, octets, _output, now);
        while (works && _server.Work(index, _output, now))
        {
            taken += _server.Receive(index, octets.AsSpan(taken), _output, now);
        }
        Assert.Equal(octets.Length, taken);
    }

    private void CloseEvicted()
    {
        while (_server.TryTakeEvicted(out int index)) _server.Closed(index);
    }

    private string TakeOutput()
    {
        byte[] octets = new byte[_output.Length];
        _output.CopyTo(0, octets);
        _output.Clear();
        return Encoding.Latin1.GetString(octets);
    }

    private void ExpectClean()
    {
        Assert.Equal(0, _server.OpenCount);
        Assert.Equal(_server.Buffers.Count, _server.Buffers.FreeCount);
        Assert.Equal(_chunks.Count, _chunks.FreeCount);
        Assert.Equal(_log.BegunCount, _log.EndedCount);
    }
}
