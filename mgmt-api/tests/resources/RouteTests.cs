using System;
using System.Linq;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class RouteTests
{
    private const string Read = "GET, HEAD, OPTIONS";
    private const string Post = "POST, OPTIONS";

    public static TheoryData<string, string> Resources => new()
    {
        { "/api/v1/health/live", Read }, { "/api/v1/health/ready", Read }, { "/api/v1/version", Read },
        { "/api/v1/status", Read }, { "/api/v1/stats", Read }, { "/api/v1/stats/items", Read },
        { "/api/v1/connections", Read }, { "/api/v1/keys", Read }, { "/api/v1/prefixes", Read },
        { "/api/v1/memory", Read }, { "/api/v1/network", Read }, { "/api/v1/cpus", Read }, { "/metrics", Read },
        { "/", Read }, { "/dashboard.css", Read }, { "/dashboard.js", Read }, { "/openapi.yaml", Read },
        { "/api/v1/stats/reset", Post }, { "/api/v1/flush", Post }, { "/api/v1/shutdown", Post }, { "/api/v1/reboot", Post },
        { "/api/v1/connections/2", "DELETE, OPTIONS" }, { "/api/v1/keys/a", "GET, HEAD, DELETE, OPTIONS" },
        { "/api/v1/capture", "GET, OPTIONS" }, { "/api/v1/settings", "GET, HEAD, PATCH, OPTIONS" }, { "/api/v1/settings/port", Read },
        { "/api/v1/log", Read }, { "/api/v1/cluster", "GET, HEAD, PUT, OPTIONS" },
        { "/api/v1/segments", Read }, { "/api/v1/latency", Read }, { "/api/v1/network/neighbors", Read },
        { "/api/v1/network/routes", Read }, { "/api/v1/network/connections", Read },
        { "/api/v1/drain", "GET, HEAD, POST, DELETE, OPTIONS" },
    };

    [Theory]
    [MemberData(nameof(Resources))]
    public void Methods(string path, string allowed)
    {
        foreach (string method in new[] { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" })
        {
            // Captures do not end by themselves here.
            if (path.EndsWith("capture", StringComparison.Ordinal) && method == "GET") continue;
            var world = new ApiWorld();
            ApiAnswer answer = world.Act(method + " " + path);
            if (method == "OPTIONS") Assert.Equal(204, answer.Status);
            else if (allowed.Split(", ").Contains(method)) Assert.NotEqual(405, answer.Status);
            else Assert.Equal(405, answer.Status);
            Assert.Equal(answer.Status == 405 || method == "OPTIONS" ? allowed : "", answer.Field("Allow"));
        }
    }

    [Theory]
    [InlineData("/index.html")]
    [InlineData("//")]
    [InlineData("/api")]
    [InlineData("/api/v1/")]
    [InlineData("/api/v2/status")]
    [InlineData("/api/v1/status/")]
    [InlineData("/api/v1/status/x")]
    [InlineData("/api/v1/Status")]
    [InlineData("/api/v1/keys/")]
    [InlineData("/api/v1/stats/")]
    [InlineData("/api/v1/connections/")]
    [InlineData("/api/v1/health")]
    [InlineData("/api/v1/health/x")]
    [InlineData("/api/v1/stats/x")]
    [InlineData("/api/v1/network/x")]
    [InlineData("/api/v1/network/")]
    [InlineData("/metrics/")]
    public void Nothing_there(string path)
    {
        ApiAnswer answer = new ApiWorld().Request("GET " + path);
        Assert.Equal(404, answer.Status);
        Assert.Equal(404, answer.Json.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("/api/v1/health/live", "status")]
    [InlineData("/api/v1/health/ready", "status")]
    [InlineData("/api/v1/version", "version")]
    [InlineData("/api/v1/status", "state version uptime_seconds unix_time threads curr_connections max_connections curr_items bytes limit_maxbytes cmd_get cmd_set get_hits get_misses evictions")]
    [InlineData("/api/v1/memory", "arena store segments network_buffers")]
    [InlineData("/api/v1/network", "mac_address mtu address prefix_length gateway frames_received frames_sent tcp_connections")]
    [InlineData("/api/v1/cpus", "cpus")]
    [InlineData("/api/v1/connections", "connections")]
    [InlineData("/api/v1/keys", "counted_seconds lookups keys")]
    [InlineData("/api/v1/log", "first next entries")]
    [InlineData("/api/v1/prefixes", "is_counting delimiter prefixes")]
    public void Members(string path, string names)
    {
        ApiAnswer answer = new ApiWorld().Request("GET " + path);
        Assert.Equal((200, "application/json"), (answer.Status, answer.Field("Content-Type")));
        Assert.Equal(names, string.Join(' ', answer.Json.EnumerateObject().Select(member => member.Name)));
    }

    [Fact]
    public void Not_ready_without_an_address()
    {
        var world = new ApiWorld();
        world.Network.Unconfigure();
        Assert.Equal(503, world.Request("GET /api/v1/health/ready").Status);
        Assert.Equal(200, world.Request("GET /api/v1/health/live").Status);
    }
}
