using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Guests;

/// <summary>
/// A metadata service on a loopback port: says what a test wants to each request, and ends the connection. Null says
/// nothing until the test is over.
/// </summary>
internal sealed class FakeMetadataService : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Func<string, string?> _answers;
    private readonly Task _accepting;

    public FakeMetadataService(Func<string, string?> answers)
    {
        _answers = answers;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>A service that does everything right, in the words of all three clouds.</summary>
    public static FakeMetadataService Serving(string userData) => new(request =>
    {
        if (request.StartsWith("PUT /latest/api/token HTTP/1.1\r\n", StringComparison.Ordinal))
            return request.Contains("\r\nX-aws-ec2-metadata-token-ttl-seconds: ") ? Ok("TOKEN==") : Status("400 Bad Request");
        if (request.StartsWith("GET /latest/user-data HTTP/1.1\r\n", StringComparison.Ordinal))
            return request.Contains("\r\nX-aws-ec2-metadata-token: TOKEN==\r\n") ? Ok(userData) : Status("401 Unauthorized");
        if (request.StartsWith("GET /openstack/latest/user_data HTTP/1.1\r\n", StringComparison.Ordinal))
            return Ok(userData);
        if (request.StartsWith("GET /computeMetadata/v1/instance/attributes/user-data HTTP/1.1\r\n", StringComparison.Ordinal))
        {
            return request.Contains("\r\nMetadata-Flavor: Google\r\n")
                ? Ok(userData, "Metadata-Flavor: Google\r\n")
                : Status("403 Forbidden");
        }
        return Status("404 Not Found");
    });

    public static string Ok(string content, string fields = "") =>
        $"HTTP/1.1 200 OK\r\n{fields}Content-Length: {content.Length}\r\n\r\n{content}";

    public static string Status(string status) => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n";

    /// <summary>
    /// Writes a script of bash that joins its input and output with this service: QEMU runs it for each connection of the
    /// guest.
    /// </summary>
    public string WriteRelay(DirectoryInfo directory)
    {
        string path = Path.Combine(directory.FullName, "relay");
        string[] lines =
        [
            "exec 2>/dev/null",
            // Without a descriptor of its own, what runs in the background reads from nowhere.
            "exec 4<&0",
            $"exec 3<>/dev/tcp/127.0.0.1/{Port} || exit",
            "cat <&3 & answers=$!",
            "cat <&4 >&3 & requests=$!",
            "wait -n",
            "kill $answers $requests",
        ];
        File.WriteAllLines(path, lines);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
            await ServeAsync(client.GetStream());
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        try
        {
            while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                int count = await stream.ReadAsync(buffer, _end.Token);
                if (count == 0)
                    return;
                _ = request.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
            _requests.Enqueue(request.ToString());
            string? answer = _answers(request.ToString());
            if (answer == null)
                await Task.Delay(Timeout.Infinite, _end.Token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer!), _end.Token);
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The test is over, or the guest has given up.
        }
    }
}
