using System.Runtime.InteropServices;
using System.Text;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

public sealed class MemcachedServerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("version\r\n")]
    public void A_client_that_closes_gets_the_whole_answer_first(string next)
    {
        using var world = new ServerWorld();
        string value = new('v', 1_000_000);
        Assert.Equal("STORED\r\n", world.Server.Ask($"set big 0 0 {value.Length}\r\n{value}\r\n"));
        TcpConnection connection = world.Connect();
        world.Say(connection, "get");
        world.RunFor(10_000);
        world.Say(connection, " big\r\n" + next);
        connection.Close();
        Assert.True(world.TryRunUntil(() => world.Heard.IsPeerClosed, 60_000_000));
        string answer = $"VALUE big 0 {value.Length}\r\n{value}\r\nEND\r\n";
        if (next.Length > 0) answer += "VERSION 1.6.45-memcachier\r\n";
        string heard = TestServer.Text(CollectionsMarshal.AsSpan(world.Heard.Octets));
        Assert.True(heard == answer, $"{heard.Length} bytes instead of {answer.Length}");
        world.RunFor(300_000_000);
        Assert.Equal(0, world.Server.Statistics.CurrConnections);
        world.Server.ExpectClean();
    }

    [Theory]
    [InlineData("")]
    [InlineData(" noreply")]
    public void Costly_appends_of_a_client_alone_are_all_answered(string noReply)
    {
        const int Length = 900_000;
        const int Count = 200;
        using var world = new ServerWorld();
        Assert.Equal("STORED\r\n", world.Server.Ask($"set v 0 0 {Length}\r\n{new string('v', Length)}\r\n"));
        TcpConnection connection = world.Connect();
        var requests = new StringBuilder();
        for (int i = 0; i < Count; i++) _ = requests.Append($"append v 0 0 1{noReply}\r\nx\r\n");
        world.Say(connection, requests + "version\r\n");
        connection.Close();
        Assert.True(world.TryRunUntil(() => world.Heard.IsPeerClosed, 60_000_000));
        string answer = noReply.Length > 0 ? "" : new StringBuilder().Insert(0, "STORED\r\n", Count).ToString();
        string heard = TestServer.Text(CollectionsMarshal.AsSpan(world.Heard.Octets));
        Assert.Equal(answer + "VERSION 1.6.45-memcachier\r\n", heard);
        Assert.StartsWith($"VALUE v 0 {Length + Count}\r\n", world.Server.Ask("get v\r\n", 1 << 20));
    }

    [Fact]
    public void The_next_connection_of_a_slot_is_not_closed_for_the_last_one()
    {
        using var world = new ServerWorld();
        for (int i = 0; i < 20; i++)
        {
            world.Heard.Octets.Clear();
            TcpConnection connection = world.Connect();
            world.Say(connection, "get a\r\n");
            world.RunFor(10_000);
            world.Say(connection, "get b\r\n");
            world.RunFor(10_000);
            Assert.Equal("END\r\nEND\r\n", TestServer.Text(CollectionsMarshal.AsSpan(world.Heard.Octets)));
            connection.Abort();
            world.RunFor(10_000);
            Assert.Equal(0, world.Server.Statistics.CurrConnections);
        }
    }
}
