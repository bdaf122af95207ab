using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class ListTests
{
    [Fact]
    public void All_connections_over_many_pieces()
    {
        var world = new ApiWorld();
        for (int i = 0; i < 400; i++) world.Connections[i].Opened(new Peer(0x0A000000 + (uint)i, (ushort)i, 1, 11211));
        JsonElement[] list = [.. world.Request("GET /api/v1/connections").Json.GetProperty("connections").EnumerateArray()];
        Assert.Equal(Enumerable.Range(2, 400), list.Select(one => one.GetProperty("id").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 400), list.Select(one => one.GetProperty("remote_port").GetInt32()));
    }

    [Fact]
    public void A_few_connections_among_many_closed_ones()
    {
        var world = new ApiWorld(sessions: 2000);
        foreach (int i in new[] { 600, 601, 1999 }) world.Connections[i].Opened(new Peer(1, 1, 1, 11211));
        JsonElement list = world.Request("GET /api/v1/connections").Json.GetProperty("connections");
        Assert.Equal([602, 603, 2001], list.EnumerateArray().Select(one => one.GetProperty("id").GetInt32()));
    }

    [Fact]
    public void Hot_keys_of_the_worst_kind()
    {
        var world = new ApiWorld();
        _ = world.Request("GET /api/v1/keys");
        Assert.True(world.Context.Events.IsWatched);
        for (int i = 0; i < 128; i++)
        {
            byte[] key = new byte[250];
            System.Array.Fill(key, (byte)1);
            key[249] = (byte)i;
            world.Context.Events.Fetched(key, Cache.ItemStatus.Found, 0, 0);
        }
        JsonElement answer = world.Request("GET /api/v1/keys?limit=128").Json;
        JsonElement[] keys = [.. answer.GetProperty("keys").EnumerateArray()];
        Assert.Equal(128, answer.GetProperty("lookups").GetInt32());
        Assert.Equal(128, keys.Select(one => one.GetProperty("key").GetString()).Distinct().Count());
        Assert.All(keys, one => Assert.Equal(250, one.GetProperty("key").GetString()!.Length));
        world.SetTime(59_999_999);
        Assert.True(world.Context.Events.IsWatched);
        world.SetTime(60_000_000);
        Assert.False(world.Context.Events.IsWatched);
    }

    [Theory]
    [InlineData("limit=1", 200)]
    [InlineData("limit=128", 200)]
    [InlineData("limit=0", 400)]
    [InlineData("limit=129", 400)]
    [InlineData("limit=", 400)]
    [InlineData("limit=a", 400)]
    [InlineData("x=1", 400)]
    public void Limits(string query, int status) =>
        Assert.Equal(status, new ApiWorld().Request("GET /api/v1/keys?" + query).Status);

    [Fact]
    public void All_prefixes()
    {
        var world = new ApiWorld();
        for (int i = 0; i < 1000; i++)
            world.Context.Prefixes.CountSet(Encoding.ASCII.GetBytes(i.ToString(CultureInfo.InvariantCulture) + ":x"));
        int count = 0;
        while (world.Context.Prefixes.TryGet(count, out _, out _)) count++;
        JsonElement list = world.Request("GET /api/v1/prefixes").Json.GetProperty("prefixes");
        Assert.Equal(count, list.GetArrayLength());
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)),
            list.EnumerateArray().Select(one => one.GetProperty("prefix").GetString()));
        Assert.Equal(204, world.Act("POST /api/v1/stats/reset").Status);
        Assert.Equal(0, world.Request("GET /api/v1/prefixes").Json.GetProperty("prefixes").GetArrayLength());
    }

    [Theory]
    [InlineData("a", 404)]
    [InlineData("%00%FF%2F", 404)]
    [InlineData("%0", 400)]
    [InlineData("%GG", 400)]
    public void Keys(string key, int status) =>
        Assert.Equal(status, new ApiWorld().Request("GET /api/v1/keys/" + key).Status);

    [Theory]
    [InlineData(250, 404)]
    [InlineData(251, 400)]
    public void Long_keys(int length, int status) =>
        Assert.Equal(status, new ApiWorld().Act("DELETE /api/v1/keys/" + string.Concat(Enumerable.Repeat("%01", length))).Status);
}
