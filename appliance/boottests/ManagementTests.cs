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
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
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

    [Fact]
    public async Task A_token_that_nobody_chose_is_told_on_the_console()
    {
        await using Guest guest = await Guest.BootAsync(Accelerator.Tcg, MachineType.MicroVm, _output, MemoryMiB);
        Match match = MadeToken().Match(guest.Console);
        Assert.True(match.Success);
        using HttpClient http = Client(guest, match.Groups[1].Value);
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Post, "/api/v1/stats/reset"));
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

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    [GeneratedRegex("management: port 8080, api.token=([0-9a-f]{32}) ")]
    private static partial Regex MadeToken();
}
