using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class LogTests
{
    private static readonly string[] s_lines =
        ["time: x", "error: command line: -x is unknown", "entropy: timer jitter; warning: nothing better", "ready: memcached on 1.2.3.4"];

    [Fact]
    public void A_line_has_its_place_time_and_level()
    {
        ApiWorld world = World(s_lines);
        world.SetTime(5_000_000);
        JsonElement log = world.Request("GET /api/v1/log").Json;
        Assert.Equal((1, (long)world.Log.Written + 1), (log.GetProperty("first").GetInt64(), log.GetProperty("next").GetInt64()));
        JsonElement[] entries = [.. log.GetProperty("entries").EnumerateArray()];
        Assert.Equal(s_lines, entries.Select(entry => entry.GetProperty("text").GetString()));
        Assert.Equal(["info", "error", "warning", "notice"], entries.Select(entry => entry.GetProperty("level").GetString()));
        Assert.Equal("{\"sequence\":1,\"time\":\"2023-11-14T22:13:20Z\",\"uptime_seconds\":0.000000,\"level\":\"info\",\"text\":\"time: x\"}", entries[0].GetRawText());
        Assert.Equal(["22:13:20", "22:13:21", "22:13:22", "22:13:23"], entries.Select(entry => entry.GetProperty("time").GetString()![11..19]));
        Assert.Equal(3.0, entries[3].GetProperty("uptime_seconds").GetDouble());
    }

    [Theory]
    [InlineData("?level=error", "1")]
    [InlineData("?level=warning", "1 2")]
    [InlineData("?level=notice", "1 2 3")]
    [InlineData("?level=info", "0 1 2 3")]
    [InlineData("?limit=1", "3")]
    [InlineData("?limit=3", "1 2 3")]
    [InlineData("?limit=1&level=error", "1")]
    [InlineData("?after=0", "0 1 2 3")]
    [InlineData("?after=1", "1 2 3")]
    [InlineData("?after=0&limit=2", "0 1")]
    [InlineData("?after=2", "1 2 3")]
    [InlineData("?after=100000", "")]
    [InlineData("?after=9223372036854775807", "")]
    public void Parameters(string query, string numbers)
    {
        ApiWorld world = World(s_lines);
        JsonElement log = world.Request("GET /api/v1/log" + query).Json;
        string told = string.Join(' ', log.GetProperty("entries").EnumerateArray().Select(entry => s_lines.ToList().IndexOf(entry.GetProperty("text").GetString()!)));
        Assert.Equal(numbers, told);
    }

    [Theory]
    [InlineData("?level=debug")]
    [InlineData("?level=")]
    [InlineData("?after=-1")]
    [InlineData("?after=9223372036854775808")]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=1&x=1")]
    public void Wrong_parameters(string query) => Assert.Equal(400, new ApiWorld().Request("GET /api/v1/log" + query).Status);

    /// <summary>Whoever asks for what follows what was told hears each line once.</summary>
    [Fact]
    public void Following()
    {
        ApiWorld world = World([]);
        long after = 0;
        var heard = new List<string>();
        var said = new List<string>();
        for (int round = 0; round < 300; round++)
        {
            for (int i = 0; i < round % 7; i++)
            {
                said.Add($"line {said.Count} " + new string('x', round % 90));
                Log(world, said[^1], round);
            }
            foreach (JsonElement entry in world.Request($"GET /api/v1/log?after={after}").Json.GetProperty("entries").EnumerateArray())
            {
                heard.Add(entry.GetProperty("text").GetString()!);
                long sequence = entry.GetProperty("sequence").GetInt64();
                Assert.True(sequence > after);
                after = sequence;
            }
        }
        Assert.Equal(said, heard);
        // The ring is full, and its oldest line is cut.
        JsonElement log = world.Request("GET /api/v1/log").Json;
        JsonElement[] entries = [.. log.GetProperty("entries").EnumerateArray()];
        Assert.Equal(log.GetProperty("first").GetInt64(), entries[0].GetProperty("sequence").GetInt64());
        Assert.Equal(said[^entries.Length..], entries.Select(entry => entry.GetProperty("text").GetString()));
        Assert.True(entries.Length > 20);
    }

    [Fact]
    public void An_empty_log_and_a_clock_that_was_never_set()
    {
        ApiWorld world = World([]);
        Assert.Equal("{\"first\":1,\"next\":1,\"entries\":[]}", world.Request("GET /api/v1/log").Body);
        Log(world, "x", 0);
        world.Api.SetTime(1_000_000, unixSeconds: 1);
        JsonElement entry = Assert.Single(world.Request("GET /api/v1/log").Json.GetProperty("entries").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("time").ValueKind);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        ApiWorld world = World([.. Enumerable.Repeat(s_lines, 20).SelectMany(lines => lines)]);
        Assert.Equal(0, world.AllocatedBy("GET /api/v1/log?level=notice&limit=30 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()));
    }

    private static ApiWorld World(string[] lines)
    {
        var world = new ApiWorld();
        for (int i = 0; i < lines.Length; i++) Log(world, lines[i], i);
        return world;
    }

    private static void Log(ApiWorld world, string text, int seconds) =>
        world.Log.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"[{seconds * 1_000_000L,9} us] {text}\n")));
}
