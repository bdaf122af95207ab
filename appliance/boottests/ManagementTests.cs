using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>The management API of the real image.</summary>
public sealed partial class ManagementTests
{
    private const int MemoryMiB = 64;
    private const string Token = "a-token-for-the-tests";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public ManagementTests(ITestOutputHelper output) => _output = output;

    [Theory, OnTcg, OnKvm]
    public async Task It_tells_what_the_cache_does_and_changes_it(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest =
            await Guest.BootAsync(accelerator, machine, _output, MemoryMiB, "api.token=" + Token, "-D", ":");
        using HttpClient http = Client(guest);
        Assert.DoesNotContain(Token, guest.Console, StringComparison.Ordinal);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("STORED", await connection.SetAsync("user:1", [1, 2, 3]));

        JsonElement status = await ReadAsync(http, "/api/v1/status");
        Assert.Equal("ready", status.GetProperty("state").GetString());
        Assert.Equal(1, status.GetProperty("curr_items").GetInt64());
        Assert.Equal(3, (await ReadAsync(http, "/api/v1/keys/user%3A1")).GetProperty("size").GetInt64());
        JsonElement prefix = (await ReadAsync(http, "/api/v1/prefixes")).GetProperty("prefixes")[0];
        Assert.Equal("user", prefix.GetProperty("prefix").GetString());
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
        JsonElement json = await ReadAsync(http, "/api/v1/stats");
        Assert.Equal(stats.Keys, json.EnumerateObject().Select(member => member.Name));
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("\nmemcached_up 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nmemcached_current_items 1\n", metrics, StringComparison.Ordinal);

        // A number that is not a prefix's of another, and who closes is told nothing.
        JsonElement client = Assert.Single((await ReadAsync(http, "/api/v1/connections")).GetProperty("connections").EnumerateArray());
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(http, HttpMethod.Delete, $"/api/v1/connections/{client.GetProperty("id").GetInt32()}"));
        _ = await Assert.ThrowsAnyAsync<Exception>(() => connection.AskAsync("mn"));

        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Delete, "/api/v1/keys/user%3A1"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(http, HttpMethod.Get, "/api/v1/keys/user%3A1"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Post, "/api/v1/flush"));
        http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(http, HttpMethod.Post, "/api/v1/flush"));
    }

    [Theory, OnTcg, OnKvm]
    public async Task Settings_change_for_those_who_are_connected(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest =
            await Guest.BootAsync(accelerator, machine, _output, MemoryMiB, "api.token=" + Token, "idle_timeout=60");
        using HttpClient http = Client(guest);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("OK", await connection.AskAsync("flush_all"));
        JsonElement setting = await ReadAsync(http, "/api/v1/settings/idle_timeout");
        Assert.Equal((60, "command line"), (setting.GetProperty("value").GetInt32(), setting.GetProperty("source").GetString()));

        const string Patch = "{\"disable_flush_all\":true,\"idle_timeout\":null,\"crash\":\"reboot\",\"memory_limit\":16}";
        JsonElement changed = await ChangeAsync(http, HttpMethod.Patch, "/api/v1/settings", Patch, HttpStatusCode.OK);
        Assert.Equal(4, changed.GetProperty("settings").GetArrayLength());
        Assert.Equal("CLIENT_ERROR flush_all not allowed", await connection.AskAsync("flush_all"));
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
        Assert.Equal("16777216", stats["limit_maxbytes"]);
        JsonElement problem = await ChangeAsync(
            http, HttpMethod.Patch, "/api/v1/settings", "{\"disable_flush_all\":false,\"port\":1}", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("port", Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("setting").GetString());
        Assert.Equal("CLIENT_ERROR flush_all not allowed", await connection.AskAsync("flush_all"));

        Assert.Equal("ERROR", await connection.AskAsync("config get cluster"));
        _ = await ChangeAsync(
            http, HttpMethod.Put, "/api/v1/cluster", "{\"nodes\":[{\"host\":\"a\",\"port\":1}]}", HttpStatusCode.OK);
        Assert.StartsWith("CONFIG cluster 0 ", await connection.AskAsync("config get cluster"), StringComparison.Ordinal);

        await WaitAsync(http, "/api/v1/log?level=notice", log => Has(log, "ready: memcached on "));
        await WaitAsync(http, "/api/v1/log?level=notice", log => Has(log, "settings: changed by the management API"));
        foreach (string path in new[] { "settings", "segments", "latency", "network/neighbors", "network/routes", "network/connections" })
        {
            Assert.NotEmpty((await ReadAsync(http, "/api/v1/" + path)).EnumerateObject());
        }
    }

    [Theory, OnTcg]
    public async Task A_drained_machine_ends_when_everybody_has_finished(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest =
            await Guest.BootAsync(accelerator, machine, _output, MemoryMiB, "api.token=" + Token);
        using HttpClient http = Client(guest);
        using MemcachedConnection idle = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("MN", await idle.AskAsync("mn"));
        using var uploading = new TcpClient();
        await uploading.ConnectAsync(guest.EndPoint);
        await uploading.GetStream().WriteAsync("set a 0 0 10\r\n01234"u8.ToArray());
        await WaitAsync(http, "/api/v1/status", status => status.GetProperty("curr_connections").GetInt32() == 2);

        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(http, HttpMethod.Post, "/api/v1/drain?timeout=600&then=shutdown"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(http, HttpMethod.Get, "/api/v1/health/ready"));
        await WaitAsync(http, "/api/v1/drain", drain => drain.GetProperty("curr_connections").GetInt32() == 1);
        _ = await Assert.ThrowsAnyAsync<Exception>(() => idle.AskAsync("mn"));
        Assert.False(guest.HasEnded);
        await uploading.GetStream().WriteAsync("56789\r\n"u8.ToArray());
        byte[] answer = new byte[8];
        await uploading.GetStream().ReadExactlyAsync(answer);
        Assert.Equal("STORED\r\n", Encoding.ASCII.GetString(answer));
        Assert.Equal(MachineExit.PoweredOff, await guest.WaitForEndAsync(Bound));
    }

    /// <summary>QEMU's microvm, as it is started here, has no button.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_power_button_lets_clients_finish(bool hasApi)
    {
        await using Guest guest = await Guest.BootAsync(
            Accelerator.Tcg, MachineType.Q35, _output, MemoryMiB, hasApi ? "api.port=8080" : "api.port=0");
        using MemcachedConnection idle = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("MN", await idle.AskAsync("mn"));
        // Nothing happens for so long that it halts.
        await Task.Delay(500);
        Assert.True(await QmpClient.TryExecuteAsync(guest.QmpSocket, "system_powerdown", Bound, CancellationToken.None));
        Assert.Equal(MachineExit.PoweredOff, await guest.WaitForEndAsync(Bound));
        Assert.Contains("drain: the power button was pressed; clients have 10 seconds to finish", guest.Console, StringComparison.Ordinal);
        Assert.Contains("shutdown: the power button was pressed", guest.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_nobody_chose_is_told_on_the_console()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB);
        Match match = MadeToken().Match(guest.Console);
        Assert.True(match.Success);
        using HttpClient http = Client(guest, match.Groups[1].Value);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Post, "/api/v1/stats/reset"));
        string log = await http.GetStringAsync("/api/v1/log");
        Assert.Contains("management: port 8080, api.token=********************************", log, StringComparison.Ordinal);
        Assert.DoesNotContain(match.Groups[1].Value, log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reboot", MachineExit.Quit)]
    [InlineData("shutdown", MachineExit.PoweredOff)]
    public async Task It_ends_the_machine(string how, MachineExit exit)
    {
        await using Guest guest =
            await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB, "api.token=" + Token);
        using HttpClient http = Client(guest);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(http, HttpMethod.Post, "/api/v1/" + how));
        Assert.Equal(exit, await guest.WaitForEndAsync(Bound));
        Assert.Contains(how + ": the management API was asked for it", guest.Console, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_capture_has_the_packets_of_a_port()
    {
        await using Guest guest =
            await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB, "api.token=" + Token);
        using HttpClient http = Client(guest);
        Task<byte[]> capturing = http.GetByteArrayAsync("/api/v1/capture?port=11211&seconds=3");
        await Task.Delay(1000);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("END", await connection.AskAsync("get needle-in-the-capture"));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(http, HttpMethod.Get, "/api/v1/capture"));
        byte[] file = await capturing;
        Assert.Equal(0xA1B2C3D4, BinaryPrimitives.ReadUInt32LittleEndian(file));
        Assert.Contains("needle-in-the-capture", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
        Assert.DoesNotContain("/api/v1", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_silent_clients_keep_nobody_out()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB);
        using HttpClient http = Client(guest);
        var silent = new List<TcpClient>();
        for (int i = 0; i < 1000; i++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(guest.Api.Host, guest.Api.Port);
            await client.GetStream().WriteAsync("GET /api/v1/status HTTP/1.1\r\nHost: loc"u8.ToArray());
            silent.Add(client);
            if (i % 100 == 99) Assert.Equal("ready", (await ReadAsync(http, "/api/v1/status")).GetProperty("state").GetString());
        }
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("MN", await connection.AskAsync("mn"));
        silent.ForEach(client => client.Dispose());
    }

    /// <summary>They ask for long answers, many at a time, and read nothing: memcached's clients keep their buffers.</summary>
    [Fact]
    public async Task Clients_that_do_not_read_leave_the_buffers_to_others()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB);
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)));
        var slow = new List<TcpClient>();
        for (int i = 0; i < 33; i++)
        {
            var client = new TcpClient { ReceiveBufferSize = 2048 };
            await client.ConnectAsync(guest.Api.Host, guest.Api.Port);
            client.Client.Blocking = false;
            slow.Add(client);
        }
        for (int round = 0; round < 30; round++)
        {
            foreach (TcpClient client in slow) _ = client.Client.Send(requests, SocketFlags.None, out _);
            await Task.Delay(100);
        }
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        IReadOnlyDictionary<string, string> stats = await connection.StatsAsync();
        _output.WriteLine($"{stats["memcachier_chunks_free"]} of {stats["memcachier_chunks"]} chunks are free");
        Assert.True(3 * int.Parse(stats["memcachier_chunks_free"]) > 2 * int.Parse(stats["memcachier_chunks"]));
        using HttpClient http = Client(guest);
        http.Timeout = TimeSpan.FromSeconds(5);
        // Whoever reads nothing is being answered all the time.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync(http, HttpMethod.Get, "/api/v1/health/live"));
        slow.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Without_a_port_there_is_no_api()
    {
        await using Guest guest =
            await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB, "api.port=0");
        using HttpClient http = Client(guest);
        _ = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync("/api/v1/status"));
        Assert.DoesNotContain("management:", guest.Console, StringComparison.Ordinal);
    }

    private static HttpClient Client(Guest guest, string token = Token)
    {
        var http = new HttpClient { BaseAddress = guest.Api, Timeout = Bound };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<JsonElement> ReadAsync(HttpClient http, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    private static async Task<JsonElement> ChangeAsync(
        HttpClient http, HttpMethod method, string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using HttpResponseMessage response = await http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, text);
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task WaitAsync(HttpClient http, string path, Func<JsonElement, bool> isSo)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!isSo(await ReadAsync(http, path))) await Task.Delay(50, limit.Token);
    }

    private static bool Has(JsonElement log, string text) => log.GetProperty("entries").EnumerateArray()
        .Any(entry => entry.GetProperty("text").GetString()!.StartsWith(text, StringComparison.Ordinal));

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    [GeneratedRegex("management: port 8080, api.token=([0-9a-f]{32}) ")]
    private static partial Regex MadeToken();
}
