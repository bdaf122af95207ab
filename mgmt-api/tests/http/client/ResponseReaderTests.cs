using System;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Http.Client;
using Xunit;

namespace Memcachier.Management.Tests.Http.Client;

public sealed class ResponseReaderTests
{
    private const int Room = 32;
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    private static readonly string s_32 = new('x', Room);

    /// <summary>A response, what becomes of it, its status, and its content.</summary>
    private static readonly (string Name, string Text, ResponseOutcome Outcome, int Status, string Content)[] Rows =
    [
        ("length", Ok + "Content-Length: 5\r\n\r\nhello", ResponseOutcome.Done, 200, "hello"),
        ("no content", Ok + "Content-Length: 0\r\n\r\n", ResponseOutcome.Done, 200, ""),
        ("all there is room for", Ok + "Content-Length: 32\r\n\r\n" + s_32, ResponseOutcome.Done, 200, s_32),
        ("chunks", Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nX: y\r\n\r\n", ResponseOutcome.Done, 200, "hello world"),
        ("no chunk", Ok + "transfer-encoding: Chunked\r\n\r\n0\r\n\r\n", ResponseOutcome.Done, 200, ""),
        ("binary", Ok + "Content-Length: 4\r\n\r\n\0\r\n\u00ff", ResponseOutcome.Done, 200, "\0\r\n\u00ff"),
        ("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab", ResponseOutcome.Done, 200, "ab"),
        ("later minor version", "HTTP/1.7 200 OK\r\nContent-Length: 2\r\n\r\nab", ResponseOutcome.Done, 200, "ab"),
        ("reason of several words", "HTTP/1.1 404 Not Found at all\r\n\r\n", ResponseOutcome.Done, 404, ""),
        ("empty reason", "HTTP/1.1 503 \r\n\r\n", ResponseOutcome.Done, 503, ""),
        ("no reason and no space", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", ResponseOutcome.Done, 200, "a"),
        ("reason in Latin-1", "HTTP/1.1 404 Pas trouv\u00e9\r\n\r\n", ResponseOutcome.Done, 404, ""),
        ("content of others than 200 is not waited for", "HTTP/1.1 500 Oh\r\nContent-Length: 9999999999\r\n\r\n", ResponseOutcome.Done, 500, ""),
        ("redirect", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", ResponseOutcome.Done, 302, ""),
        ("interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + Ok + "Content-Length: 1\r\n\r\na", ResponseOutcome.Done, 200, "a"),
        ("interim without end", string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 9)), ResponseOutcome.Malformed, 100, ""),
        ("another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n", ResponseOutcome.Malformed, 101, ""),
        ("neither length nor chunks", Ok + "\r\n", ResponseOutcome.NoLength, 200, ""),
        ("too long by its length", Ok + "Content-Length: 33\r\n\r\n", ResponseOutcome.TooLong, 200, ""),
        ("too long by far", Ok + "Content-Length: 99999999999999999999999\r\n\r\n", ResponseOutcome.TooLong, 200, ""),
        ("too long by a chunk", Ok + "Transfer-Encoding: chunked\r\n\r\n21\r\n", ResponseOutcome.TooLong, 200, ""),
        ("too long by all chunks", Ok + "Transfer-Encoding: chunked\r\n\r\n20\r\n" + s_32 + "\r\n1\r\n", ResponseOutcome.TooLong, 200, s_32),
        ("head too long", Ok + "X: " + new string('y', 9000) + "\r\n\r\n", ResponseOutcome.TooLong, 0, ""),
        ("status line without end", "HTTP/1.1 200 " + new string('y', 9000), ResponseOutcome.TooLong, 0, ""),
        ("too many fields", Ok + string.Concat(Enumerable.Repeat("X: y\r\n", 65)) + "\r\n", ResponseOutcome.TooLong, 0, ""),
        ("length and chunks", Ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("two lengths", Ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("bad length", Ok + "Content-Length: +1\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("unknown coding", Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("coding in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("bad chunk size", Ok + "Transfer-Encoding: chunked\r\n\r\nx\r\n", ResponseOutcome.Malformed, 200, ""),
        ("bad end of chunk", Ok + "Transfer-Encoding: chunked\r\n\r\n1\r\naXX", ResponseOutcome.Malformed, 200, "a"),
        ("folded field", Ok + "X: y\r\n z\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("field without name", Ok + ": y\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("bare line feed", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", ResponseOutcome.Malformed, 0, ""),
        ("another minor protocol", "HTTP/2.0 200 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("not HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("rubbish", "\u0016\u0003\u0001\0\u00ff", ResponseOutcome.Malformed, 0, ""),
        ("status of two digits", "HTTP/1.1 20 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("status below 100", "HTTP/1.1 099 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("status that is none", "HTTP/1.1 2x0 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("no space before the status", "HTTP/1.1\t200 OK\r\n\r\n", ResponseOutcome.Malformed, 0, ""),
        ("empty line first", "\r\n" + Ok + "\r\n", ResponseOutcome.Malformed, 0, ""),
    ];

    public static TheoryData<string> Names() => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reads_it_however_it_is_cut(string name)
    {
        (_, string text, ResponseOutcome outcome, int status, string content) = Rows.Single(row => row.Name == name);
        byte[] octets = Encoding.Latin1.GetBytes(text);
        Read(octets, octets.Length, octets.Length, outcome, status, content);
        // More than the response does not change it.
        Read([.. octets, .. "HTTP/1.1 500 No\r\n\r\n"u8], octets.Length + 19, octets.Length + 19, outcome, status, content);
        Read(octets, 1, 1, outcome, status, content);
        int step = octets.Length > 1000 ? 97 : 1;
        for (int cut = 0; cut < octets.Length; cut += step)
            Read(octets, cut, octets.Length, outcome, status, content);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_beginning_of_it_is_cut_short(string name)
    {
        (_, string text, ResponseOutcome outcome, _, _) = Rows.Single(row => row.Name == name);
        if (outcome != ResponseOutcome.Done) return;
        byte[] octets = Encoding.Latin1.GetBytes(text);
        var reader = new ResponseReader(Room);
        for (int length = 0; length < octets.Length; length++)
        {
            reader.Begin();
            Assert.Equal(ResponseOutcome.NeedMoreData, reader.Receive(octets.AsSpan(0, length)));
            Assert.Equal(ResponseOutcome.CutShort, reader.End());
            Assert.Equal(ResponseOutcome.CutShort, reader.Receive(octets.AsSpan(length)));
        }
        reader.Begin();
        Assert.Equal(ResponseOutcome.Done, reader.Receive(octets));
        Assert.Equal(ResponseOutcome.Done, reader.End());
    }

    [Fact]
    public void Fields_are_found_in_any_case()
    {
        var reader = new ResponseReader(Room);
        reader.Begin();
        Assert.False(reader.TryField("a"u8, out _));
        _ = reader.Receive("HTTP/1.1 404 No\r\nA:  1 \r\na: 2\r\nEmpty:\r\n\r\n"u8);
        Assert.True(reader.TryField("a"u8, out ReadOnlySpan<byte> value));
        Assert.Equal("1", Encoding.ASCII.GetString(value));
        Assert.True(reader.TryField("empty"u8, out value));
        Assert.Equal(0, value.Length);
        Assert.False(reader.TryField("b"u8, out _));
    }

    [Fact]
    public void One_reader_reads_one_response_after_the_other_and_allocates_nothing()
    {
        var reader = new ResponseReader(Room);
        byte[] octets = Encoding.Latin1.GetBytes(Rows.Single(row => row.Name == "chunks").Text);
        bool isAlwaysDone = true;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                reader.Begin();
                isAlwaysDone &= reader.Receive(octets) == ResponseOutcome.Done;
            }
        }));
        Assert.True(isAlwaysDone);
    }

    /// <summary>Whatever is changed in a response, reading ends, and never with more than there is room for.</summary>
    [Fact]
    public void Any_octets_have_an_outcome_that_does_not_depend_on_the_cuts()
    {
        var random = new Prng(20261129);
        var whole = new ResponseReader(Room);
        var cut = new ResponseReader(Room);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] octets = Encoding.Latin1.GetBytes(Rows[random.Below((uint)Rows.Length)].Text);
            for (int change = (int)random.Below(3); change >= 0 && octets.Length > 0; change--)
                octets[random.Below((uint)octets.Length)] = "\0\t\n\r \"0:;1fHxX\u007f\u00ff"u8[(int)random.Below(16)];
            whole.Begin();
            ResponseOutcome outcome = whole.Receive(octets);
            cut.Begin();
            for (int at = 0; at < octets.Length;)
            {
                int length = Math.Min(octets.Length - at, 1 + (int)random.Below(40));
                _ = cut.Receive(octets.AsSpan(at, length));
                at += length;
            }
            Assert.Equal(outcome, cut.Outcome);
            Assert.Equal(whole.Status, cut.Status);
            Assert.True(whole.Content.SequenceEqual(cut.Content));
        }
    }

    private static void Read(
        byte[] octets, int cut, int step, ResponseOutcome outcome, int status, string content)
    {
        var reader = new ResponseReader(Room);
        reader.Begin();
        _ = reader.Receive(octets.AsSpan(0, cut));
        for (int at = cut; at < octets.Length; at += step)
            _ = reader.Receive(octets.AsSpan(at, Math.Min(step, octets.Length - at)));
        Assert.Equal(outcome, reader.Outcome);
        Assert.Equal(status, reader.Status);
        Assert.Equal(content, Encoding.Latin1.GetString(reader.Content));
        Assert.Equal(outcome, reader.End() == ResponseOutcome.CutShort ? ResponseOutcome.NeedMoreData : reader.Outcome);
    }
}
