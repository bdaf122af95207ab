using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

/// <summary>Segments, latency, and the tables of the network.</summary>
public sealed class InsightTests
{
    [Fact]
    public void Segments_add_up_to_what_the_store_says()
    {
        var world = new ApiWorld();
        for (int i = 0; i < 2000; i++) Store(world, "key-" + i.ToString(CultureInfo.InvariantCulture));
        JsonElement answer = world.Request("GET /api/v1/segments").Json;
        JsonElement[] segments = [.. answer.GetProperty("segments").EnumerateArray()];
        Assert.Equal(world.Store.SegmentCount, segments.Length);
        Assert.Equal(Enumerable.Range(0, segments.Length), segments.Select(segment => segment.GetProperty("id").GetInt32()));
        string[] states = [.. segments.Select(segment => segment.GetProperty("state").GetString()!)];
        Assert.Equal(world.Store.FreeSegmentCount, states.Count(state => state == "free"));
        Assert.Contains("index", states);
        Assert.Contains("open", states);
        Assert.Contains("sealed", states);
        JsonElement[] filled = [.. segments.Where(segment => segment.TryGetProperty("queue", out _))];
        Assert.Equal(
            states.Count(state => state is "open" or "sealed" or "sparse" or "evicting" or "drained"), filled.Length);
        Assert.Equal(
            world.Store.SmallSegmentCount, filled.Count(s => s.GetProperty("queue").GetString() == "small" && s.GetProperty("state").GetString() == "sealed"));
        foreach (JsonElement segment in filled)
        {
            Assert.InRange(segment.GetProperty("used_bytes").GetInt32(), 1, answer.GetProperty("segment_bytes").GetInt32());
            Assert.InRange(segment.GetProperty("live_bytes").GetInt32(), 0, segment.GetProperty("used_bytes").GetInt32());
            Assert.Equal(0, segment.GetProperty("holds").GetInt32());
        }
        world.SetTime(7_000_000);
        JsonElement open = world.Request("GET /api/v1/segments").Json.GetProperty("segments").EnumerateArray()
            .First(segment => segment.GetProperty("state").GetString() == "open");
        Assert.Equal(7, open.GetProperty("age_seconds").GetInt32());
    }

    [Fact]
    public void Latency_is_the_histogram()
    {
        var world = new ApiWorld();
        Assert.Equal(
            "{\"count\":0,\"sum\":0,\"p50\":0,\"p90\":0,\"p99\":0,\"p999\":0,\"max\":0,\"buckets\":[]}",
            world.Request("GET /api/v1/latency").Body);
        LatencyHistogram times = world.Rounds.RequestTimes;
        times.Record(3, 90);
        times.Record(20, 9);
        times.Record(100, 1);
        const string Buckets =
            "[{\"le_seconds\":0.000004,\"count\":90},{\"le_seconds\":0.000022,\"count\":99},{\"le_seconds\":0.000104,\"count\":100}]";
        JsonElement answer = world.Request("GET /api/v1/latency").Json;
        Assert.Equal(Buckets, answer.GetProperty("buckets").GetRawText());
        Assert.Equal((100, 550), (answer.GetProperty("count").GetInt64(), answer.GetProperty("sum").GetInt64()));
        Assert.Equal(104, answer.GetProperty("max").GetInt64());
        Assert.Equal(times.QuantileMicros(990_000), answer.GetProperty("p99").GetInt64());
    }

    [Fact]
    public void Latency_of_every_bucket_comes_whole_and_grows()
    {
        var world = new ApiWorld();
        for (int bucket = 0; bucket < LatencyHistogram.BucketCount; bucket++) world.Rounds.RequestTimes.Record(LatencyHistogram.LowerBoundMicros(bucket), 2);
        JsonElement[] buckets = [.. world.Request("GET /api/v1/latency").Json.GetProperty("buckets").EnumerateArray()];
        Assert.Equal(Enumerable.Range(1, LatencyHistogram.BucketCount).Select(i => 2 * i), buckets.Select(bucket => bucket.GetProperty("count").GetInt32()));
        Assert.Equal(JsonValueKind.Null, buckets[^1].GetProperty("le_seconds").ValueKind);
        double[] bounds = [.. buckets[..^1].Select(bucket => bucket.GetProperty("le_seconds").GetDouble())];
        Assert.Equal(bounds.Order().Distinct(), bounds);
    }

    [Fact]
    public void Neighbors()
    {
        var world = new ApiWorld();
        Assert.Equal("{\"neighbors\":[]}", world.Request("GET /api/v1/network/neighbors").Body);
        world.Neighbours.Add(IpAddress.FromV4(10, 0, 0, 2), MacAddress.Read([2, 0, 0, 0, 0, 0xAB]), 1_000_000);
        _ = world.Neighbours.TryResolve(IpAddress.FromV4(10, 0, 0, 3), 1_000_000, out _);
        world.SetTime(3_500_000);
        IEnumerable<string> told = world.Request("GET /api/v1/network/neighbors").Json.GetProperty("neighbors").EnumerateArray()
            .Select(neighbor => neighbor.GetRawText()).Order();
        Assert.Equal(
            [
                "{\"address\":\"10.0.0.2\",\"mac_address\":\"02:00:00:00:00:ab\",\"state\":\"reachable\",\"seconds_since_heard\":2.500000}",
                "{\"address\":\"10.0.0.3\",\"mac_address\":null,\"state\":\"incomplete\",\"seconds_since_heard\":null}",
            ],
            told);
    }

    [Fact]
    public void A_full_table_of_neighbors_is_whole()
    {
        var world = new ApiWorld();
        for (int i = 0; i < 500; i++) world.Neighbours.Add(IpAddress.FromV4(0x0A000000 + (uint)i), MacAddress.Read([2, 0, 0, 0, 0, 1]), 0);
        JsonElement[] told = [.. world.Request("GET /api/v1/network/neighbors").Json.GetProperty("neighbors").EnumerateArray()];
        Assert.Equal(world.Neighbours.Capacity, told.Select(neighbor => neighbor.GetProperty("address").GetString()).Distinct().Count());
        Assert.Equal(world.Neighbours.Capacity, told.Length);
    }

    [Fact]
    public void Routes_with_the_longest_prefix_first()
    {
        var world = new ApiWorld();
        world.Network.AddGateway(IpAddress.FromV4(10, 0, 0, 254));
        Assert.Equal(
            "{\"routes\":[{\"destination\":\"10.0.0.0\",\"prefix_length\":24,\"gateway\":null},"
            + "{\"destination\":\"0.0.0.0\",\"prefix_length\":0,\"gateway\":\"10.0.0.254\"}]}",
            world.Request("GET /api/v1/network/routes").Body);
        for (int i = 0; i < 20; i++) _ = world.Network.Routes.TryAdd(IpAddress.FromV4(0xDEDEDE00 + (uint)i), 32, IpAddress.FromV4(255, 255, 255, 254));
        Assert.Equal(16, world.Request("GET /api/v1/network/routes").Json.GetProperty("routes").GetArrayLength());
    }

    [Fact]
    public void Tcp_connections()
    {
        var world = new ApiWorld();
        Assert.Equal("{\"connections\":[]}", world.Request("GET /api/v1/network/connections").Body);
        for (ushort port = 1; port <= 40; port++)
        {
            Assert.True(world.Tcp.TryConnect(IpAddress.FromV4(10, 0, 0, 1), port, IpAddress.FromV4(10, 0, 0, 9), 80, 0, out _));
        }
        JsonElement[] told = [.. world.Request("GET /api/v1/network/connections").Json.GetProperty("connections").EnumerateArray()];
        Assert.Equal(40, told.Select(connection => connection.GetProperty("local_port").GetInt32()).Distinct().Count());
        JsonElement first = told.First(connection => connection.GetProperty("local_port").GetInt32() == 1);
        Assert.Equal(
            "{\"remote_address\":\"10.0.0.9\",\"remote_port\":80,\"local_address\":\"10.0.0.1\",\"local_port\":1,\"state\":\"syn_sent\",\"send_queue_bytes\":0}",
            first.GetRawText());
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var world = new ApiWorld();
        for (int i = 0; i < 200; i++) Store(world, "key-" + i.ToString(CultureInfo.InvariantCulture));
        world.Rounds.RequestTimes.Record(5, 1);
        world.Neighbours.Add(IpAddress.FromV4(10, 0, 0, 2), MacAddress.Read([2, 0, 0, 0, 0, 1]), 0);
        string[] paths = ["segments", "latency", "network/neighbors", "network/routes", "network/connections", "drain"];
        Assert.Equal(0, world.AllocatedBy([.. paths.Select(path => Encoding.ASCII.GetBytes($"GET /api/v1/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))]));
    }

    private static void Store(ApiWorld world, string key)
    {
        Memcachier.Server.Session session = world.Connections[0];
        var output = new Kernel.Memory.ChunkQueue(world.Chunks, 1 << 15);
        _ = session.Receive(Encoding.ASCII.GetBytes($"set {key} 0 0 100\r\n{new string('x', 100)}\r\n"), output);
        output.Clear();
    }
}
