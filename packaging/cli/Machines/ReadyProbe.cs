using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.Cli.Machines;

/// <summary>Asks a memcached for its version: an answer, not an open port, is what makes it ready.</summary>
public static class ReadyProbe
{
    private const int AnswerLengthMax = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// QEMU's user networking accepts a connection before the guest can, so an attempt may hang; a new one then does
    /// better than waiting for the retransmission.
    /// </summary>
    private static readonly TimeSpan AttemptBound = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries until an answer comes, and returns it; ends only with <paramref name="cancel"/>.</summary>
    public static async Task<string> WaitForVersionAsync(IPEndPoint endPoint, CancellationToken cancel)
    {
        bool isBinary = false;
        while (true)
        {
            // With -S or -B only one of the protocols is spoken.
            string? version = await TryVersionAsync(endPoint, isBinary, AttemptBound, cancel);
            if (version != null)
                return version;
            isBinary = !isBinary;
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>
    /// One attempt: the version, empty from a server that tells it to nobody who has not logged in; or null.
    /// </summary>
    public static async Task<string?> TryVersionAsync(
        IPEndPoint endPoint, bool isBinary, TimeSpan bound, CancellationToken cancel)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(bound);
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, attempt.Token);
            using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Question(isBinary), attempt.Token);
            byte[] answer = new byte[AnswerLengthMax];
            int length = 0;
            while (length < answer.Length)
            {
                int received = await stream.ReadAsync(answer.AsMemory(length), attempt.Token);
                if (received == 0)
                    return null;
                length += received;
                string? version = VersionIn(answer.AsSpan(0, length), isBinary, out bool isWhole);
                if (isWhole)
                    return version;
            }
            return null;
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private static byte[] Question(bool isBinary)
    {
        if (!isBinary)
            return "version\r\n"u8.ToArray();
        byte[] head = new byte[RequestParser.HeadLengthMax];
        int length = RequestWriter.Format(new Request { Opcode = Opcode.Version }, head);
        return head[..length];
    }

    private static string? VersionIn(ReadOnlySpan<byte> answer, bool isBinary, out bool isWhole)
    {
        if (isBinary)
        {
            ParseStatus status = ReplyParser.Parse(answer, out Reply reply, out _);
            isWhole = status != ParseStatus.NeedMoreData;
            return status == ParseStatus.Done ? Encoding.ASCII.GetString(reply.Value) : null;
        }
        string text = Encoding.ASCII.GetString(answer);
        isWhole = text.EndsWith("\r\n", StringComparison.Ordinal);
        if (text == "CLIENT_ERROR unauthenticated\r\n")
            return "";
        return text.StartsWith("VERSION ", StringComparison.Ordinal) ? text["VERSION ".Length..].TrimEnd() : null;
    }
}
