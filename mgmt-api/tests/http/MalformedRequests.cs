using System.Collections.Generic;

namespace Memcachier.Management.Tests.Http;

/// <summary>Requests that no site may ever see, and the status that refuses them.</summary>
internal static class MalformedRequests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\n";
    private const string Hidden = "GET /marker HTTP/1.1\r\nHost: a\r\n\r\n";

    public static IEnumerable<(string Name, string Request, int Status)> Rows()
    {
        foreach ((string name, string line, int status) in RequestLines()) yield return (name, line + "\r\nHost: a\r\n\r\n", status);
        foreach ((string name, string field, int status) in Fields()) yield return (name, Get + field + "\r\n\r\n", status);
        foreach ((string name, string fields, int status) in Framings()) yield return (name, Post + fields + "\r\n\r\n" + Hidden, status);
        foreach ((string name, string chunks, int status) in Chunks())
        {
            yield return (name, Post + "Transfer-Encoding: chunked\r\n\r\n" + chunks + Hidden, status);
        }
        foreach (string host in Hosts()) yield return ($"host \"{host}\"", $"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", 400);
        foreach (string target in Targets()) yield return ($"target \"{target}\"", $"GET {target} HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        foreach ((string, string, int) row in Others()) yield return row;
    }

    private static IEnumerable<(string Name, string Line, int Status)> RequestLines() =>
    [
        ("no version", "GET /", 400), ("method only", "GET", 400), ("two spaces before target", "GET  / HTTP/1.1", 400),
        ("two spaces before version", "GET /  HTTP/1.1", 400), ("space at start", " GET / HTTP/1.1", 400),
        ("space at end", "GET / HTTP/1.1 ", 400), ("tab for space", "GET\t/ HTTP/1.1", 400), ("tab before version", "GET /\tHTTP/1.1", 400),
        ("lower-case version", "GET / http/1.1", 400), ("version without minor", "GET / HTTP/1", 400), ("long minor", "GET / HTTP/1.10", 400),
        ("long major", "GET / HTTP/11.1", 400), ("version with a letter", "GET / HTTP/1.x", 400), ("other protocol", "GET / RTSP/1.0", 400),
        ("version with space", "GET / HTTP /1.1", 400), ("version with comma", "GET / HTTP/1,1", 400),
        ("version 0.9", "GET / HTTP/0.9", 505), ("version 2", "GET / HTTP/2.0", 505), ("HTTP/2 preface", "PRI * HTTP/2.0", 505),
        ("version 3", "GET / HTTP/3.0", 505), ("method not a token", "G(T / HTTP/1.1", 400), ("method in quotes", "\"GET\" / HTTP/1.1", 400),
        ("method of 8 bits", "G\u00c9T / HTTP/1.1", 400), ("method with colon", "GET: / HTTP/1.1", 400), ("lower-case method", "get / HTTP/1.1", 501),
        ("unknown method", "BREW / HTTP/1.1", 501), ("TRACE", "TRACE / HTTP/1.1", 501), ("CONNECT", "CONNECT a:80 HTTP/1.1", 501),
        ("PROPFIND", "PROPFIND / HTTP/1.1", 501), ("memcached", "set key 0 0 5", 400), ("target too long", "GET /" + new string('a', 2048) + " HTTP/1.1", 414),
        ("query too long", "GET /?" + new string('a', 2047) + " HTTP/1.1", 414), ("line too long", "GET /" + new string('a', 9000) + " HTTP/1.1", 414),
    ];

    private static IEnumerable<(string Name, string Field, int Status)> Fields() =>
    [
        ("no colon", "X", 400), ("empty name", ": x", 400), ("space before colon", "X : y", 400), ("tab before colon", "X\t: y", 400),
        ("space in name", "X Y: z", 400), ("folded", "X: y\r\n z", 400), ("folded with tab", "X: y\r\n\tz", 400), ("first line folded", " X: y", 400),
        ("bracket in name", "X[]: y", 400), ("slash in name", "X/Y: z", 400), ("name of 8 bits", "\u00e9: z", 400), ("at in name", "@: z", 400),
        ("quote in name", "\"X\": z", 400), ("NUL in value", "X: a\0b", 400), ("NUL in name", "X\0: b", 400), ("escape in value", "X: \u001b[0m", 400),
        ("DEL in value", "X: \u007f", 400), ("bare CR in value", "X: a\rb", 400), ("bare LF in value", "X: a\nb", 400), ("vertical tab", "X:\v", 400),
        ("form feed", "X: \f", 400), ("LF CR", "X: a\n\rb", 400), ("CR CR LF", "X: a\r\r\n", 400), ("second Host", "Host: a", 400),
        ("second Host, other case", "hOST: b", 400), ("65 fields", Repeat("X: y\r\n", 63) + "X: y", 431),
        ("head too long", "X: " + new string('x', 8192), 431), ("many long fields", Repeat("X: " + new string('x', 1000) + "\r\n", 9) + "X: y", 431),
        ("other expectation", "Expect: 200-ok", 417), ("two expectations", "Expect: 100-continue, other", 417), ("expectation with value", "Expect: 100-continue=1", 417),
        ("empty line is no end with LF", "X: a\r\n\n", 400),
    ];

    /// <summary>Each of them is how a second request is hidden from somebody in front, or from us.</summary>
    private static IEnumerable<(string Name, string Fields, int Status)> Framings() =>
    [
        ("CL.TE", "Content-Length: 6\r\nTransfer-Encoding: chunked", 400), ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 6", 400),
        ("CL 0 and TE", "Content-Length: 0\r\nTransfer-Encoding: chunked", 400), ("CL plus", "Content-Length: +5", 400), ("CL minus", "Content-Length: -5", 400),
        ("CL hex", "Content-Length: 0x5", 400), ("CL list", "Content-Length: 5, 5", 400), ("CL list, different", "Content-Length: 5, 6", 400),
        ("CL twice", "Content-Length: 5\r\nContent-Length: 5", 400), ("CL twice, different", "Content-Length: 5\r\nContent-Length: 0", 400),
        ("CL twice, apart", "Content-Length: 5\r\nX: y\r\ncontent-length: 5", 400), ("CL empty", "Content-Length:", 400), ("CL blank", "Content-Length:  ", 400),
        ("CL space inside", "Content-Length: 1 0", 400), ("CL tab before", "Content-Length:\t5", 400), ("CL tab behind", "Content-Length: 5\t", 400),
        ("CL fraction", "Content-Length: 5.0", 400), ("CL exponent", "Content-Length: 1e1", 400), ("CL underscore", "Content-Length: 1_0", 400),
        ("CL letters", "Content-Length: five", 400), ("CL quoted", "Content-Length: \"5\"", 400), ("CL semicolon", "Content-Length: 5;", 400),
        ("CL NUL", "Content-Length: 5\0", 400), ("CL superscript", "Content-Length: \u00b2", 400), ("CL space before colon", "Content-Length : 5", 400),
        ("CL folded", "Content-Length:\r\n 5", 400), ("CL vertical tab", "Content-Length: \v5", 400), ("CL comma", "Content-Length: 5,", 400),
        ("CL too large", "Content-Length: 8193", 413), ("CL of 2^31", "Content-Length: 2147483648", 413), ("CL of 2^63", "Content-Length: 9223372036854775808", 413),
        ("CL of 2^64", "Content-Length: 18446744073709551616", 413), ("CL of 100 digits", "Content-Length: " + new string('9', 100), 413),
        ("CL 2^64 and 5", "Content-Length: 18446744073709551621", 413), ("TE identity", "Transfer-Encoding: identity", 400),
        ("TE identity first", "Transfer-Encoding: identity, chunked", 501), ("TE gzip", "Transfer-Encoding: gzip", 400), ("TE gzip, chunked", "Transfer-Encoding: gzip, chunked", 501),
        ("TE in two fields", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", 501), ("TE chunked, gzip", "Transfer-Encoding: chunked, gzip", 400),
        ("TE chunked twice", "Transfer-Encoding: chunked, chunked", 400), ("TE field twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        ("TE chunked, then identity", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", 400), ("TE xchunked", "Transfer-Encoding: xchunked", 400),
        ("TE chunkedx", "Transfer-Encoding: chunkedx", 400), ("TE chunk", "Transfer-Encoding: chunk", 400), ("TE quoted", "Transfer-Encoding: \"chunked\"", 400),
        ("TE single quotes", "Transfer-Encoding: 'chunked'", 400), ("TE parameter", "Transfer-Encoding: chunked;q=1", 400), ("TE semicolon", "Transfer-Encoding: chunked;", 400),
        ("TE comma behind", "Transfer-Encoding: chunked,", 400), ("TE comma before", "Transfer-Encoding: ,chunked", 400), ("TE empty", "Transfer-Encoding:", 400),
        ("TE tab before", "Transfer-Encoding:\tchunked", 400), ("TE tab behind", "Transfer-Encoding: chunked\t", 400), ("TE vertical tab", "Transfer-Encoding:\vchunked", 400),
        ("TE form feed", "Transfer-Encoding:\fchunked", 400), ("TE NUL", "Transfer-Encoding: chunked\0", 400), ("TE space before colon", "Transfer-Encoding : chunked", 400),
        ("TE tab before colon", "Transfer-Encoding\t: chunked", 400), ("TE space before name", "X: y\r\n Transfer-Encoding: chunked", 400),
        ("TE bare LF", "X: y\nTransfer-Encoding: chunked", 400), ("TE bare CR", "X: y\rTransfer-Encoding: chunked", 400), ("TE folded", "Transfer-Encoding:\r\n chunked", 400),
        ("TE folded after comma", "Transfer-Encoding: gzip,\r\n chunked", 400), ("TE 8 bits", "Transfer-Encoding: chunked\u00ff", 400), ("TE non-breaking space", "Transfer-Encoding:\u00a0chunked", 400),
        ("TE no colon", "Transfer-Encoding chunked", 400), ("TE two values", "Transfer-Encoding: chunked identity", 400), ("TE 1", "Transfer-Encoding: 1", 400),
    ];

    private static IEnumerable<(string Name, string Chunks, int Status)> Chunks() =>
    [
        ("no size", "\r\n", 400), ("size not hex", "g\r\n", 400), ("size minus", "-1\r\n", 400), ("size plus", "+5\r\nhello\r\n0\r\n\r\n", 400), ("size 0x", "0x5\r\nhello\r\n0\r\n\r\n", 400),
        ("space before size", " 5\r\nhello\r\n0\r\n\r\n", 400), ("space behind size", "5 \r\nhello\r\n0\r\n\r\n", 400), ("tab behind size", "5\t\r\nhello\r\n0\r\n\r\n", 400),
        ("size with comma", "5,5\r\nhello\r\n0\r\n\r\n", 400), ("size with LF only", "5\nhello\r\n0\r\n\r\n", 400), ("size with CR only", "5\rhello\r\n0\r\n\r\n", 400),
        ("size of 17 digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", 400), ("size of 2^64 + 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", 400), ("size of 2^63", "8000000000000000\r\n", 413),
        ("size of 2^32 + 5", "100000005\r\nhello\r\n0\r\n\r\n", 413), ("size too large", "2001\r\n", 413), ("sum too large", "1000\r\n" + new string('x', 4096) + "\r\n1001\r\n", 413),
        ("data too long", "5\r\nhello!\r\n0\r\n\r\n", 400), ("data without CR", "5\r\nhello\n0\r\n\r\n", 400), ("data without line end", "5\r\nhello0\r\n\r\n", 400),
        ("data with CR only", "5\r\nhello\r0\r\n\r\n", 400), ("extension with LF", "5;a\nhello\r\n0\r\n\r\n", 400), ("extension with NUL", "5;\0\r\nhello\r\n0\r\n\r\n", 400),
        ("extension too long", "5;" + new string('a', 256) + "\r\nhello\r\n0\r\n\r\n", 400), ("extensions too long together", Repeat("1;" + new string('a', 99) + "\r\nx\r\n", 3) + "0\r\n\r\n", 400),
        ("extension with CR", "5;a\rb\r\nhello\r\n0\r\n\r\n", 400), ("trailer without colon", "0\r\nX\r\n\r\n", 400), ("trailer folded", "0\r\n X: y\r\n\r\n", 400),
        ("trailer without name", "0\r\n: y\r\n\r\n", 400), ("trailer with space before colon", "0\r\nX : y\r\n\r\n", 400), ("trailer with NUL", "0\r\nX: \0\r\n\r\n", 400),
        ("trailer with LF", "0\r\nX: y\n\r\n", 400), ("trailer with CR", "0\r\nX: y\rz\r\n\r\n", 400), ("trailer too long", "0\r\nX: " + new string('x', 1024) + "\r\n\r\n", 431),
        ("trailers too long", "0\r\n" + Repeat("X: y\r\n", 300) + "\r\n", 431), ("end with LF", "0\r\n\n", 400), ("request as trailer", "0\r\nGET /marker HTTP/1.1\r\n\r\n", 400),
        ("CR behind end", "0\r\n\r\r\n", 400),
    ];

    private static IEnumerable<string> Hosts() =>
    [
        "", " ", "a b", "a,b", "a/b", "a?b", "a#b", "u@a", "a:b", "a:80:80", "a:65536", "a:999999", "a:-1", "a: 80", "[::1", "::1", "[::1]x", "[::g]", "[]",
        "a\\b", "a%2fb", "http://a", ":80", "\u00e9", "a;b", "<a>", "a:80, b", "*",
    ];

    private static IEnumerable<string> Targets() =>
    [
        "a", "*", "?a", "/a#b", "/%", "/%1", "/%zz", "/%0g", "/a?%", "/a b", "/\"", "/<", "/>", "/\\", "/^", "/`", "/{", "/|", "/}", "/\u00e9", "/?[]", "/?\u00ff",
        "http:/", "http://", "http:///", "http://u@a/", "http://a:b/", "http://a b/", "ftp://a/", "a:80", "//[", "http://a#b", "http://[::1/", "mailto:a",
    ];

    private static IEnumerable<(string Name, string Request, int Status)> Others() =>
    [
        ("no Host", "GET / HTTP/1.1\r\n\r\n", 400), ("no Host in 1.2", "GET / HTTP/1.2\r\n\r\n", 400), ("no Host with absolute form", "GET http://a/ HTTP/1.1\r\n\r\n", 400),
        ("bad Host with absolute form", "GET http://a/ HTTP/1.1\r\nHost: b/c\r\n\r\n", 400), ("two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("TE in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400), ("TE in 1.0, kept alive", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ("two empty lines", "\r\n\r\n" + Get + "\r\n", 400), ("empty line with LF", "\n" + Get + "\r\n", 400), ("CR only", "\rG", 400), ("CR CR LF", "\r\r\n", 400), ("NUL", "\0", 400),
        ("TLS", "\u0016\u0003\u0001\u0002\0\u0001", 400), ("binary memcached", "\u0080\0\0\0", 400), ("lines with LF", "GET / HTTP/1.1\nHost: a\n\n", 400), ("second line with LF", "GET / HTTP/1.1\r\nHost: a\n\n", 400),
        ("space line", "GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n", 400), ("asterisk of GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("HEAD with two Hosts", "HEAD / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    ];

    private static string Repeat(string text, int count) => string.Concat(System.Linq.Enumerable.Repeat(text, count));
}
