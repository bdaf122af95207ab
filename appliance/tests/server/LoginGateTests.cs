using System;
using System.Collections.Generic;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

public sealed class LoginGateTests
{
    private const string Right = "set a 0 0 10\r\njoe secret\r\n";
    private const string Wrong = "set a 0 0 10\r\njoe secreT\r\n";
    private const string Failure = "CLIENT_ERROR authentication failure\r\n";

    [Theory]
    [InlineData("joe", "secret", true)]
    [InlineData("ann", "two word", true)]
    [InlineData("joe", "two word", false)]
    [InlineData("ann", "secret", false)]
    [InlineData("joe", "secret\0", false)]
    [InlineData("joe", "secre", false)]
    [InlineData("joe", "", false)]
    [InlineData("", "", false)]
    [InlineData("", "joesecret", false)]
    [InlineData("joes", "ecret", false)]
    [InlineData("Joe", "secret", false)]
    public void Both_have_to_be_right(string name, string password, bool isIn) =>
        Assert.Equal(isIn, TextLoginTests.Users().Contains(TestServer.Bytes(name), TestServer.Bytes(password)));

    [Fact]
    public void Any_byte_makes_a_difference()
    {
        byte[] line = TestServer.Bytes("name:" + new string('p', Credentials.LineLengthMax - 5));
        var credentials = new Credentials();
        Assert.True(credentials.TryAdd(line));
        Assert.True(credentials.Contains(line.AsSpan(0, 4), line.AsSpan(5)));
        for (int i = 0; i < line.Length; i++)
        {
            if (i == 4) continue;
            line[i] ^= 0x80;
            Assert.False(credentials.Contains(line.AsSpan(0, 4), line.AsSpan(5)), $"{i}");
            line[i] ^= 0x80;
        }
        credentials.RemoveLast();
        Assert.False(credentials.Contains(line.AsSpan(0, 4), line.AsSpan(5)));
    }

    [Fact]
    public void So_many_wrong_passwords_are_taken_at_once_and_no_more()
    {
        using TestServer server = NewServer();
        var guesser = new Client(server);
        for (int i = 0; i < LoginGate.BurstMax; i++) Assert.Equal(Failure, guesser.Say(Wrong));
        Assert.Equal("", guesser.Say(Wrong));
        Assert.True(guesser.IsBlocked);
        // And as long as that, the right one waits as well.
        var good = new Client(server);
        Assert.Equal("", good.Say(Right + "version\r\n"));
        server.Sleep(1);
        Assert.Equal("STORED\r\nVERSION 1.6.45-memcachier\r\n", good.Resume());
        Assert.Equal(Failure, guesser.Resume());
        guesser.Close();
        good.Close();
        server.ExpectClean();
    }

    [Fact]
    public void Right_passwords_are_not_counted()
    {
        using TestServer server = NewServer();
        for (int i = 0; i < 10 * LoginGate.BurstMax; i++) Assert.Equal("STORED\r\n", server.Ask(Right));
    }

    [Fact]
    public void Whoever_came_first_is_first_and_who_leaves_holds_up_nobody()
    {
        using TestServer server = NewServer();
        var guessers = new List<Client>();
        for (int i = 0; i < 5 * LoginGate.FailuresPerSecond; i++) guessers.Add(new Client(server));
        foreach (Client guesser in guessers) _ = guesser.Say(Wrong);
        var good = new Client(server);
        Assert.Equal("", good.Say(Right));
        // More of them come behind it, and half of those before it leave.
        for (int i = 0; i < 100; i++)
        {
            var late = new Client(server);
            _ = late.Say(Wrong);
            guessers.Add(late);
        }
        for (int i = 0; i < 5 * LoginGate.FailuresPerSecond; i += 2) guessers[i].Close();
        int seconds = 0;
        string answer = "";
        while (answer.Length == 0)
        {
            server.Sleep(1);
            seconds++;
            // Those that guess are asked first, and guess again.
            foreach (Client guesser in guessers)
            {
                if (guesser.Resume() == Failure) _ = guesser.Say(Wrong);
            }
            answer = good.Resume();
        }
        Assert.Equal("STORED\r\n", answer);
        // Four fifths of the first ones were still in the line, and half of them left.
        Assert.InRange(seconds, 1, 3);
        foreach (Client guesser in guessers) guesser.Close();
        good.Close();
        server.ExpectClean();
    }

    [Fact]
    public void An_admission_that_is_not_used_is_given_back()
    {
        using TestServer server = NewServer();
        var guesser = new Client(server);
        for (int i = 0; i < LoginGate.BurstMax; i++) _ = guesser.Say(Wrong);
        var waiting = new List<Client>();
        for (int i = 0; i < LoginGate.FailuresPerSecond; i++)
        {
            var client = new Client(server);
            _ = client.Say(Wrong);
            waiting.Add(client);
        }
        server.Sleep(1);
        var good = new Client(server);
        // All of the second's places belong to those that wait; when they go, there is one for it.
        Assert.Equal("", good.Say(Right));
        foreach (Client client in waiting) client.Close();
        Assert.Equal("STORED\r\n", good.Resume());
        good.Close();
        guesser.Close();
    }

    private static TestServer NewServer() =>
        new(chunkCount: 1000, settings: new ServerSettings(11211)
        {
            Protocol = BindingProtocol.Ascii, IsAsciiAuthEnabled = true, Credentials = TextLoginTests.Users(),
        });

    /// <summary>A connection that need not get an answer at once.</summary>
    private sealed class Client
    {
        private readonly Session _session;
        private readonly ChunkQueue _output;
        private byte[] _rest = [];

        public Client(TestServer server)
        {
            _session = server.NewSession();
            _output = new ChunkQueue(server.Chunks, 4096);
        }

        public bool IsBlocked => _session.IsBlocked;

        public string Say(string input)
        {
            _rest = [.. _rest, .. TestServer.Bytes(input)];
            return Take(_session.Receive(_rest, _output));
        }

        public string Resume()
        {
            _session.Resume(_output);
            string answer = Take(0);
            return _session.IsBlocked ? answer : answer + Take(_session.Receive(_rest, _output));
        }

        public void Close() => _session.Closed();

        private string Take(int consumed)
        {
            _rest = _rest[consumed..];
            byte[] answer = new byte[_output.Length];
            _output.CopyTo(0, answer);
            _output.Clear();
            return TestServer.Text(answer);
        }
    }
}
