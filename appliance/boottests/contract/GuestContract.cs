using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Management.Contract;

namespace Memcachier.BootTests.Contract;

/// <summary>Asks a guest's API over TCP what rows ask, and brings it into their situations before.</summary>
internal sealed class GuestContract : IDisposable
{
    /// <summary>Who logs in to the cache.</summary>
    public const string Login = "tester:a-password";

    private readonly Guest _guest;
    private readonly string _token;
    private readonly TimeSpan _bound;
    private readonly List<IDisposable> _open = [];

    public GuestContract(Guest guest, string token, TimeSpan bound)
    {
        _guest = guest;
        _token = token;
        _bound = bound;
    }

    /// <summary>Asks what a row asks. Its situation ends with the answer.</summary>
    public async Task<HttpAnswer> AskAsync(ContractRow row)
    {
        string request = row.Request;
        switch (row.Situation)
        {
            case Situation.Stored:
                _ = await AskAsync(Get("/api/v1/keys"));
                MemcachedConnection cache = await EnterAsync();
                Expect("STORED", await cache.SetAsync(ContractRows.Key, [1, 2, 3]));
                _ = await cache.GetAsync(ContractRows.Key);
                break;
            case Situation.Connected:
                while ((await ClientsAsync()).Count > 0) await Task.Delay(10);
                _ = await EnterAsync();
                request = request.Replace(ContractRows.Client, (await ClientsAsync()).Single(), StringComparison.Ordinal);
                break;
            case Situation.GuessesUsed:
                await UseGuessesAsync();
                break;
            case Situation.Draining:
                _ = await AskAsync(Get("/api/v1/drain").Replace("GET", "POST", StringComparison.Ordinal));
                break;
            case Situation.Capturing:
                // Its head says that it runs.
                await OpenAsync(Get("/api/v1/capture"));
                break;
            default:
                break;
        }
        HttpAnswer answer = await AskAsync(request);
        if (row.Situation == Situation.Draining) _ = await AskAsync(Get("/api/v1/drain").Replace("GET", "DELETE", StringComparison.Ordinal));
        Release();
        // A guess comes back each second, and without one the right token is not looked at either. Two, for the next row
        // with a wrong one.
        if (row.Situation == Situation.GuessesUsed) await Task.Delay(TimeSpan.FromSeconds(2.1));
        return answer;
    }

    /// <summary>Asks, and reads until the guest closes.</summary>
    public async Task<HttpAnswer> AskAsync(string request)
    {
        using Socket socket = await OpenSocketAsync();
        return await AskAsync(socket, request);
    }

    /// <summary>
    /// The same at once on several connections, which are all there before the first one says anything; null for those
    /// that are told nothing.
    /// </summary>
    public async Task<IReadOnlyList<HttpAnswer?>> AskTogetherAsync(IEnumerable<string> requests)
    {
        var sockets = new List<(Socket Socket, string Request)>();
        foreach (string request in requests) sockets.Add((await OpenSocketAsync(), request));
        HttpAnswer?[] answers = await Task.WhenAll(sockets.Select(one => TryAskAsync(one.Socket, one.Request)));
        sockets.ForEach(one => one.Socket.Dispose());
        return answers;
    }

    public void Dispose() => Release();

    private async Task<HttpAnswer> AskAsync(Socket socket, string request)
    {
        using var limit = new CancellationTokenSource(_bound);
        var answer = new StringBuilder();
        byte[] buffer = new byte[64 << 10];
        try
        {
            _ = await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
            while (true)
            {
                int length = await socket.ReceiveAsync(buffer, limit.Token);
                if (length == 0) break;
                _ = answer.Append(Encoding.Latin1.GetString(buffer, 0, length));
            }
        }
        catch (SocketException) when (answer.Length > 0)
        {
            // Who closes while something is still coming resets; the answer was sent before.
        }
        return HttpAnswer.Parse(answer.ToString());
    }

    /// <summary>Null if nothing is answered in time.</summary>
    private async Task<HttpAnswer?> TryAskAsync(Socket socket, string request)
    {
        try
        {
            return await AskAsync(socket, request);
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Asks, and waits until the answer begins.</summary>
    private async Task OpenAsync(string request)
    {
        Socket socket = await OpenSocketAsync();
        _open.Add(socket);
        using var limit = new CancellationTokenSource(_bound);
        _ = await socket.SendAsync(Encoding.Latin1.GetBytes(request), limit.Token);
        _ = await socket.ReceiveAsync(new byte[64], limit.Token);
    }

    private async Task<Socket> OpenSocketAsync()
    {
        // A small buffer, so that who reads nothing is soon sent nothing.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 4096 };
        using var limit = new CancellationTokenSource(_bound);
        await socket.ConnectAsync(_guest.Api.Host, _guest.Api.Port, limit.Token);
        return socket;
    }

    private async Task<MemcachedConnection> EnterAsync()
    {
        MemcachedConnection connection = await MemcachedConnection.OpenAsync(_guest.EndPoint, _bound);
        _open.Add(connection);
        Expect("STORED", await connection.SetAsync("login", Encoding.ASCII.GetBytes(Login.Replace(':', ' '))));
        return connection;
    }

    private async Task<IReadOnlyList<string>> ClientsAsync()
    {
        HttpAnswer answer = await AskAsync(Get("/api/v1/connections"));
        using JsonDocument json = JsonDocument.Parse(answer.Body);
        return [.. json.RootElement.GetProperty("connections").EnumerateArray()
            .Select(one => one.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture))];
    }

    private async Task UseGuessesAsync()
    {
        string request = Get("/metrics").Replace(_token, "wrong", StringComparison.Ordinal);
        for (int i = 0; i < 100; i++)
        {
            if ((await AskAsync(request)).Status == 429) return;
        }
        throw new InvalidDataException("nobody counts wrong tokens");
    }

    private void Release()
    {
        _open.ForEach(one => one.Dispose());
        _open.Clear();
    }

    private string Get(string target) =>
        $"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {_token}\r\n\r\n";

    private static void Expect(string expected, string actual)
    {
        if (expected != actual) throw new InvalidDataException($"expected {expected}, got '{actual}'");
    }
}
