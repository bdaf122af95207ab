using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class SecurityTests
{
    [Theory]
    [InlineData("none", "", 401)]
    [InlineData("right", "Authorization: Bearer correct-horse\r\n", 204)]
    [InlineData("scheme in small letters", "Authorization: bearer correct-horse\r\n", 204)]
    [InlineData("wrong", "Authorization: Bearer correct-hors3\r\n", 401)]
    [InlineData("a beginning", "Authorization: Bearer correct\r\n", 401)]
    [InlineData("another scheme", "Authorization: Basic correct-horse\r\n", 401)]
    [InlineData("same site", "Authorization: Bearer correct-horse\r\nOrigin: http://localhost\r\n", 204)]
    [InlineData("another site", "Authorization: Bearer correct-horse\r\nOrigin: http://evil.example\r\n", 403)]
    [InlineData("no site", "Authorization: Bearer correct-horse\r\nOrigin: null\r\n", 403)]
    public void Tokens(string name, string fields, int status)
    {
        ApiAnswer answer = new ApiWorld().Request("POST /api/v1/flush", fields);
        Assert.Equal((name, status), (name, answer.Status));
        Assert.Equal(status == 401 ? "Bearer realm=\"memcachier\"" : "", answer.Field("WWW-Authenticate"));
    }

    [Fact]
    public void Guesses_are_limited_by_address()
    {
        var world = new ApiWorld();
        const string Wrong = "Authorization: Bearer x\r\n";
        const string Right = "Authorization: Bearer correct-horse\r\n";
        for (int i = 0; i < 10; i++) Assert.Equal(401, world.Request("POST /api/v1/flush", Wrong).Status);
        ApiAnswer answer = world.Request("POST /api/v1/flush", Right);
        Assert.Equal((429, "1"), (answer.Status, answer.Field("Retry-After")));
        Assert.Equal(204, world.Request("POST /api/v1/flush", Right, address: ApiWorld.Client + 1).Status);
        world.SetTime(999_999);
        Assert.Equal(429, world.Request("POST /api/v1/flush", Right).Status);
        world.SetTime(1_000_000);
        Assert.Equal(204, world.Request("POST /api/v1/flush", Right).Status);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:8080", 200)]
    [InlineData("10.0.0.1:8080", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("cache.example", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("10.0.0.1.evil.example", 421)]
    public void Hosts(string host, int status) =>
        Assert.Equal(status, new ApiWorld().Ask($"GET /api/v1/version HTTP/1.1\r\nHost: {host}\r\n\r\n").Status);

    [Theory]
    [InlineData("/metrics", 401)]
    [InlineData("/api/v1/keys", 401)]
    [InlineData("/api/v1/keys/a", 401)]
    [InlineData("/api/v1/prefixes", 401)]
    [InlineData("/api/v1/capture", 401)]
    [InlineData("/api/v1/status", 200)]
    public void Reading_that_needs_a_token(string path, int status) =>
        Assert.Equal(status, new ApiWorld(protectsMetrics: true, protectsKeys: true).Request("GET " + path).Status);
}
