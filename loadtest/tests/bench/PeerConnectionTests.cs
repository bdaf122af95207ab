using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Bench.Peer;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.LoadTest.Tests.Bench;

/// <summary>The client of the bench: what it sends, and when it acknowledges.</summary>
public sealed class PeerConnectionTests
{
    private const ushort Window = 1000;
    private const int WindowScale = 3;

    private readonly PeerConnection _connection = new(40_000, 11_211);
    private SeqNumber _iss;
    private SeqNumber _next = new(777);

    [Fact]
    public void Connects_with_the_options_of_Linux_and_acknowledges_the_answer()
    {
        byte[] syn = Open();
        Assert.True(TcpHeader.TryParse(syn, out TcpHeader header));
        Assert.Equal(TcpFlags.Syn, header.Flags);
        Assert.True(TcpOptions.TryParse(header.Options, out TcpOptions options));
        Assert.Equal((1460, true, true), (options.Mss, options.HasWindowScale, options.HasTimestamps));
        Assert.Equal(["ack 778"], Sent());
        Assert.True(_connection.IsOpen);
    }

    [Theory]
    [InlineData("a short answer waits for the next request", new[] { 100 }, new string[0])]
    [InlineData("a full segment waits, too", new[] { 1448 }, new string[0])]
    [InlineData("more than one does not", new[] { 1448, 1 }, new[] { "ack 2227" })]
    [InlineData("every second one", new[] { 1448, 1448, 1448, 1448, 10 }, new[] { "ack 3674", "ack 6570" })]
    public void Acknowledges_as_soon_as_more_than_a_full_segment_is_unacknowledged(string _, int[] lengths,
        string[] sent)
    {
        Assert.NotEmpty(Open());
        Assert.NotEmpty(Sent());
        foreach (int length in lengths)
        {
            _connection.Expect(new byte[length]);
            Arrives(TcpFlags.Ack, new byte[length]);
        }
        Assert.Equal(sent, Sent());
        Assert.Equal(0, _connection.ExpectedCount);
    }

    [Fact]
    public void The_next_request_acknowledges_the_last_answer()
    {
        _ = Open();
        _ = Sent();
        _connection.Expect("OK\r\n"u8);
        Arrives(TcpFlags.Ack, "OK\r\n"u8);
        _connection.Write("get a\r\n"u8);
        Assert.Equal(["ack 782 'get a'"], Sent());
        _connection.AcknowledgeNow();
        Assert.Empty(Sent());
    }

    [Fact]
    public void Sends_no_more_than_the_window_takes()
    {
        _ = Open();
        _ = Sent();
        Arrives(TcpFlags.Ack, []);
        _connection.Write(new byte[20_000]);
        int sent = 0;
        while (_connection.TryEmit(new byte[2000], 1, out int length)) sent += length - 32;
        Assert.Equal(Window << WindowScale, sent);
        Arrives(TcpFlags.Ack, [], acknowledged: 5000);
        Assert.True(_connection.TryEmit(new byte[2000], 1, out _));
    }

    [Theory]
    [InlineData("AK\r\n")]
    [InlineData("OK\r\n+")]
    public void An_answer_that_is_not_the_right_one_is_an_error(string answer)
    {
        _ = Open();
        _connection.Expect("OK\r\n"u8);
        _ = Assert.Throws<LoadTestException>(() => Arrives(TcpFlags.Ack, Encoding.ASCII.GetBytes(answer)));
    }

    private byte[] Open()
    {
        byte[] segment = new byte[2000];
        Assert.True(_connection.TryEmit(segment, 1, out int length));
        Assert.True(TcpHeader.TryParse(segment.AsSpan(0, length), out TcpHeader syn));
        _iss = syn.Seq;
        var options = new TcpOptions { HasWindowScale = true, WindowScale = WindowScale };
        Arrives(TcpFlags.Syn | TcpFlags.Ack, [], options: options);
        return segment[..length];
    }

    private void Arrives(TcpFlags flags, ReadOnlySpan<byte> text, int acknowledged = 0, TcpOptions options = default)
    {
        int size = TcpHeader.MinSize + options.Size;
        byte[] segment = new byte[size + text.Length];
        TcpHeader header = TcpHeader.Begin(segment, size);
        header.Seq = _next;
        header.Ack = _iss + 1 + acknowledged;
        header.Flags = flags;
        header.Window = Window;
        options.Write(segment.AsSpan(TcpHeader.MinSize));
        text.CopyTo(segment.AsSpan(size));
        _next += text.Length + (flags.HasFlag(TcpFlags.Syn) ? 1 : 0);
        _connection.Arrives(header);
    }

    private List<string> Sent()
    {
        var sent = new List<string>();
        byte[] segment = new byte[2000];
        while (_connection.TryEmit(segment, 2, out int length))
        {
            Assert.True(TcpHeader.TryParse(segment.AsSpan(0, length), out TcpHeader header));
            string text = Encoding.ASCII.GetString(header.Text).TrimEnd();
            sent.Add($"ack {header.Ack.Value}" + (text.Length > 0 ? $" '{text}'" : ""));
        }
        return sent;
    }
}
