using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Machines;

/// <summary>Asks a memcached for its version: an answer, not an open port, is what makes it ready.</summary>
public static class ReadyProbe
{
    private const int LineLengthMax = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// QEMU's user networking accepts a connection before the guest can, so an attempt may hang; a new one then does
    /// better than waiting for the retransmission.
    /// </summary>
    private static readonly TimeSpan AttemptBound = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries until an answer comes, and returns it; ends only with <paramref name="cancel"/>.</summary>
    public static async Task<string> WaitForVersionAsync(IPEndPoint endPoint, CancellationToken cancel)
    {
        while (true)
        {
            string? version = await TryVersionAsync(endPoint, AttemptBound, cancel);
            if (version != null)
                return version;
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>One attempt: the text after <c>VERSION</c>, or null.</summary>
    public static async Task<string?> TryVersionAsync(IPEndPoint endPoint, TimeSpan bound, CancellationToken cancel)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        attempt.CancelAfter(bound);
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(endPoint, attempt.Token);
            using var stream = new NetworkStream(socket);
            await stream.WriteAsync("version\r\n"u8.ToArray(), attempt.Token);
            byte[] line = new byte[LineLengthMax];
            int length = 0;
            while (length < line.Length)
            {
                int received = await stream.ReadAsync(line.AsMemory(length), attempt.Token);
                if (received == 0)
                    return null;
                length += received;
                string text = Encoding.ASCII.GetString(line, 0, length);
                if (text.EndsWith("\r\n", StringComparison.Ordinal))
                    return text.StartsWith("VERSION ", StringComparison.Ordinal)
                        ? text["VERSION ".Length..].TrimEnd()
                        : null;
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
}
