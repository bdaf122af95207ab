using System;
using System.Collections.Generic;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>-Y, with the user joe: what memcached 1.6.45 answers, and whether it closes the connection.</summary>
public sealed class TextLoginTests
{
    private const string Unauthenticated = "CLIENT_ERROR unauthenticated\r\n";
    private const string Failure = "CLIENT_ERROR authentication failure\r\n";
    private const string Login = "set a 0 0 10\r\njoe secret\r\n";
    private const string Version = "VERSION 1.6.45-memcachier\r\n";

    private static readonly (string Name, string Input, string Answer, bool IsClosed)[] s_rows =
    [
        ("login", Login, "STORED\r\n", false),
        ("login, then commands", Login + "version\r\nget a\r\n", "STORED\r\n" + Version + "END\r\n", false),
        ("any key, flags, exptime", "set / x y 10 z\r\njoe secret\r\nversion\r\n", "STORED\r\n" + Version, false),
        ("setx is a set", "setx a 0 0 10\r\njoe secret\r\n", "STORED\r\n", false),
        ("more spaces", "set  a  0  0  10 \r\njoe secret\r\n", "STORED\r\n", false),
        ("a space in a password", "set a 0 0 12\r\nann two word\r\n", "STORED\r\n", false),
        ("wrong password", "set a 0 0 10\r\njoe secreT\r\n" + Login, Failure + "STORED\r\n", false),
        ("wrong name", "set a 0 0 10\r\njoF secret\r\n", Failure, false),
        ("shorter password", "set a 0 0 9\r\njoe secre\r\n", Failure, false),
        ("longer password", "set a 0 0 11\r\njoe secrets\r\n", Failure, false),
        ("no password", "set a 0 0 4\r\njoe \r\n", Failure, false),
        ("nothing but a space", "set a 0 0 1\r\n \r\n", Failure, false),
        ("not a set", "version\r\nget a\r\nset a 0 0 1\r\n", Unauthenticated + Unauthenticated, false),
        ("too few words", "set a 0 10\r\n" + Login, Unauthenticated + "STORED\r\n", false),
        ("no number", "set a 0 0 x\r\nset a 0 0 -1\r\nset a 0 0 4294967296\r\n",
            Unauthenticated + Unauthenticated + Unauthenticated, false),
        ("leading space", " set a 0 0 10\r\n", Unauthenticated, false),
        ("too long", "set a 0 0 16385\r\n" + Login, "CLIENT_ERROR auth token too long\r\nSTORED\r\n", false),
        ("the longest", "set a 0 0 16384\r\n" + new string('x', 16383) + " \r\n" + Login, Failure + "STORED\r\n",
            false),
        ("513 bytes", "set a 0 0 513\r\njoe " + new string('x', 509) + "\r\n" + Login, Failure + "STORED\r\n", false),
        ("no space", "set a 0 0 9\r\njoesecret\r\n" + Login,
            "CLIENT_ERROR bad authentication token format\r\nSTORED\r\n", false),
        ("nothing", "set a 0 0 0\r\n\r\n", "CLIENT_ERROR bad authentication token format\r\n", false),
        ("bad termination", "set a 0 0 10\r\njoe secretXX" + Login,
            "CLIENT_ERROR bad command line termination\r\nSTORED\r\n", false),
        ("bare LF at the end", "set a 0 0 10\r\njoe secret\nX" + Login,
            "CLIENT_ERROR bad command line termination\r\nSTORED\r\n", false),
        ("a short line", "quit\r\n" + Login, "", true),
        ("a line of 5", "12345\n" + Login, "", true),
        ("a line of 6", "12345\r\n", Unauthenticated, false),
        ("an empty line", "\r\n\r\n" + Login, "", true),
        ("2048 bytes and no end", new string('x', 2048), "", false),
        ("2049 bytes and no end", new string('x', 2049) + "\r\n" + Login, "", true),
        ("a binary request", "\u0080\u000a" + new string('\0', 22) + "\r\n", "", true),
    ];

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach ((string name, string _, string _, bool _) in s_rows) names.Add(name);
            return names;
        }
    }

    public static IEnumerable<(string Name, string Input, string Answer, bool IsClosed)> Rows => s_rows;

    public static Credentials Users()
    {
        var credentials = new Credentials();
        Assert.True(credentials.TryAdd("joe:secret"u8));
        Assert.True(credentials.TryAdd("ann:two word"u8));
        return credentials;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_every_chunking(string name)
    {
        (string _, string text, string answer, bool isClosed) = Array.Find(s_rows, row => row.Name == name);
        byte[] input = TestServer.Bytes(text);
        foreach (int pieceLength in new[] { 1, 11, input.Length })
        {
            using TestServer server = NewServer();
            Session session = server.NewSession();
            string answered = TestServer.Text(server.Talk(session, input, pieceLength, Session.OutputCapacityMin));
            Assert.Equal((pieceLength, answer, isClosed), (pieceLength, answered, session.WantsClose));
            session.Closed();
            server.ExpectClean();
        }
        for (int position = 1; position < input.Length; position += input.Length > 1000 ? 41 : 1)
        {
            using TestServer server = NewServer();
            Session session = server.NewSession();
            var output = new ChunkQueue(server.Chunks, 4096);
            var answered = new List<byte>();
            TestServer.Offer(session, input.AsSpan(0, position), output, answered);
            TestServer.Offer(session, input.AsSpan(position), output, answered);
            Assert.Equal((position, answer), (position, TestServer.Text(answered.ToArray())));
            session.Closed();
            server.ExpectClean();
        }
    }

    [Fact]
    public void Nobody_is_let_in_because_the_one_before_was()
    {
        using TestServer server = NewServer();
        Session session = server.NewSession();
        Assert.Equal("STORED\r\n" + Version, Talk(server, session, Login + "version\r\n"));
        session.Closed();
        Assert.Equal(Unauthenticated, Talk(server, session, "version\r\n"));
        session.Closed();
        server.ExpectClean();
    }

    [Fact]
    public void Logins_are_counted_and_told()
    {
        using TestServer server = NewServer();
        string stats = server.Ask(
            "set a 0 0 10\r\njoe secreT\r\nset a 0 0 3\r\nabc\r\n" + Login + "stats\r\nstats settings\r\n");
        Assert.Contains("STAT auth_cmds 2\r\nSTAT auth_errors 1\r\n", stats, StringComparison.Ordinal);
        Assert.Contains(
            "STAT binding_protocol ascii\r\nSTAT auth_enabled_sasl no\r\nSTAT auth_enabled_ascii yes\r\n",
            stats,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_chunk_for_half_a_login_the_client_is_told_and_let_go()
    {
        using TestServer server = NewServer(chunkCount: 2);
        Assert.True(server.Chunks.TryRent(out int chunk));
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 4096);
        Assert.True(output.TryAppend("x"u8));
        _ = session.Receive("set a"u8, output);
        Assert.True(session.WantsClose);
        byte[] answered = new byte[output.Length];
        output.CopyTo(0, answered);
        Assert.Equal("xSERVER_ERROR out of memory reading request\r\n", TestServer.Text(answered));
        session.Closed();
        output.Clear();
        server.Chunks.Return(chunk);
        server.ExpectClean();
    }

    private static string Talk(TestServer server, Session session, string input) =>
        TestServer.Text(server.Talk(session, TestServer.Bytes(input), 1000, 4096));

    private static TestServer NewServer(int chunkCount = 64) =>
        new(chunkCount: chunkCount, settings: new ServerSettings(11211)
        {
            Protocol = BindingProtocol.Ascii, IsAsciiAuthEnabled = true, Credentials = Users(),
        });
}
