using System;
using System.Text;
using Memcachier.Appliance.Tests.Loopback;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// Connections that say anything at all, beside one that behaves: it must get right answers all the while, and when the
/// others are gone everything must be back.
/// </summary>
public sealed class SessionFuzzTests
{
    private const int Connections = 8;
    private const int Steps = 4000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Nothing_that_is_said_hurts_another(ulong seed)
    {
        using var server = new TestServer(memoryLength: 1 << 20, segmentSize: 64 << 10, chunkCount: 200);
        var random = new Prng(seed);
        var requests = new RandomRequests(seed, "fuzz", withMalformed: true);
        var metaRequests = new RandomMetaRequests(seed, "fuzz", isOld: false);
        Func<string> next = () => random.Chance(1, 2) ? requests.Next() : metaRequests.Next();
        var sessions = new Session[Connections];
        var outputs = new ChunkQueue[Connections];
        for (int i = 0; i < Connections; i++)
        {
            sessions[i] = server.NewSession();
            outputs[i] = new ChunkQueue(server.Chunks, i % 2 == 0 ? Session.OutputCapacityMin : 5000);
        }
        for (int step = 0; step < Steps; step++)
        {
            int i = (int)random.Below(Connections);
            byte[] input = Input(ref random, next);
            Say(sessions[i], outputs[i], input, ref random);
            if (sessions[i].WantsClose || random.Chance(1, 100))
            {
                sessions[i].Closed();
                outputs[i].Clear();
            }
            if (step % 10 == 0) Behave(server, seed, step);
            if (random.Chance(1, 50)) server.Sleep(1);
        }
        for (int i = 0; i < Connections; i++)
        {
            sessions[i].Closed();
            outputs[i].Clear();
        }
        server.ExpectClean();
    }

    /// <summary>
    /// Offers it in pieces, as long as the session takes something; answers are drained now and then.
    /// </summary>
    private static void Say(Session session, ChunkQueue output, ReadOnlySpan<byte> input, ref Prng random)
    {
        while (input.Length > 0 && !session.WantsClose)
        {
            ReadOnlySpan<byte> piece = input.Slice(0, (int)Math.Min(1 + random.Below(500), (uint)input.Length));
            int consumed = session.Receive(piece, output);
            Assert.InRange(consumed, 0, piece.Length);
            Assert.True(consumed == piece.Length || session.IsBlocked);
            input = input.Slice(consumed);
            if (random.Chance(3, 4)) output.Drop((int)random.Below((uint)output.Length + 1));
            if (session.IsBlocked && random.Chance(1, 2)) session.Resume(output);
            if (session.IsBlocked && random.Chance(1, 20)) return;
        }
    }

    private static void Behave(TestServer server, ulong seed, int step)
    {
        string value = $"{seed}-{step}";
        string request =
            $"set good 7 0 {value.Length}\r\n{value}\r\nget good\r\nincr none 1\r\ndelete good\r\nget good\r\n";
        string answer = $"STORED\r\nVALUE good 7 {value.Length}\r\n{value}\r\nEND\r\nNOT_FOUND\r\nDELETED\r\nEND\r\n";
        Assert.Equal((seed, step, answer), (seed, step, server.Ask(request)));
    }

    private static byte[] Input(ref Prng random, Func<string> next)
    {
        switch (random.Below(10))
        {
            case 0:
                byte[] noise = new byte[random.Below(3000)];
                random.Fill(noise);
                return noise;
            case 1:
                return TestServer.Bytes(Odd(ref random));
            case < 5:
                byte[] mutated = TestServer.Bytes(next() + next() + next());
                for (uint changes = 1 + random.Below(3); changes > 0; changes--)
                {
                    mutated[random.Below((uint)mutated.Length)] = (byte)random.Next();
                }
                return mutated;
            case < 7:
                byte[] whole = TestServer.Bytes(next());
                return whole.AsSpan(0, (int)random.Below((uint)whole.Length)).ToArray();
            default:
                return TestServer.Bytes(next());
        }
    }

    private static string Odd(ref Prng random)
    {
        string[] choices =
        [
            "set big 0 0 2147483645\r\n", "set big 0 0 65000\r\n", "set big 0 0 900000\r\nxyz",
            "append big 0 0 60000\r\n", "ms big 2147483645 k c s\r\n", "ms big 60000 MAppend N0 q\r\nxyz",
            "mg fuzzlong0 v k Oabc\r\n", "mg " + new string('k', 4000), "ms a 5 " + Repeat("v ", 900) + "\r\n", "mn\r\n",
            "get " + new string('k', 4000), "get" + new string(' ', 4000), "gets " + Repeat("fuzz1 ", 1000) + "\r\n",
            "get " + Repeat("fuzzlong0 fuzzlong1 ", 100) + "\r\n", new string('\n', 500), new string('\r', 500),
            Repeat("stats\r\n", 20), "flush_all\r\n", "stats reset\r\n", "quit\r\n", "\u0080\u0001\0\0",
            "GET / HTTP/1.1\r\n",
            "lru_crawler metadump all\r\n", "lru_crawler mgdump hash\r\n", "lru_crawler crawl 1\r\n",
            "lru_crawler metadump 2\r\n", "stats cachedump 1 0\r\n", "stats detail on\r\n", "stats detail dump\r\n",
            "slabs automove ratio 0.1\r\n", "lru tune 1 2 3 4\r\n", "lru_crawler " + Repeat("x ", 900) + "\r\n",
            "set fuzzlong0 0 0 50000\r\n" + new string('v', 50_000) + "\r\n", "set \r\n \r\n  \r\n", "incr fuzz1 1\r\n",
        ];
        return choices[random.Below((uint)choices.Length)];
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
