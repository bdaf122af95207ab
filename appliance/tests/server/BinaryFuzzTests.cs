using System;
using System.Collections.Generic;
using Memcachier.Appliance.Tests.Loopback;
using Memcachier.Kernel.Base;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// Connections that say anything at all in the binary protocol, beside one that behaves. An oracle that knows nothing
/// but the header's layout says which requests there are in what was said, and so which answers are possible, in which
/// order, and whether the connection ends.
/// </summary>
public sealed class BinaryFuzzTests
{
    private const int Rounds = 3000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_is_said_is_answered_request_by_request(ulong seed)
    {
        using var server = new TestServer(memoryLength: 1 << 20, segmentSize: 64 << 10, chunkCount: 200);
        var random = new Prng(seed);
        var requests = new RandomBinaryRequests(seed, "fuzz");
        Session session = server.NewSession();
        for (int round = 0; round < Rounds; round++)
        {
            byte[] input = Input(ref random, requests);
            int pieceLength = 1 + (int)random.Below(400);
            int capacity = random.Chance(1, 2) ? Session.OutputCapacityMin : 5000;
            byte[] answered = server.Talk(session, input, pieceLength, capacity);
            CheckFraming(seed, round, input, TestServer.Text(answered), session.WantsClose);
            session.Closed();
            server.ExpectClean();
            if (round % 10 == 0) Behave(server, seed, round);
            if (random.Chance(1, 50)) server.Sleep(1);
        }
    }

    /// <summary>Each answer belongs to a request, in order; what is not quiet has at least one.</summary>
    private static void CheckFraming(ulong seed, int round, ReadOnlySpan<byte> input, string answered, bool isClosed)
    {
        List<(Opcode Opcode, Status Status, uint Opaque, bool IsLast)> answers = BinaryPackets.Heads(answered);
        int next = 0;
        bool mustEnd = false;
        while (input.Length > 0)
        {
            mustEnd = input[0] != RequestHeader.Magic;
            if (mustEnd || !RequestHeader.TryParse(input, out RequestHeader header)) break;
            int first = next;
            while (next < answers.Count && answers[next].Opcode == header.Opcode &&
                answers[next].Opaque == header.Opaque)
            {
                next++;
                if (answers[next - 1].IsLast) break;
            }
            bool isRefused = next > first && answers[next - 1].Status is Status.InvalidArguments;
            bool isBroken = header.KeyLength + header.ExtrasLength > header.BodyLength;
            mustEnd = isBroken || isRefused || Opcodes.Loud(header.Opcode) == Opcode.Quit;
            long length = RequestHeader.Size + (long)header.BodyLength;
            bool isWhole = length <= input.Length;
            bool mayBeSilent = Opcodes.IsQuiet(header.Opcode) || !isWhole;
            Assert.True(
                mayBeSilent || next > first, $"seed {seed}, round {round}: no answer to {header.Opcode}");
            if (mustEnd || !isWhole) break;
            input = input.Slice((int)length);
        }
        Assert.True(next == answers.Count, $"seed {seed}, round {round}: answers nobody asked for");
        Assert.True(mustEnd == isClosed, $"seed {seed}, round {round}: closed {isClosed}, should be {mustEnd}");
    }

    private static void Behave(TestServer server, ulong seed, int round)
    {
        string value = $"{seed}-{round}";
        string answer = server.Ask(
            BinaryPackets.Put(Opcode.Set, "good", value, flags: 7) + BinaryPackets.Bare(Opcode.Get, "good") +
            BinaryPackets.Bare(Opcode.Delete, "good") + BinaryPackets.Bare(Opcode.Get, "good"));
        string expected = $"Set cas|Get flags=7 ={value} cas|Delete|Get KeyNotFound =Not found";
        Assert.Equal((seed, round, expected), (seed, round, BinaryPackets.Show(answer)));
    }

    /// <summary>
    /// A few requests, then perhaps with some bytes changed, or cut off. It begins as this protocol does.
    /// </summary>
    private static byte[] Input(ref Prng random, RandomBinaryRequests requests)
    {
        string text = "";
        for (uint count = 1 + random.Below(6); count > 0; count--)
        {
            text += random.Below(12) switch
            {
                0 => requests.NextMalformed(),
                1 => BinaryPackets.Bare((Opcode)random.Below(256), "key", "value"),
                2 => BinaryPackets.Bare(Opcode.Stat, random.Chance(1, 2) ? "settings" : ""),
                3 => BinaryPackets.Put(Opcode.Set, "fuzz0", new string('v', (int)random.Below(70_000))),
                4 => BinaryPackets.Bare(Opcode.Append, "fuzz0", new string('a', (int)random.Below(20_000))),
                5 => BinaryPackets.Bare(random.Chance(1, 2) ? Opcode.Quit : Opcode.QuitQ),
                _ => requests.Next(_ => (5, 5)).Ours,
            };
        }
        byte[] input = TestServer.Bytes(text);
        for (uint changes = random.Below(2) * random.Below(4); changes > 0; changes--)
        {
            input[1 + random.Below((uint)Math.Min(input.Length - 1, 300))] = (byte)random.Next();
        }
        int length = random.Chance(1, 4) ? 1 + (int)random.Below((uint)input.Length) : input.Length;
        return input.AsSpan(0, length).ToArray();
    }
}
