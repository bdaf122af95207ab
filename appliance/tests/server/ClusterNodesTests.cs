using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>
/// Auto discovery as Amazon ElastiCache documents it ("Adding Auto Discovery to your Memcached client library"): the
/// examples there are rows here.
/// </summary>
public sealed class ClusterNodesTests
{
    private const string Documented =
        "myCluster.pc4ldq.0001.use1.cache.amazonaws.com|10.82.235.120|11211," +
        "myCluster.pc4ldq.0002.use1.cache.amazonaws.com|10.80.249.27|11211";

    private static readonly string s_text = "12\n" + Documented.Replace(',', ' ') + "\n";

    [Theory]
    [InlineData("a|10.0.0.1|11211", "a|10.0.0.1|11211\n")]
    [InlineData("a||11211", "a||11211\n")]
    [InlineData("a:11211", "a||11211\n")]
    [InlineData("10.0.0.1:11211", "10.0.0.1|10.0.0.1|11211\n")]
    [InlineData("a-b_c.D9:1,10.0.0.2:65535,x|1.2.3.4|2", "a-b_c.D9||1 10.0.0.2|10.0.0.2|65535 x|1.2.3.4|2\n")]
    [InlineData("256.1.1.1:1", "256.1.1.1||1\n")]
    [InlineData("1.2.3:1", "1.2.3||1\n")]
    public void A_list_is_told_in_one_form(string list, string nodes)
    {
        var cluster = new ClusterNodes();
        Assert.True(cluster.TrySet(TestServer.Bytes(list), unixSeconds: 12));
        Assert.Equal("12\n" + nodes, TestServer.Text(cluster.Text));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(":1")]
    [InlineData("a:")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:x")]
    [InlineData("a b:1")]
    [InlineData("a:1,")]
    [InlineData(",a:1")]
    [InlineData("a:1,,b:1")]
    [InlineData("a|1.2.3.4")]
    [InlineData("a|1.2.3|1")]
    [InlineData("a|1.2.3.4.5|1")]
    [InlineData("a|1.2.3.4|1|2")]
    [InlineData("a|b|1")]
    [InlineData("|1.2.3.4|1")]
    [InlineData("\n:1")]
    public void One_that_cannot_be_read_changes_nothing(string list)
    {
        var cluster = new ClusterNodes();
        Assert.True(cluster.TrySet("good:1"u8, unixSeconds: 5));
        Assert.False(cluster.TrySet(TestServer.Bytes(list), unixSeconds: 6));
        Assert.Equal("5\ngood||1\n", TestServer.Text(cluster.Text));
    }

    [Fact]
    public void The_version_grows_whatever_the_clock_says()
    {
        var cluster = new ClusterNodes();
        Assert.False(cluster.IsSet);
        Assert.True(cluster.TrySet("a:1"u8, unixSeconds: 100));
        Assert.Equal(100, cluster.Version);
        Assert.True(cluster.TrySet("a:2"u8, unixSeconds: 0));
        Assert.Equal(101, cluster.Version);
        Assert.True(cluster.TrySet(default, unixSeconds: 0));
        Assert.False(cluster.IsSet);
        Assert.True(cluster.TrySet("a:2"u8, unixSeconds: 0));
        Assert.Equal("103\na||2\n", TestServer.Text(cluster.Text));
    }

    [Fact]
    public void As_many_fit_as_have_room()
    {
        var cluster = new ClusterNodes();
        string node = new string('n', 91) + "|10.0.0.1|11211";
        string list = string.Join(',', Enumerable.Repeat(node, 40));
        Assert.False(cluster.TrySet(TestServer.Bytes(list), unixSeconds: 1));
        list = string.Join(',', Enumerable.Repeat(node, 38));
        Assert.True(cluster.TrySet(TestServer.Bytes(list), unixSeconds: 1));
        Assert.InRange(cluster.Text.Length, 3 * 1024, ClusterNodes.TextLengthMax);
    }

    [Theory]
    [InlineData("config get cluster\r\n", "CONFIG cluster 0 {0}\r\n{1}\r\nEND\r\n")]
    [InlineData("config get cluster\n", "CONFIG cluster 0 {0}\r\n{1}\r\nEND\r\n")]
    [InlineData("get AmazonElastiCache:cluster\r\n", "VALUE AmazonElastiCache:cluster 0 {0}\r\n{1}\r\nEND\r\n")]
    [InlineData("get a AmazonElastiCache:cluster b\r\nversion\r\n",
        "VALUE AmazonElastiCache:cluster 0 {0}\r\n{1}\r\nEND\r\nVERSION 1.6.45-memcachier\r\n")]
    [InlineData("config get clusters\r\nconfig set cluster\r\nconfig\r\nconfig get cluster x\r\nconfigs\r\n",
        "ERROR\r\nERROR\r\nERROR\r\nERROR\r\nERROR\r\n")]
    [InlineData("set AmazonElastiCache:cluster 0 0 1\r\nx\r\nget AmazonElastiCache:cluster\r\n",
        "STORED\r\nVALUE AmazonElastiCache:cluster 0 1\r\nx\r\nEND\r\n")]
    public void Clients_are_answered_through_any_output(string input, string answer)
    {
        string expected = answer.Replace("{0}", $"{s_text.Length}", StringComparison.Ordinal)
            .Replace("{1}", s_text, StringComparison.Ordinal);
        foreach (int capacity in (int[])[Session.OutputCapacityMin, 500, 4096])
        {
            foreach (int pieceLength in (int[])[1, 7, input.Length])
            {
                using TestServer server = Clustered(Documented);
                Session session = server.NewSession();
                byte[] octets = TestServer.Bytes(input);
                Assert.Equal(expected, TestServer.Text(server.Talk(session, octets, pieceLength, capacity)));
                session.Closed();
                server.ExpectClean();
            }
        }
    }

    [Fact]
    public void Where_there_is_no_cluster_nobody_knows_of_it()
    {
        using var server = new TestServer();
        Assert.Equal("ERROR\r\nEND\r\n", server.Ask("config get cluster\r\nget AmazonElastiCache:cluster\r\n"));
    }

    [Fact]
    public void A_list_that_changes_under_way_closes_the_connection()
    {
        using TestServer server = Clustered(string.Join(',', Enumerable.Repeat("node|10.0.0.1|11211", 60)));
        Session session = server.NewSession();
        var output = new ChunkQueue(server.Chunks, Session.OutputCapacityMin);
        _ = session.Receive("config get cluster\r\nversion\r\n"u8, output);
        Assert.True(session.IsBlocked);
        Assert.True(server.Context.Cluster.TrySet("other:1"u8, unixSeconds: 0));
        TestServer.Drain(output, new List<byte>());
        session.Resume(output);
        Assert.True(session.WantsClose);
        session.Closed();
        output.Clear();
        server.ExpectClean();
    }

    private static TestServer Clustered(string nodes)
    {
        var cluster = new ClusterNodes();
        Assert.True(cluster.TrySet(TestServer.Bytes(nodes), unixSeconds: 12));
        return new TestServer(settings: new ServerSettings(11211) { Cluster = cluster });
    }
}
