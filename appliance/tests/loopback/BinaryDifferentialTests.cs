using System;
using System.Collections.Generic;
using System.Net.Sockets;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>
/// The same random requests to memcached and to a session, one at a time. The answers must be equal but for the cas
/// uniques, which each counts in its own way: those are compared by what they let through.
/// </summary>
public sealed class BinaryDifferentialTests
{
    private const int Steps = 5000;
    private const uint SentinelOpaque = 0x5e471e1;

    private static readonly string s_sentinel = BinaryPackets.Bare(Opcode.Noop, opaque: SentinelOpaque);

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Random_requests_have_equal_answers()
    {
        using var reference = new ReferenceServer();
        for (ulong seed = 1; seed <= 4; seed++) Compare(reference, seed);
    }

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Random_lengths_have_equal_answers()
    {
        using var reference = new ReferenceServer();
        var requests = new RandomBinaryRequests(seed: 7, prefix: "x");
        for (int step = 0; step < 500; step++)
        {
            using var server = new TestServer();
            string request = requests.NextMalformed() + s_sentinel;
            string theirs = BinaryPackets.Show(reference.Ask(request));
            string ours = BinaryPackets.Show(server.Ask(request));
            ours = ours.Replace("=1.6.45-memcachier", "=", StringComparison.Ordinal);
            theirs = theirs.Replace("=1.6.45", "=", StringComparison.Ordinal)
                .Replace("=1.6.18", "=", StringComparison.Ordinal);
            Assert.True(theirs == ours, $"step {step}\nmemcached: {theirs}\nwe:        {ours}");
        }
    }

    private static void Compare(ReferenceServer reference, ulong seed)
    {
        using var server = new TestServer(memoryLength: 64 << 20, segmentSize: 1 << 20);
        using Socket socket = reference.Connect();
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        var random = new Prng(seed);
        var requests = new RandomBinaryRequests(seed, $"b{seed}-");
        var theirCas = new Dictionary<string, ulong>();
        var ourCas = new Dictionary<string, ulong>();
        for (int step = 0; step < Steps; step++)
        {
            (string toThem, string toUs) = requests.Next(
                key => (theirCas.GetValueOrDefault(key, 77UL), ourCas.GetValueOrDefault(key, 77UL)));
            string theirs = Ask(socket, toThem + s_sentinel);
            string ours = Ask(session, output, toUs + s_sentinel, ref random);
            string showTheirs = BinaryPackets.Show(theirs);
            string showOurs = BinaryPackets.Show(ours);
            Assert.True(
                showTheirs == showOurs,
                $"seed {seed}, step {step}, opcode {(Opcode)toUs[1]}\nmemcached: {showTheirs}\nwe:        {showOurs}");
            Note(theirCas, requests.Key, theirs);
            Note(ourCas, requests.Key, ours);
        }
        session.Closed();
    }

    private static void Note(Dictionary<string, ulong> seen, string key, string answers)
    {
        if (!ResponseHeader.TryParse(TestServer.Bytes(answers), out ResponseHeader header)) return;
        if (header.Cas != 0) seen[key] = header.Cas;
    }

    private static string Ask(Session session, ChunkQueue output, string request, ref Prng random)
    {
        byte[] octets = TestServer.Bytes(request);
        var answer = new List<byte>();
        int middle = (int)random.Below((uint)octets.Length);
        TestServer.Offer(session, octets.AsSpan(0, middle), output, answer);
        TestServer.Offer(session, octets.AsSpan(middle), output, answer);
        return TestServer.Text(answer.ToArray());
    }

    /// <summary>Sends it, and waits for the answer to the sentinel.</summary>
    private static string Ask(Socket socket, string request)
    {
        _ = socket.Send(TestServer.Bytes(request));
        byte[] received = new byte[1 << 16];
        int length = 0;
        while (!EndsWithSentinel(received.AsSpan(0, length)))
        {
            int count = socket.Receive(received.AsSpan(length));
            if (count == 0) break;
            length += count;
        }
        return TestServer.Text(received.AsSpan(0, length));
    }

    private static bool EndsWithSentinel(ReadOnlySpan<byte> answers)
    {
        while (ReplyParser.Parse(answers, out Reply reply, out int consumed) == ParseStatus.Done)
        {
            if (reply.Opaque == SentinelOpaque) return true;
            answers = answers.Slice(consumed);
        }
        return false;
    }
}
