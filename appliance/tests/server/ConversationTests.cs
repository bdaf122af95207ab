using System;
using System.Collections.Generic;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

public sealed class ConversationTests
{
    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach ((string name, string _, string _) in Conversations.All) names.Add(name);
            return names;
        }
    }

    private static ReadOnlySpan<int> OutputCapacities => [Session.OutputCapacityMin, 500, 4096, 1 << 16];

    [Fact]
    public void Names_are_unique()
    {
        var seen = new HashSet<string>();
        foreach ((string name, string _, string _) in Conversations.All)
        {
            Assert.True(seen.Add(name), name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whole(string name)
    {
        foreach ((byte[] input, string answer) in Rows(name)) Expect(input, answer, input.Length, 1 << 16);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Byte_by_byte(string name)
    {
        foreach ((byte[] input, string answer) in Rows(name))
        {
            foreach (int capacity in OutputCapacities) Expect(input, answer, 1, capacity);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Through_an_output_of_any_capacity(string name)
    {
        foreach ((byte[] input, string answer) in Rows(name))
        {
            foreach (int capacity in OutputCapacities) Expect(input, answer, input.Length, capacity);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Split_at_every_position(string name)
    {
        foreach ((byte[] input, string answer) in Rows(name))
        {
            // Within a long data block one place is like the next.
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
                Assert.Equal((position, answer), (position, TestServer.Text(answered.ToArray())));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Inside_a_larger_buffer(string name)
    {
        foreach ((byte[] input, string answer) in Rows(name))
        {
            byte[] buffer = new byte[input.Length + 64];
            buffer.AsSpan().Fill(0xA5);
            input.CopyTo(buffer, 32);
            Expect(buffer.AsSpan(32, input.Length), answer, input.Length, 1 << 16);
        }
    }

    private static IEnumerable<(byte[] Input, string Answer)> Rows(string name)
    {
        foreach ((string rowName, string input, string answer) in Conversations.All)
        {
            if (rowName == name) yield return (TestServer.Bytes(input), answer);
        }
    }

    private static void Expect(ReadOnlySpan<byte> input, string answer, int pieceLength, int capacity)
    {
        using var server = new TestServer();
        Session session = server.NewSession();
        string answered = TestServer.Text(server.Talk(session, input, pieceLength, capacity));
        session.Closed();
        server.ExpectClean();
        Assert.Equal((capacity, answer), (capacity, answered));
    }
}
