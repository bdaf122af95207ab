using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Sim;
using Memcachier.Management.Http.Fuzz;
using Xunit;

namespace Memcachier.Management.Tests.Http;

/// <summary>What is said over one connection, cut in every way, and what is answered.</summary>
public sealed class HttpTests
{
    private const string Security =
        "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"
        + "Cross-Origin-Resource-Policy: same-origin\r\n";

    private const string Date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    private const string Strict = "Cache-Control: no-store\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n";

    [Fact]
    public void Each_malformed_request_is_refused_however_it_is_cut()
    {
        (string Name, string Request, int Status)[] rows = MalformedRequests.Rows().ToArray();
        Assert.True(rows.Length >= 150);
        foreach ((string name, string request, int status) in rows)
        {
            byte[] octets = Encoding.Latin1.GetBytes(request);
            // Cuts of a long one only where something may depend on them.
            int[] lengths = octets.Length < 600 ? [octets.Length, .. Enumerable.Range(1, 40)] : [octets.Length, 1, 7, 1460];
            string answer = "";
            foreach (int length in lengths)
            {
                var subject = new Subject(1);
                subject.Converse(octets, length);
                string got = Encoding.Latin1.GetString(subject.Answer);
                bool isHead = request.StartsWith("HEAD ", StringComparison.Ordinal);
                IReadOnlyList<Reply> replies = ReplyReader.Read(subject.Answer, [isHead]);
                Assert.Equal((name, length, 1, status), (name, length, replies.Count, replies.Count > 0 ? replies[0].Status : 0));
                Assert.True(replies[0].Closes, name);
                Assert.True(subject.HasClosed, name);
                if (!isHead) Assert.Contains($"\"status\":{status},", Encoding.Latin1.GetString(replies[0].Body), StringComparison.Ordinal);
                Assert.DoesNotContain("marker", Encoding.Latin1.GetString(subject.Log.Lines), StringComparison.Ordinal);
                Assert.Equal((name, 1L), (name, subject.Server.Counters.RequestsRefused));
                if (answer.Length > 0) Assert.Equal((name, answer), (name, got));
                answer = got;
            }
        }
    }

    public static TheoryData<string, string, string> Golden => new()
    {
        {
            "plain", "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + Date + Security + "Content-Type: text/plain\r\nContent-Length: 2\r\n" + Strict + "/a"
        },
        {
            "HEAD", "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + Date + Security + "Content-Type: text/plain\r\nContent-Length: 2\r\n" + Strict
        },
        { "no content", "GET /none HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 204 No Content\r\n" + Date + Security + Strict },
        {
            "HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + Date + Security + "Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n" + Strict + "/a"
        },
        {
            "HTTP/1.0, kept alive", "GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + Date + Security + "Content-Type: text/plain\r\nContent-Length: 2\r\nConnection: keep-alive\r\n" + Strict + "/a"
        },
        {
            "not modified", "GET /tag HTTP/1.1\r\nHost: a\r\nIf-None-Match: W/\"x\", W/\"v1\"\r\n\r\n",
            "HTTP/1.1 304 Not Modified\r\n" + Date + Security + "ETag: \"v1\"\r\nCache-Control: no-cache\r\n"
            + "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\r\n"
        },
        {
            "problem", "GET /early HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 403 Forbidden\r\n" + Date + Security + "Content-Type: application/problem+json\r\nContent-Length: 84\r\n" + Strict
            + "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\"Not \\\"allowed\\\".\"}\n"
        },
        {
            "continue", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + Date + Security
            + "Content-Type: text/plain\r\nContent-Length: 17\r\n" + Strict + "body 1 3826002220"
        },
        {
            "refused, not continued", "POST /early HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
            "HTTP/1.1 403 Forbidden\r\n" + Date + Security + "Content-Type: application/problem+json\r\nContent-Length: 84\r\nConnection: close\r\n" + Strict
            + "{\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\"Not \\\"allowed\\\".\"}\n"
        },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Answers_are_as_written(string name, string request, string answer)
    {
        for (int length = 1; length <= request.Length; length++) Assert.Equal((name, answer), (name, Ask(request, length)));
    }

    [Theory]
    [InlineData("many", "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n", "0/a 0/b 0/c")]
    [InlineData("close is the last", "GET /a HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", "0/a")]
    [InlineData("body is no request", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /marker HTTP/1.1\r\nHost: evil\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n", "2/ 0/c")]
    [InlineData("unread body", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 36\r\n\r\nGET /marker HTTP/1.1\r\nHost: evil\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n", "0/a 0/c")]
    [InlineData("unread chunks", "GET /long HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n0\r\nT: t\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n", "0/long 0/c")]
    [InlineData("bad unread chunks", "GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxGET /c HTTP/1.1\r\nHost: a\r\n\r\n", "0/a")]
    [InlineData("asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS http://b HTTP/1.1\r\nHost: a\r\n\r\n", "6* 6*")]
    [InlineData("absolute", "GET HTTP://b:1/x?y HTTP/1.1\r\nHost: a\r\n\r\nGET http://b?y HTTP/1.1\r\nHost: a\r\n\r\n", "0/x 0/")]
    [InlineData("after HTTP/1.0", "GET /a HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", "0/a")]
    [InlineData("minor 2", "GET /a HTTP/1.2\r\nHost: a\r\n\r\n", "0/a")]
    [InlineData("incomplete", "GET /a HTTP/1.1\r\nHost: a\r\n\r", "")]
    public void Who_is_asked(string name, string input, string asked)
    {
        for (int length = 1; length <= input.Length; length++)
        {
            var subject = new Subject(1);
            subject.Converse(Encoding.Latin1.GetBytes(input), length);
            string log = Encoding.Latin1.GetString(subject.Log.Lines).TrimEnd('\n').Replace('\n', ' ');
            Assert.Equal((name, asked), (name, log));
            Assert.DoesNotContain("marker", log, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("as much as may be", "Content-Length: 10\r\n\r\n0123456789", 200)]
    [InlineData("nothing", "Content-Length: 0\r\n\r\n", 200)]
    [InlineData("a byte more", "Content-Length: 11\r\n\r\n01234567890", 413)]
    [InlineData("more, not sent", "Content-Length: 11\r\n\r\n", 413)]
    [InlineData("more, not continued", "Expect: 100-continue\r\nContent-Length: 11\r\n\r\n", 413)]
    [InlineData("chunks", "Transfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n", 200)]
    [InlineData("a chunk too large", "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", 413)]
    [InlineData("chunks that are too large together", "Transfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n7\r\n4567890\r\n", 413)]
    public void A_site_may_take_less_than_a_buffer(string name, string rest, int status)
    {
        string request = "PATCH /small HTTP/1.1\r\nHost: a\r\n" + rest;
        for (int length = 1; length <= request.Length; length++)
        {
            var subject = new Subject(1);
            subject.Converse(Encoding.Latin1.GetBytes(request), length);
            Reply reply = Assert.Single(ReplyReader.Read(subject.Answer, []));
            Assert.Equal((name, status, status == 413), (name, reply.Status, reply.Closes));
        }
    }

    [Theory]
    [InlineData("/long", "HTTP/1.1", EchoSite.LongLength)]
    [InlineData("/stream", "HTTP/1.1", EchoSite.StreamLength)]
    [InlineData("/long", "HTTP/1.0", EchoSite.LongLength)]
    [InlineData("/stream", "HTTP/1.0", EchoSite.StreamLength)]
    public void Long_answers_are_whole(string path, string version, int length)
    {
        var subject = new Subject(3);
        subject.Converse(Encoding.Latin1.GetBytes($"GET {path} {version}\r\nHost: a\r\n\r\n"), 100);
        Reply reply = Assert.Single(ReplyReader.Read(subject.Answer, []));
        Assert.Equal(Enumerable.Range(0, length).Select(i => EchoSite.OctetAt(i)), reply.Body);
        Assert.Equal(version == "HTTP/1.0", subject.HasClosed);
    }

    [Fact]
    public void The_largest_of_everything_is_served()
    {
        string target = "/" + new string('t', 2047);
        string fields = string.Concat(Enumerable.Repeat("X: y\r\n", 62)) + "Host: a\r\n";
        string start = $"POST {target} HTTP/1.1\r\n{fields}Content-Length: 8192\r\n\r\n" + new string('b', 8192);
        Assert.StartsWith("HTTP/1.1 200 ", Ask(start, 1460), StringComparison.Ordinal);
        string padded = "GET /a HTTP/1.1\r\nHost: a\r\nX: ";
        string head = padded + new string('x', 8192 - padded.Length - 4) + "\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 200 ", Ask(head, 1), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", Ask("GET /a HTTP/1.1\r\nHost: a\r\nX: x" + head["GET /a HTTP/1.1\r\nHost: a\r\nX: ".Length..], 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_said_is_answered_as_the_model_expects(ulong seed)
    {
        var fuzzer = new Fuzzer(seed);
        while (fuzzer.Count < 50_000) fuzzer.Step();
        Assert.True(fuzzer.RequestCount > 10_000);
        Assert.True(fuzzer.RefusedCount > 10_000);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var subject = new Subject(1);
        byte[] input = Encoding.Latin1.GetBytes(
            "GET /long HTTP/1.1\r\nHost: a\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nabGET /stream HTTP/1.1\r\nHost: a\r\n\r\nBAD\r\n\r\n");
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 10_000; i++) subject.Converse(input);
        }));
    }

    private static string Ask(string request, int pieceLength)
    {
        var subject = new Subject(1);
        subject.Converse(Encoding.Latin1.GetBytes(request), pieceLength);
        return Encoding.Latin1.GetString(subject.Answer);
    }
}
