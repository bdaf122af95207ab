using System;
using System.Collections.Generic;
using System.Globalization;
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

    // " c" and a number below those that clients choose.
    private const int ChosenCasLengthMin = 2 + 9;

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Random_requests_have_equal_answers()
    {
        using var reference = new ReferenceServer();
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var requests = new RandomRequests(seed, prefix: $"s{seed}k", withMalformed: !reference.IsOld);
            Compare(reference, seed, requests.Next);
        }
    }

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Random_meta_requests_have_equal_answers()
    {
        using var reference = new ReferenceServer();
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var requests = new RandomMetaRequests(seed, prefix: $"m{seed}k", reference.IsOld);
            Compare(reference, seed, requests.Next);
        }
    }

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void What_the_old_one_reads_past_the_end_of_is_not_compared()
    {
        string dashes = new('-', 36);
        var requests = new Queue<string>(
        [
            $"set k 0 0 36\r\n{dashes}\r\n", "delete k\r\n", "set k 0 0 20\r\n18446744073709551615\r\n", "decr k 10\r\n",
            "get k\r\n",
        ]);
        using var reference = new ReferenceServer();
        Compare(reference, seed: 0, requests.Dequeue, requests.Count);
    }

    private static void Compare(ReferenceServer reference, ulong seed, Func<string> next, int steps = Steps)
    {
        using var server = new TestServer(memoryLength: 64 << 20, segmentSize: 1 << 20);
        // So that the cas uniques of both are larger than the small ones that are asked for.
        _ = reference.Ask("flush_all\r\nset x 0 0 0\r\n\r\nset x 0 0 0\r\n\r\n");
        _ = server.Ask("set x 0 0 0\r\n\r\nset x 0 0 0\r\n\r\n");
        using Socket socket = reference.Connect();
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, 1 << 16);
        var theirCas = new Dictionary<string, string>();
        var ourCas = new Dictionary<string, string>();
        for (int step = 0; step < steps; step++)
        {
            string request = next();
            string theirs = Ask(socket, WithCas(request, theirCas) + Sentinel);
            string ours = Ask(session, output, WithCas(request, ourCas) + Sentinel);
            theirs = Show(Comparable(request, theirs, theirCas));
            ours = Show(Comparable(request, ours, ourCas));
            if (theirs != ours && reference.IsOld && IsReadPastTheEnd(socket, request, theirs))
            {
                string forget = $"md {KeyOf(request)}\r\n" + Sentinel;
                _ = Ask(socket, forget);
                _ = Ask(session, output, forget);
                continue;
            }
            Assert.True(
                theirs == ours, $"seed {seed}, step {step}, {Show(request)}\nmemcached: {theirs}\nwe:        {ours}");
        }
        session.Closed();
    }

    private static string Ask(Session session, ChunkQueue output, string request)
    {
        var answer = new List<byte>();
        TestServer.Offer(session, TestServer.Bytes(request), output, answer);
        return TestServer.Text(answer.ToArray());
    }

    /// <summary>
    /// The old memcached looks for a minus sign behind the end of a number from 2^63 on, up to the next zero byte:
    /// whether it counts that number depends on what lay in its memory before.
    /// </summary>
    private static bool IsReadPastTheEnd(Socket socket, string request, string theirs)
    {
        if (!theirs.StartsWith("CLIENT_ERROR cannot increment", StringComparison.Ordinal)) return false;
        string[] value = Ask(socket, $"mg {KeyOf(request)} v u\r\n" + Sentinel).Split("\r\n");
        return ulong.TryParse(value[1].TrimEnd(), CultureInfo.InvariantCulture, out ulong number) &&
            number > long.MaxValue;
    }

    /// <summary>The key as a meta command names it: in base64, with the flag that says so, if the request did.</summary>
    private static string KeyOf(string request)
    {
        string[] words = request.Split(' ', StringSplitOptions.TrimEntries);
        return words[1] + (request[0] == 'm' && Array.IndexOf(words, "b") > 1 ? " b" : "");
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

    /// <summary>Notes the cas uniques, and takes out whatever each server has in its own way.</summary>
    private static string Comparable(string request, string answer, Dictionary<string, string> seen)
    {
        foreach (Match match in ValueWithCas().Matches(answer)) seen[match.Groups[2].Value] = match.Groups[3].Value;
        answer = ValueWithCas().Replace(answer, "$1 (cas)\r");
        answer = VersionLine().Replace(answer, "VERSION\r");
        if (request[0] != 'm') return answer;
        answer = MetaDebug().Replace(answer, "$1");
        int end = answer.IndexOf('\n', StringComparison.Ordinal);
        string line = answer[..(end + 1)];
        if (MetaCas().Match(line) is { Success: true } told && request.Split(' ') is { Length: > 1 } words)
        {
            seen[words[1]] = told.Groups[1].Value;
        }
        // What a client has chosen is the same for both.
        line = MetaCas().Replace(line, match => match.Length > ChosenCasLengthMin ? match.Value : " c(cas)");
        line = MetaSeconds().Replace(line, match => Seconds(match));
        return line + answer[(end + 1)..];
    }

    /// <summary>The clocks do not tick together, and memcached answers less than 0 with a number near 2^32.</summary>
    private static string Seconds(Match match)
    {
        long seconds = long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        if (match.Groups[1].Value == "l" || seconds > int.MaxValue) seconds = 0;
        return string.Create(CultureInfo.InvariantCulture, $" {match.Groups[1]}({(seconds + 50_000) / 100_000})");
    }

    private static string Show(string text) => text.Replace("\r\n", "|", StringComparison.Ordinal);

    [GeneratedRegex(@"(VALUE ([^ ]+) \d+ \d+) (\d+)\r")]
    private static partial Regex ValueWithCas();

    [GeneratedRegex(@" c(\d+)(?=[ \r])")]
    private static partial Regex MetaCas();

    [GeneratedRegex(@" ([lt])(\d+)(?=[ \r])")]
    private static partial Regex MetaSeconds();

    [GeneratedRegex(@"^(ME \S+) .*(?=\r)")]
    private static partial Regex MetaDebug();

    [GeneratedRegex(@"VERSION 1\.\S+\r")]
    private static partial Regex VersionLine();
}
