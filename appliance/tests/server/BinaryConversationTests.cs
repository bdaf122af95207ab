using System;
using System.Collections.Generic;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>The rows of the binary protocol, in every chunking and through small outputs.</summary>
public sealed class BinaryConversationTests
{
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach ((string name, string _, string _) in BinaryConversations.All) names.Add(name);
            return names;
        }
    }

    private static ReadOnlySpan<int> OutputCapacities => [Session.OutputCapacityMin, 500, 4096, 1 << 16];

    [Fact]
    public void Names_are_unique()
    {
        var seen = new HashSet<string>();
        foreach ((string name, string _, string _) in BinaryConversations.All) Assert.True(seen.Add(name), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole_through_an_output_of_any_capacity(string name)
    {
        foreach (int capacity in OutputCapacities) Expect(name, int.MaxValue, capacity);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Byte_by_byte(string name)
    {
        foreach (int capacity in OutputCapacities) Expect(name, 1, capacity);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Split_at_every_position(string name)
    {
        (string text, string answer) = Row(name);
        byte[] input = TestServer.Bytes(text);
        // Within a long value one place is like the next.
        int step = input.Length > 4000 ? 97 : 1;
        for (int position = 1; position < input.Length; position += step)
        {
            using var server = new TestServer();
            Session session = server.NewSession();
            var output = new ChunkQueue(server.Chunks, 1 << 16);
            var answered = new List<byte>();
            TestServer.Offer(session, input.AsSpan(0, position), output, answered);
            TestServer.Offer(session, input.AsSpan(position), output, answered);
            session.Closed();
            server.ExpectClean();
            string shown = BinaryPackets.Show(TestServer.Text(answered.ToArray()));
            Assert.Equal((position, answer), (position, shown));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Closed_at_every_position_gives_everything_back(string name)
    {
        byte[] input = TestServer.Bytes(Row(name).Input);
        int step = input.Length > 4000 ? 997 : 7;
        using var server = new TestServer();
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, Session.OutputCapacityMin);
        for (int position = 1; position < input.Length + step; position += step)
        {
            // What does not fit into the output stays there: the client is gone.
            _ = session.Receive(input.AsSpan(0, Math.Min(position, input.Length)), output);
            session.Closed();
            output.Clear();
            server.ExpectClean();
        }
        // And the session serves another connection, whichever protocol that speaks.
        Assert.Equal("MN\r\n", TestServer.Text(server.Talk(session, "mn\r\n"u8, 100, 4096)));
        session.Closed();
    }

    private static (string Input, string Answer) Row(string name)
    {
        foreach ((string rowName, string input, string answer) in BinaryConversations.All)
        {
            if (rowName == name) return (input, answer);
        }
        throw new ArgumentException(name);
    }

    private static void Expect(string name, int pieceLength, int capacity)
    {
        (string input, string answer) = Row(name);
        using var server = new TestServer();
        Session session = server.NewSession();
        byte[] answered = server.Talk(session, TestServer.Bytes(input), pieceLength, capacity);
        session.Closed();
        server.ExpectClean();
        Assert.Equal((capacity, answer), (capacity, BinaryPackets.Show(TestServer.Text(answered))));
    }
}
