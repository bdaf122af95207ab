using System;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Xunit;

namespace Memcachier.Management.Tests.Http;

public sealed class HelperTests
{
    private const string Prometheus =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Fact]
    public void Dates_are_those_of_the_class_library()
    {
        var random = new Prng(1);
        Span<byte> date = stackalloc byte[ImfFixdate.Length];
        const long End = 253_402_300_799;
        for (int i = 0; i < 100_000; i++)
        {
            long seconds = i switch { 0 => 0, 1 => End, < 40_000 => i * 86_400L, _ => (long)(random.Next() % (ulong)End) };
            ImfFixdate.Format(seconds, date);
            Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("r", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(date));
        }
        ImfFixdate.Format(End + 1, date);
        Assert.Equal("Fri, 31 Dec 9999 23:59:59 GMT", Encoding.ASCII.GetString(date));
    }

    [Theory]
    [InlineData("a%20b", false, "a b")]
    [InlineData("a+b", false, "a+b")]
    [InlineData("a+b%2B", true, "a b+")]
    [InlineData("%00%fF%2f", false, "\0\u00ff/")]
    [InlineData("", false, "")]
    [InlineData("%", false, null)]
    [InlineData("%2", false, null)]
    [InlineData("a%2", false, null)]
    [InlineData("%2g", false, null)]
    [InlineData("%%20", false, null)]
    [InlineData("12345678901", false, null)]
    [InlineData("%31%32%33%34%35%36%37%38%39%30", false, "1234567890")]
    public void Escapes_are_decoded_strictly(string text, bool isQuery, string? decoded)
    {
        Span<byte> room = stackalloc byte[10];
        bool isDone = PercentCoding.TryDecode(Bytes(text), isQuery, room, out int length);
        Assert.Equal(decoded, isDone ? Encoding.Latin1.GetString(room[..length]) : null);
    }

    [Theory]
    [InlineData("a=b&c=d", "a=b c=d ")]
    [InlineData("a&&b=&=c&d=e=f", "a= b= =c d=e=f ")]
    [InlineData("", "")]
    [InlineData("&", "")]
    public void Queries_are_read(string query, string read)
    {
        var reader = new QueryReader(Bytes(query));
        var text = new StringBuilder();
        while (reader.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            _ = text.Append(Encoding.Latin1.GetString(name)).Append('=').Append(Encoding.Latin1.GetString(value)).Append(' ');
        }
        Assert.Equal(read, text.ToString());
    }

    [Theory]
    [InlineData(Prometheus, "application/openmetrics-text;version=1.0.0", 600)]
    [InlineData(Prometheus, "text/plain;version=0.0.4", 300)]
    [InlineData(Prometheus, "application/json", 200)]
    [InlineData("text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/plain", 700)]
    [InlineData("text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "text/html", 300)]
    [InlineData("text/*;q=0.3, text/plain;q=0.7, */*;q=0.5", "image/png", 500)]
    [InlineData("text/plain;q=0", "text/plain", 0)]
    [InlineData("text/html", "text/plain", 0)]
    [InlineData("TEXT/Plain;Version=\"0.0.4\"", "text/plain;version=0.0.4", 1000)]
    [InlineData("text/plain;q=2, */*;q=0.1", "text/plain", 100)]
    [InlineData("text/plain;q=1.001, */*;q=0.123", "text/plain", 123)]
    [InlineData("", "text/plain", 1000)]
    [InlineData("text/p*", "text/plain", 0)]
    public void Accept_is_weighed(string accept, string offer, int quality)
    {
        RequestHead head = Head($"Accept: {accept}\r\n");
        Assert.Equal(quality, head.QualityOf(Bytes(offer)));
    }

    [Fact]
    public void Without_Accept_all_is_welcome_and_several_count_as_one()
    {
        Assert.Equal(1000, Head("").QualityOf("a/b"u8));
        Assert.Equal(400, Head("Accept: a/*;q=0.9\r\nAccept: a/b;q=0.4\r\n").QualityOf("a/b"u8));
    }

    [Theory]
    [InlineData("\"a\"", "\"a\"", true)]
    [InlineData("W/\"a\"", "\"a\"", true)]
    [InlineData("\"b\",W/\"a\"", "W/\"a\"", true)]
    [InlineData("\"b, \", \"a\"", "\"a\"", true)]
    [InlineData("*", "\"a\"", true)]
    [InlineData("\"b\"", "\"a\"", false)]
    [InlineData("a", "\"a\"", false)]
    [InlineData("\"a", "\"a\"", false)]
    [InlineData("\"xa\"", "\"a\"", false)]
    [InlineData("Wx\", \"a\"", "\"a\"", false)]      // the pair has a comma in it
    public void Entity_tags_are_compared_weakly(string list, string tag, bool isFound) =>
        Assert.Equal(isFound, EntityTags.Contains(Bytes(list), Bytes(tag)));

    [Theory]
    [InlineData("Bearer secret", "secret", true)]
    [InlineData("bearer  secret ", "secret", true)]
    [InlineData("Bearer secreT", "secret", false)]
    [InlineData("Bearer secre", "secret", false)]
    [InlineData("Bearer secrets", "secret", false)]
    [InlineData("Bearer secret\0", "secret", false)]
    [InlineData("Bearer ", "", false)]
    [InlineData("Bearer  ", "", false)]
    [InlineData("Basic secret", "secret", false)]
    [InlineData("secret", "secret", false)]
    [InlineData("", "secret", false)]
    public void Tokens_are_compared_whole(string authorization, string token, bool isRight) =>
        Assert.Equal(isRight, BearerToken.IsRight(Bytes(authorization), Bytes(token)));

    [Fact]
    public void Long_tokens_are_wrong()
    {
        Assert.True(BearerToken.IsRight(Bytes("Bearer " + new string('t', 128)), Bytes(new string('t', 128))));
        Assert.False(BearerToken.IsRight(Bytes("Bearer " + new string('t', 129)), Bytes(new string('t', 129))));
    }

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.0.0.1:8080", true)]
    [InlineData("[fe80::1]:8080", true)]
    [InlineData("localhost:8080", true)]
    [InlineData("LocalHost.", true)]
    [InlineData("cache.example", true)]
    [InlineData("Cache.Example.:80", true)]
    [InlineData("other", true)]
    [InlineData("", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("10.0.0.1.evil.example", false)]
    [InlineData("10.0.0", false)]
    [InlineData("10.0.0.256", false)]
    [InlineData("1.2.3.4.5", false)]
    [InlineData("xcache.example", false)]
    [InlineData(".", false)]
    public void Only_hosts_that_no_stranger_can_own_are_allowed(string authority, bool isAllowed) =>
        Assert.Equal(isAllowed, HostRules.IsAllowed(Bytes(authority), "cache.example, other"u8));

    [Theory]
    [InlineData("http://a:8080", "a:8080", true)]
    [InlineData("http://A", "a:80", true)]
    [InlineData("https://a", "a:443", true)]
    [InlineData("https://a", "a", true)]
    [InlineData("http://[::1]:8080", "[::1]:8080", true)]
    [InlineData("http://a:8081", "a:8080", false)]
    [InlineData("http://b:8080", "a:8080", false)]
    [InlineData("http://a.b", "a", false)]
    [InlineData("null", "a", false)]
    [InlineData("", "a", false)]
    [InlineData("http://a/", "a", false)]
    [InlineData("http://x@a", "a", false)]
    [InlineData("ftp://a", "a", false)]
    public void Origins_are_the_same_or_not(string origin, string authority, bool isSame) =>
        Assert.Equal(isSame, HostRules.IsSameOrigin(Bytes(origin), Bytes(authority)));

    [Fact]
    public void Every_prefix_of_a_head_needs_more_and_all_of_it_is_read()
    {
        byte[] octets = Bytes("\r\nPUT http://b:1/p?q HTTP/1.1\r\nHost: a\r\nX:  y z \t\r\nContent-Length: 007\r\nExpect: 100-Continue\r\n\r\nrest");
        int length = octets.Length - 4;
        for (int i = 0; i < length; i++)
        {
            Assert.Equal(HeadStatus.NeedMoreData, RequestHead.Parse(octets.AsSpan(0, i), out _, out _, out int none));
            Assert.Equal(0, none);
        }
        Assert.Equal(HeadStatus.Done, RequestHead.Parse(octets, out RequestHead head, out _, out int consumed));
        Assert.Equal(length, consumed);
        Assert.Equal(HttpMethod.Put, head.Method);
        Assert.True(head.Path.SequenceEqual("/p"u8));
        Assert.True(head.Query.SequenceEqual("q"u8));
        Assert.True(head.Authority.SequenceEqual("b:1"u8));
        Assert.Equal(7, head.ContentLength);
        Assert.Equal(Expectation.Continue, head.Expectation);
        Assert.True(head.TryField("x"u8, out ReadOnlySpan<byte> value));
        Assert.True(value.SequenceEqual("y z"u8));
        Assert.False(head.TryField("y"u8, out _));
    }

    [Fact]
    public void Problem_details_are_json_whatever_the_detail_is()
    {
        Span<byte> room = stackalloc byte[ProblemDetails.LengthMax];
        byte[] detail = new byte[1000];
        new Prng(1).Fill(detail);
        for (int length = 0; length < detail.Length; length++)
        {
            int written = ProblemDetails.Format(431, detail.AsSpan(0, length), room);
            var json = new System.Text.Json.Utf8JsonReader(room[..written]);
            while (json.Read())
            {
            }
        }
    }

    private static RequestHead Head(string fields)
    {
        HeadStatus status = RequestHead.Parse(Bytes($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"), out RequestHead head, out _, out _);
        Assert.Equal(HeadStatus.Done, status);
        return head;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
