using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>
/// The same random requests to memcached and to a session, one at a time. The answers must be equal to the byte, but
/// for cas uniques, which each counts in its own way: those are compared by what they let through.
/// </summary>
public sealed partial class DifferentialTests
{
    private const int Steps = 4000;
    private const string Sentinel = "version\r\n";

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Random_requests_have_equal_answers()
    {
        using var reference = new ReferenceServer();
        for (ulong seed = 1; seed <= 3; seed++) Compare(reference, seed);
    }

    private static void Compare(ReferenceServer reference, ulong seed)
    {
        using var server = new TestServer(memoryLength: 64 << 20, segmentSize: 1 << 20);
        _ = reference.Ask("flush_all\r\n");
        using Socket socket = reference.Connect();
        var requests = new RandomRequests(seed, prefix: $"s{seed}k", withMalformed: !reference.IsOld);
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        var theirCas = new Dictionary<string, string>();
        var ourCas = new Dictionary<string, string>();
        for (int step = 0; step < Steps; step++)
        {
            string request = requests.Next();
            string theirs = Ask(socket, WithCas(request, theirCas) + Sentinel);
            var answer = new List<byte>();
            TestServer.Offer(session, TestServer.Bytes(WithCas(request, ourCas) + Sentinel), output, answer);
            string ours = TestServer.Text(answer.ToArray());
            Assert.Equal(
                $"seed {seed}, step {step}, {Show(request)}\n{Show(WithoutCas(theirs, theirCas))}",
                $"seed {seed}, step {step}, {Show(request)}\n{Show(WithoutCas(ours, ourCas))}");
        }
        session.Closed();
    }

    private static string Ask(Socket socket, string request)
    {
        _ = socket.Send(Encoding.Latin1.GetBytes(request));
        var answer = new StringBuilder();
        byte[] received = new byte[1 << 16];
        while (true)
        {
            int length;
            try
            {
                length = socket.Receive(received);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
            {
                return answer.Append("(and nothing more)").ToString();
            }
            _ = answer.Append(Encoding.Latin1.GetString(received, 0, length));
            string text = answer.ToString();
            bool isOver = length == 0 || (text.EndsWith("\r\n", StringComparison.Ordinal) &&
                text.LastIndexOf("VERSION 1.", StringComparison.Ordinal) is var at && at >= 0 &&
                text.IndexOf('\n', at) == text.Length - 1);
            if (isOver) return text;
        }
    }

    /// <summary>Puts the cas unique that the server last told of a key in the place of its mark.</summary>
    private static string WithCas(string request, Dictionary<string, string> seen)
    {
        int mark = request.IndexOf("{cas}", StringComparison.Ordinal);
        if (mark < 0) return request;
        string key = request.Split(' ')[1];
        return request.Replace("{cas}", seen.GetValueOrDefault(key, "987654321987"), StringComparison.Ordinal);
    }

    private static string WithoutCas(string answer, Dictionary<string, string> seen)
    {
        foreach (Match match in ValueWithCas().Matches(answer)) seen[match.Groups[2].Value] = match.Groups[3].Value;
        answer = ValueWithCas().Replace(answer, "$1 (cas)\r");
        return VersionLine().Replace(answer, "VERSION\r");
    }

    private static string Show(string text) => text.Replace("\r\n", "|", StringComparison.Ordinal);

    [GeneratedRegex(@"(VALUE ([^ ]+) \d+ \d+) (\d+)\r")]
    private static partial Regex ValueWithCas();

    [GeneratedRegex(@"VERSION 1\.\S+\r")]
    private static partial Regex VersionLine();
}
