using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Memcachier.Kernel.Sim;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>Takes a server's output apart by RFC 9112 §6.3, and believes nothing.</summary>
public static partial class ReplyReader
{
    /// <param name="isHead">For each answer whether the request was HEAD; those beyond were not.</param>
    /// <exception cref="FuzzFailure">It is not well-formed.</exception>
    public static IReadOnlyList<Reply> Read(ReadOnlySpan<byte> answer, IReadOnlyList<bool> isHead)
    {
        var replies = new List<Reply>();
        string rest = Encoding.Latin1.GetString(answer);
        while (rest.Length > 0)
        {
            if (replies.Count > 0 && replies[^1].Closes) throw new FuzzFailure("something behind the last response");
            int end = rest.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            Match match = end < 0 ? Match.Empty : HeadPattern().Match(rest[..(end + 2)]);
            if (!match.Success) throw new FuzzFailure($"no response: {Octets.Escape(answer)}");
            int status = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            string head = rest[..(end + 4)];
            rest = rest[(end + 4)..];
            if (status == 100) continue;
            bool isHeadRequest = replies.Count < isHead.Count && isHead[replies.Count];
            replies.Add(ReadBody(status, head, isHeadRequest, ref rest));
        }
        return replies;
    }

    private static Reply ReadBody(int status, string head, bool isHead, ref string rest)
    {
        bool closes = Count(head, "Connection: close") == 1;
        bool isChunked = Count(head, "Transfer-Encoding: chunked") == 1;
        int lengthCount = Count(head, "Content-Length: ");
        if (Count(head, "Date: Sun, 06 Nov 1994 08:49:37 GMT") != 1) throw new FuzzFailure($"no date: {head}");
        if (Count(head, "Cache-Control: ") != 1) throw new FuzzFailure($"caches are not told: {head}");
        if (Count(head, "X-Content-Type-Options: nosniff") != 1) throw new FuzzFailure($"not secure: {head}");
        if (Count(head, "Content-Security-Policy: ") != 1) throw new FuzzFailure($"not secure: {head}");
        if (lengthCount + (isChunked ? 1 : 0) > 1) throw new FuzzFailure($"framed twice: {head}");
        if (status is 204 or 304)
        {
            return lengthCount > 0 || isChunked ? throw new FuzzFailure($"a body for {status}") : new Reply(status, head, [], closes);
        }
        if (isHead) return new Reply(status, head, [], closes);
        string body;
        if (isChunked) body = ReadChunks(ref rest);
        else if (lengthCount == 1) body = Take(ref rest, int.Parse(FieldOf(head, "Content-Length: "), CultureInfo.InvariantCulture));
        else if (closes) body = Take(ref rest, rest.Length);
        else throw new FuzzFailure($"no framing: {head}");
        return new Reply(status, head, Encoding.Latin1.GetBytes(body), closes);
    }

    private static string ReadChunks(ref string rest)
    {
        var body = new StringBuilder();
        while (true)
        {
            Match size = SizePattern().Match(rest);
            if (!size.Success) throw new FuzzFailure("no chunk");
            int length = int.Parse(size.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            rest = rest[size.Length..];
            _ = body.Append(Take(ref rest, length));
            if (Take(ref rest, 2) != "\r\n") throw new FuzzFailure("a chunk does not end");
            if (length == 0) return body.ToString();
        }
    }

    private static string Take(ref string rest, int length)
    {
        if (length > rest.Length) throw new FuzzFailure("a body ends early");
        string taken = rest[..length];
        rest = rest[length..];
        return taken;
    }

    private static string FieldOf(string head, string name)
    {
        int start = head.IndexOf("\r\n" + name, StringComparison.Ordinal) + 2 + name.Length;
        return head[start..head.IndexOf('\r', start)];
    }

    private static int Count(string head, string line)
    {
        int count = 0;
        for (int at = head.IndexOf("\r\n" + line, StringComparison.Ordinal); at >= 0;
             at = head.IndexOf("\r\n" + line, at + 1, StringComparison.Ordinal))
        {
            count++;
        }
        return count;
    }

    [GeneratedRegex(@"\AHTTP/1\.1 ([1-5][0-9][0-9]) [A-Za-z -]+\r\n(?:[A-Za-z-]+: [\x20-\x7e]+\r\n)*\z")]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"\A([0-9a-f]+)\r\n")]
    private static partial Regex SizePattern();
}
