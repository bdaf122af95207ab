using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Memcachier.Configuration;
using Memcachier.Management.Http;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class ClusterTests
{
    private const string TwoNodes =
        "{\"nodes\":[{\"host\":\"a.example\",\"ip\":\"10.0.0.1\",\"port\":11211},{\"host\":\"10.0.0.2\",\"port\":11212},{\"host\":\"b\",\"ip\":null,\"port\":1}]}";

    [Fact]
    public void Nobody_at_first()
    {
        ApiAnswer answer = new ApiWorld().Request("GET /api/v1/cluster");
        Assert.Equal((200, "{\"version\":0,\"nodes\":[]}", "\"0\""), (answer.Status, answer.Body, answer.Field("ETag")));
    }

    [Fact]
    public void A_list_is_put_told_and_heeded_by_the_cache()
    {
        var world = new ApiWorld();
        ApiAnswer answer = Put(world, TwoNodes);
        string expected = $"{{\"version\":{ApiWorld.UnixStart},\"nodes\":[{{\"host\":\"a.example\",\"ip\":\"10.0.0.1\",\"port\":11211}},"
            + "{\"host\":\"10.0.0.2\",\"ip\":\"10.0.0.2\",\"port\":11212},{\"host\":\"b\",\"ip\":null,\"port\":1}]}";
        Assert.Equal((200, expected, $"\"{ApiWorld.UnixStart}\""), (answer.Status, answer.Body, answer.Field("ETag")));
        Assert.Equal(expected, world.Request("GET /api/v1/cluster").Body);
        Assert.Equal(
            $"{ApiWorld.UnixStart}\na.example|10.0.0.1|11211 10.0.0.2|10.0.0.2|11212 b||1\n",
            Encoding.ASCII.GetString(world.Context.Cluster.Text));
        Assert.Equal(SettingSource.Api, world.Settings.Source(SettingId.Cluster));
        // What was told may be put back, and is a new list.
        Assert.Equal(ApiWorld.UnixStart + 1, Put(world, expected).Json.GetProperty("version").GetInt64());
    }

    [Fact]
    public void No_nodes_are_no_cluster()
    {
        var world = new ApiWorld();
        Assert.Equal(200, Put(world, TwoNodes).Status);
        Assert.Equal($"{{\"version\":{ApiWorld.UnixStart + 1},\"nodes\":[]}}", Put(world, "{\"nodes\":[]}").Body);
        Assert.False(world.Context.Cluster.IsSet);
    }

    [Theory]
    [InlineData("If-Match: \"0\"\r\n", 200)]
    [InlineData("If-Match: \"7\", \"0\"\r\n", 200)]
    [InlineData("If-Match: *\r\n", 200)]
    [InlineData("If-Match: \"1\"\r\n", 412)]
    [InlineData("If-Match: 0\r\n", 412)]
    public void Only_who_has_seen_the_list_replaces_it(string field, int status)
    {
        var world = new ApiWorld();
        Assert.Equal(status, Put(world, TwoNodes, fields: field).Status);
        Assert.Equal(status == 200, world.Context.Cluster.IsSet);
    }

    [Fact]
    public void Somebody_may_be_faster_while_the_body_comes()
    {
        var world = new ApiWorld();
        string request = Message(TwoNodes, "application/json", "If-Match: \"0\"\r\n");
        int slow = world.Open();
        world.Say(slow, request[..^5]);
        Assert.Equal(200, Put(world, "{\"nodes\":[{\"host\":\"x\",\"port\":1}]}").Status);
        world.Say(slow, request[^5..]);
        Assert.StartsWith("HTTP/1.1 412 ", world.Step(slow), StringComparison.Ordinal);
        Assert.Contains("\nx||1\n", Encoding.ASCII.GetString(world.Context.Cluster.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Not_modified()
    {
        var world = new ApiWorld();
        Assert.Equal(304, world.Request("GET /api/v1/cluster", "If-None-Match: \"0\"\r\n").Status);
        Assert.Equal(200, Put(world, TwoNodes).Status);
        Assert.Equal(200, world.Request("GET /api/v1/cluster", "If-None-Match: \"0\"\r\n").Status);
    }

    private const string NoObject = "The content has to be an object with one member, nodes, which is an array.";
    private const string NoNode = "] has to be an object: host, a name or address; port, 1 to 65535; and perhaps ip, an IPv4 address.";

    [Theory]
    [InlineData("{", 400, "The content is not JSON: the text ends in the middle of a value, at offset 1.")]
    [InlineData("", 400, "The content is not JSON: the text ends in the middle of a value, at offset 0.")]
    [InlineData("{\"nodes\":[1,]}", 400, "The content is not JSON: there should be a value, at offset 12.")]
    [InlineData("[]", 422, NoObject)]
    [InlineData("{}", 422, NoObject)]
    [InlineData("{\"version\":1}", 422, NoObject)]
    [InlineData("{\"nodes\":{}}", 422, NoObject)]
    [InlineData("{\"nodes\":null}", 422, NoObject)]
    [InlineData("{\"nodes\":[],\"nodes\":[]}", 422, NoObject)]
    [InlineData("{\"nodes\":[],\"x\":1}", 422, NoObject)]
    [InlineData("{\"nodes\":[1]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[[]]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"port\":1},{\"host\":\"a\"}]}", 422, "nodes[1" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"port\":0}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"port\":65536}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"port\":\"1\"}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"port\":1,\"x\":2}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"host\":\"b\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a b\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a:1,b\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a|1.2.3.4|5,b\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"ip\":\"1.2.3\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"ip\":1,\"port\":1}]}", 422, "nodes[0" + NoNode)]
    [InlineData("{\"nodes\":[{\"host\":\"a\",\"ip\":\"1.2.3.4|5,b|1.1.1\",\"port\":1}]}", 422, "nodes[0" + NoNode)]
    public void What_is_no_list_changes_nothing(string body, int status, string detail)
    {
        var world = new ApiWorld();
        Assert.Equal(200, Put(world, TwoNodes).Status);
        ApiAnswer answer = Put(world, body);
        Assert.Equal((status, detail), (answer.Status, answer.Json.GetProperty("detail").GetString()));
        Assert.Equal(ApiWorld.UnixStart, world.Context.Cluster.Version);
    }

    [Theory]
    [InlineData(5, 200)]
    [InlineData(145, 200)]
    [InlineData(146, 422)]
    [InlineData(175, 422)]
    public void As_many_as_fit(int count, int status)
    {
        var world = new ApiWorld();
        // Each has 28 bytes in the text that clients get, and the version and its line end 11.
        string nodes = string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"host\":\"node-of-the-list-{i:000}\",\"port\":{10000 + i}}}"));
        ApiAnswer answer = Put(world, $"{{\"nodes\":[{nodes}]}}");
        Assert.Equal(status, answer.Status);
        if (status == 200) Assert.Equal(count, answer.Json.GetProperty("nodes").GetArrayLength());
        else Assert.StartsWith("There are too many nodes", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_is_replaced_while_it_is_told_is_cut_off()
    {
        var world = new ApiWorld();
        string nodes = string.Join(',', Enumerable.Range(0, 150).Select(i => $"{{\"host\":\"n{i:000}\",\"port\":{10000 + i}}}"));
        Assert.Equal(200, Put(world, $"{{\"nodes\":[{nodes}]}}").Status);
        int reader = world.Open();
        world.Say(reader, "GET /api/v1/cluster HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Contains("n000", world.Step(reader), StringComparison.Ordinal);
        Assert.Equal(200, Put(world, TwoNodes).Status);
        Assert.Equal("", world.Step(reader));
        Assert.True(world.Server[reader].WantsAbort);
        Assert.Equal(1, world.Server.Counters.AnswersCut);
    }

    [Fact]
    public void A_body_has_a_type_and_a_length()
    {
        Assert.Equal(415, Put(new ApiWorld(), TwoNodes, type: "text/plain").Status);
        Assert.Equal(413, Put(new ApiWorld(), new string(' ', HttpLimits.HeadLengthMax + 1)).Status);
        Assert.Equal(401, new ApiWorld().Request("PUT /api/v1/cluster", "Content-Length: 5\r\n").Status);
        Assert.Equal(405, new ApiWorld().Act("PATCH /api/v1/cluster").Status);
        Assert.Equal(400, new ApiWorld().Act("PUT /api/v1/cluster?x").Status);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        var world = new ApiWorld();
        byte[] put = Encoding.ASCII.GetBytes(Message(TwoNodes, "application/json", ""));
        byte[] bad = Encoding.ASCII.GetBytes(Message("{\"nodes\":[{}]}", "application/json", ""));
        Assert.Equal(0, world.AllocatedBy(put, bad, "GET /api/v1/cluster HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray()));
    }

    private static ApiAnswer Put(ApiWorld world, string body, string type = "application/json", string fields = "") =>
        world.Ask(Message(body, type, fields));

    private static string Message(string body, string type, string fields) => string.Create(
        CultureInfo.InvariantCulture,
        $"PUT /api/v1/cluster HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ApiWorld.Token}\r\n{fields}Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
