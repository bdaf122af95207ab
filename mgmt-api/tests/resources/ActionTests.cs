using Memcachier.Management.Resources;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class ActionTests
{
    [Theory]
    [InlineData("shutdown", PowerRequest.Off)]
    [InlineData("reboot", PowerRequest.Reboot)]
    public void Power(string name, PowerRequest request)
    {
        var world = new ApiWorld();
        Assert.Equal(401, world.Request("POST /api/v1/" + name).Status);
        Assert.Equal(PowerRequest.None, world.Control.Power);
        Assert.Equal(202, world.Act("POST /api/v1/" + name).Status);
        Assert.Equal(request, world.Control.Power);
    }

    [Fact]
    public void Closing_a_connection()
    {
        var world = new ApiWorld();
        world.Connections[3].Opened(new Peer(1, 1, 1, 11211));
        Assert.Equal(404, world.Act("DELETE /api/v1/connections/4").Status);
        Assert.Equal(404, world.Act("DELETE /api/v1/connections/99999999999").Status);
        Assert.Equal(202, world.Act("DELETE /api/v1/connections/5").Status);
        Assert.Equal(503, world.Act("DELETE /api/v1/connections/5").Status);
        Assert.True(world.Control.TryTakeClose(out int number));
        Assert.Equal(5, number);
        Assert.False(world.Control.TryTakeClose(out _));
    }

    [Theory]
    [InlineData("", "", 204)]
    [InlineData("?delay=2592000", "", 204)]
    [InlineData("?delay=2592001", "", 400)]
    [InlineData("?x=1", "", 400)]
    [InlineData("", "Content-Length: 1\r\n", 400)]
    public void Flushing(string query, string fields, int status) =>
        Assert.Equal(status, new ApiWorld().Act("POST /api/v1/flush" + query, fields).Status);

    [Theory]
    [InlineData("", "text/plain")]
    [InlineData("Accept: application/openmetrics-text\r\n", "application/openmetrics-text")]
    public void Metrics_by_accept(string fields, string type)
    {
        ApiAnswer answer = new ApiWorld().Request("GET /metrics", fields);
        Assert.Equal(200, answer.Status);
        Assert.StartsWith(type, answer.Field("Content-Type"), System.StringComparison.Ordinal);
        Assert.Equal("Accept", answer.Field("Vary"));
        Assert.Equal(type[0] == 'a', answer.Body.EndsWith("# EOF\n", System.StringComparison.Ordinal));
    }
}
