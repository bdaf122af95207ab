using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Instances;

/// <summary>QEMU's control socket: one JSON object per line, after a greeting.</summary>
public static class QmpClient
{
    /// <summary>
    /// Executes a command that takes no arguments. False when there is no answer, or an error for an answer.
    /// </summary>
    public static async Task<bool> TryExecuteAsync(
        string socketPath, string command, TimeSpan bound, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(bound);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token);
            using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            string? greeting = await reader.ReadLineAsync(limit.Token);
            return greeting != null
                && await AnswersAsync(stream, reader, "qmp_capabilities", limit.Token)
                && await AnswersAsync(stream, reader, command, limit.Token);
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(
        NetworkStream stream, StreamReader reader, string command, CancellationToken cancel)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"execute\": \"{command}\"}}\n"), cancel);
        while (true)
        {
            string? line = await reader.ReadLineAsync(cancel);
            if (line == null || line.StartsWith("{\"error\"", StringComparison.Ordinal))
                return false;
            // Events may come first.
            if (line.StartsWith("{\"return\"", StringComparison.Ordinal))
                return true;
        }
    }
}
