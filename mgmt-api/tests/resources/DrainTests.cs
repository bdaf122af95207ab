using Memcachier.Management.Resources;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class DrainTests
{
    private const string Start = "POST /api/v1/drain";

    [Fact]
    public void It_is_told_everywhere_and_taken_back()
    {
        var world = new ApiWorld();
        Assert.Equal("{\"state\":\"serving\",\"curr_connections\":0,\"seconds_left\":null,\"then\":null}", world.Request("GET /api/v1/drain").Body);
        world.Statistics.CurrConnections = 3;
        ApiAnswer answer = world.Act(Start);
        const string Draining = "{\"state\":\"draining\",\"curr_connections\":3,\"seconds_left\":30.000000,\"then\":null}";
        Assert.Equal((202, Draining), (answer.Status, answer.Body));
        ExpectState(world, "draining");
        world.SetTime(10_500_000);
        Assert.Equal(19.5, world.Request("GET /api/v1/drain").Json.GetProperty("seconds_left").GetDouble());
        world.Control.Drained();
        ExpectState(world, "drained");
        Assert.Equal(PowerRequest.None, world.Control.Power);
        Assert.Equal(204, world.Act("DELETE /api/v1/drain").Status);
        Assert.Equal("ready", world.Request("GET /api/v1/status").Json.GetProperty("state").GetString());
        Assert.Equal(200, world.Request("GET /api/v1/health/ready").Status);
        Assert.Equal(204, world.Act("DELETE /api/v1/drain").Status);
    }

    [Theory]
    [InlineData("?then=shutdown", "shutdown", PowerRequest.Off)]
    [InlineData("?timeout=0&then=reboot", "reboot", PowerRequest.Reboot)]
    public void Then_the_machine_ends(string query, string then, PowerRequest power)
    {
        var world = new ApiWorld();
        Assert.Equal(then, world.Act(Start + query).Json.GetProperty("then").GetString());
        Assert.Equal(PowerRequest.None, world.Control.Power);
        world.Control.Drained();
        Assert.Equal(power, world.Control.Power);
    }

    [Fact]
    public void What_follows_may_be_said_later()
    {
        var world = new ApiWorld();
        Assert.Equal(202, world.Act(Start + "?timeout=1").Status);
        world.Control.Drained();
        Assert.Equal("drained", world.Act(Start + "?then=shutdown").Json.GetProperty("state").GetString());
        Assert.Equal(PowerRequest.Off, world.Control.Power);
    }

    [Theory]
    [InlineData("?timeout=0", 202)]
    [InlineData("?timeout=3600", 202)]
    [InlineData("?timeout=3601", 400)]
    [InlineData("?timeout=-1", 400)]
    [InlineData("?timeout=", 400)]
    [InlineData("?then=sleep", 400)]
    [InlineData("?then=", 400)]
    [InlineData("?x=1", 400)]
    [InlineData("?timeout=1&x=1", 400)]
    public void Parameters(string query, int status)
    {
        var world = new ApiWorld();
        Assert.Equal(status, world.Act(Start + query).Status);
        Assert.Equal(status == 202 ? DrainState.Draining : DrainState.Serving, world.Control.Drain);
    }

    [Fact]
    public void It_needs_the_token_and_no_content()
    {
        var world = new ApiWorld();
        Assert.Equal(401, world.Request(Start).Status);
        Assert.Equal(401, world.Request("DELETE /api/v1/drain").Status);
        Assert.Equal(400, world.Act(Start, "Content-Length: 1\r\n").Status);
        Assert.Equal(400, world.Act("DELETE /api/v1/drain?x").Status);
        Assert.Equal(DrainState.Serving, world.Control.Drain);
    }

    private static void ExpectState(ApiWorld world, string state)
    {
        Assert.Equal(state, world.Request("GET /api/v1/status").Json.GetProperty("state").GetString());
        ApiAnswer ready = world.Request("GET /api/v1/health/ready");
        Assert.Equal((503, state), (ready.Status, ready.Json.GetProperty("detail").GetString()));
        Assert.Equal(200, world.Request("GET /api/v1/health/live").Status);
    }
}
