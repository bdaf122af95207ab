using System;
using System.Collections.Generic;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;
using static Memcachier.Appliance.Tests.Server.BinaryPackets;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// -S: the answers of memcached 1.6.45 with libsasl 2.1.28, its mechanism PLAIN and the users joe and ann. Each row
/// says whether the connection is closed.
/// </summary>
public sealed class BinaryLoginTests
{
    private const string Failure = " AuthError =Auth failure.";
    private const string Right = "\0joe\0secret";
    private const string Wrong = "\0joe\0secreT";
    private const string Done = "SaslAuth =Authenticated";

    private static readonly string s_noop = Bare(Opcode.Noop);

    private static readonly (string Name, string Input, string Answer)[] s_rows =
    [
        ("list", Bare(Opcode.SaslListMechs), "SaslListMechs =PLAIN"),
        ("list with key", Bare(Opcode.SaslListMechs, "x") + s_noop,
            "SaslListMechs InvalidArguments =Invalid arguments"),
        ("noop", s_noop + s_noop, "Noop" + Failure),
        ("quiet ones, too", Bare(Opcode.GetQ, "k") + s_noop, "GetQ" + Failure),
        ("set", Put(Opcode.Set, "k", "value") + s_noop, "Set" + Failure),
        ("quitq", Bare(Opcode.QuitQ) + s_noop, "QuitQ" + Failure),
        ("version", Bare(Opcode.Version) + Bare(Opcode.Version) + s_noop,
            "Version =1.6.45-memcachier|Version =1.6.45-memcachier|Noop" + Failure),
        ("unknown", Bare((Opcode)0x33) + s_noop, "51" + Failure),
        ("key of 251", Bare(Opcode.Get, new string('k', 251)) + s_noop, "Get" + Failure),
        ("key beyond the body", Header(Opcode.Get, 5, 0, 4) + "abcde" + s_noop,
            "Get UnknownCommand =Unknown command"),
        ("lengths of no get", Bare(Opcode.Get) + s_noop, "Get" + Failure),
        ("login", Auth(Right) + s_noop, Done + "|Noop"),
        ("login, lower case", Bare(Opcode.SaslAuth, "plain", Right) + s_noop, Done + "|Noop"),
        ("login as oneself", Auth("joe\0joe\0secret") + s_noop, Done + "|Noop"),
        ("login as another", Auth("ann\0joe\0secret") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("login with a colon", Auth("\0ann\0top:secret") + s_noop, Done + "|Noop"),
        ("wrong password", Auth(Wrong) + Bare(Opcode.Version) + s_noop,
            "SaslAuth" + Failure + "|Version =1.6.45-memcachier|Noop" + Failure),
        ("right, then wrong", Auth(Right) + Auth(Wrong) + s_noop, Done + "|SaslAuth" + Failure + "|Noop" + Failure),
        ("right, then list", Auth(Right) + Bare(Opcode.SaslListMechs) + s_noop,
            Done + "|SaslListMechs =PLAIN|Noop" + Failure),
        ("NUL at the end", Auth(Right + "\0") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("a fourth part", Auth(Right + "\0x") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("one part", Auth("joe") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("two parts", Auth("joe\0secret") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("no name", Auth("\0\0secret") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("nothing but NULs", Auth("\0\0") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("no password", Auth("\0joe\0") + s_noop, "SaslAuth" + Failure + "|Noop" + Failure),
        ("in two steps", Auth("") + Step(Right) + s_noop, "SaslAuth AuthContinue|SaslStep =Authenticated|Noop"),
        ("a step of another mechanism", Auth("") + Bare(Opcode.SaslStep, "XX", Right) + s_noop,
            "SaslAuth AuthContinue|SaslStep =Authenticated|Noop"),
        ("an empty step", Auth("") + Step("") + s_noop,
            "SaslAuth AuthContinue|SaslStep" + Failure + "|Noop" + Failure),
        ("a wrong step, and another", Auth("") + Step(Wrong) + Step(Right) + s_noop,
            "SaslAuth AuthContinue|SaslStep" + Failure + "|SaslStep" + Failure + "|Noop" + Failure),
        ("begun twice", Auth("") + Auth("") + Auth(Right) + s_noop,
            "SaslAuth AuthContinue|SaslAuth AuthContinue|" + Done + "|Noop"),
        ("a step alone", Step(Right) + s_noop, "SaslStep" + Failure + "|Noop" + Failure),
        ("a step afterwards", Auth(Right) + Step(Right) + s_noop, Done + "|SaslStep" + Failure + "|Noop" + Failure),
        ("another mechanism", Bare(Opcode.SaslAuth, "CRAM-MD5") + Bare(Opcode.SaslAuth, "PLAINX", Right) + s_noop,
            "SaslAuth" + Failure + "|SaslAuth" + Failure + "|Noop" + Failure),
        ("mechanism of 32", Bare(Opcode.SaslAuth, new string('P', 32), "abc") + Bare(Opcode.Version),
            "SaslAuth" + Failure + "|Version =1.6.45-memcachier"),
        ("mechanism of 33", Bare(Opcode.SaslAuth, new string('P', 33), "abc") + Bare(Opcode.Version),
            "SaslAuth InvalidArguments =Invalid arguments|Version =1.6.45-memcachier"),
        ("no mechanism", Bare(Opcode.SaslAuth, "", "abc") + Bare(Opcode.Version),
            "SaslAuth InvalidArguments =Invalid arguments"),
        ("a long password", Auth("\0joe\0" + new string('x', 3000)) + Bare(Opcode.Version),
            "SaslAuth" + Failure + "|Version =1.6.45-memcachier"),
        ("a login of 512", Auth("\0joe\0" + new string('x', 507)) + Bare(Opcode.Version),
            "SaslAuth" + Failure + "|Version =1.6.45-memcachier"),
        ("a login of 513", Auth("\0joe\0" + new string('x', 508)) + Bare(Opcode.Version),
            "SaslAuth" + Failure + "|Version =1.6.45-memcachier"),
        // libsasl fails these: what has failed on a connection with a name that it knows, or succeeded, is kept.
        ("wrong, then right", Auth(Wrong) + Auth(Right) + s_noop, "SaslAuth" + Failure + "|" + Done + "|Noop"),
        ("right twice", Auth(Right) + Auth(Right) + s_noop, Done + "|" + Done + "|Noop"),
        ("text", "version\r\nversion\r\nversion\r\n", ""),
    ];

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach ((string name, string _, string _) in s_rows) names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void In_every_chunking(string name)
    {
        (string text, string answer) = Row(name);
        byte[] input = TestServer.Bytes(text);
        foreach (int pieceLength in new[] { 1, 7, input.Length })
        {
            using TestServer server = NewServer();
            Session session = server.NewSession();
            string answered = Show(TestServer.Text(server.Talk(session, input, pieceLength,
                Session.OutputCapacityMin)));
            session.Closed();
            server.ExpectClean();
            Assert.Equal((pieceLength, answer), (pieceLength, answered));
        }
        for (int position = 1; position < input.Length; position += input.Length > 2000 ? 13 : 1)
        {
            using TestServer server = NewServer();
            Session session = server.NewSession();
            var output = new ChunkQueue(server.Chunks, 4096);
            var answered = new List<byte>();
            TestServer.Offer(session, input.AsSpan(0, position), output, answered);
            TestServer.Offer(session, input.AsSpan(position), output, answered);
            session.Closed();
            server.ExpectClean();
            Assert.Equal((position, answer), (position, Show(TestServer.Text(answered.ToArray()))));
        }
    }

    [Fact]
    public void Nobody_is_let_in_because_the_one_before_was()
    {
        using TestServer server = NewServer();
        Session session = server.NewSession();
        Assert.Equal(Done + "|Noop", Show(Talk(server, session, Auth(Right) + s_noop)));
        session.Closed();
        Assert.Equal("Noop" + Failure, Show(Talk(server, session, s_noop)));
        session.Closed();
        Assert.Equal("SaslAuth AuthContinue", Show(Talk(server, session, Auth(""))));
        session.Closed();
        Assert.Equal("SaslStep" + Failure, Show(Talk(server, session, Step(Right))));
    }

    [Fact]
    public void Logins_are_counted()
    {
        using TestServer server = NewServer();
        _ = server.Ask(Auth(Right) + Auth(Wrong) + Auth("") + Step("") + Bare(Opcode.SaslListMechs));
        Assert.Equal((3, 2), (server.Statistics.AuthCmds, server.Statistics.AuthErrors));
        string stats = Show(server.Ask(Auth(Right) + Bare(Opcode.Stat)));
        Assert.Contains("|Stat auth_cmds =4|Stat auth_errors =2|", stats, StringComparison.Ordinal);
        stats = Show(server.Ask(Auth(Right) + Bare(Opcode.Stat, "settings")));
        Assert.Contains(
            "|Stat binding_protocol =binary|Stat auth_enabled_sasl =yes|Stat auth_enabled_ascii =no|",
            stats,
            StringComparison.Ordinal);
        Assert.DoesNotContain("secret", stats, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_refused_does_nothing()
    {
        using TestServer server = NewServer();
        _ = server.Ask(Put(Opcode.Set, "k", "value"));
        _ = server.Ask(Auth(Wrong) + Put(Opcode.Set, "k", "value"));
        Assert.Equal(0, server.Statistics.CurrItems);
    }

    private static string Auth(string message) => Bare(Opcode.SaslAuth, "PLAIN", message);

    private static string Step(string message) => Bare(Opcode.SaslStep, "PLAIN", message);

    private static string Talk(TestServer server, Session session, string input) =>
        TestServer.Text(server.Talk(session, TestServer.Bytes(input), 1000, 4096));

    private static (string Input, string Answer) Row(string name)
    {
        (string _, string input, string answer) = Array.Find(s_rows, row => row.Name == name);
        return (input, answer);
    }

    private static TestServer NewServer()
    {
        var credentials = new Credentials();
        Assert.True(credentials.TryAdd("ann:top:secret"u8));
        Assert.True(credentials.TryAdd("joe:secret"u8));
        return new TestServer(settings: new ServerSettings(11211)
        {
            Protocol = BindingProtocol.Binary, IsSaslEnabled = true, Credentials = credentials,
        });
    }
}
