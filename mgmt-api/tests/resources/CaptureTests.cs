using Memcachier.Kernel.Net.Capture;
using Xunit;

namespace Memcachier.Management.Tests.Resources;

public sealed class CaptureTests
{
    private const string Start =
        "GET /api/v1/capture?seconds=2&snaplen=96 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer correct-horse\r\n\r\n";

    [Fact]
    public void A_reader_that_leaves_frees_everything()
    {
        var world = new ApiWorld();
        int index = world.Open();
        world.Say(index, Start);
        Assert.True(world.Capture.IsRunning);
        world.Capture.Frame(new byte[60], world.Now);
        Assert.Equal(409, world.Act("GET /api/v1/capture").Status);
        Assert.True(world.Capture.IsRunning);
        world.Close(index);
        Assert.False(world.Capture.IsRunning);
        Assert.Equal(world.Chunks.Count, world.Chunks.FreeCount);
    }

    [Fact]
    public void It_ends_in_time_and_what_waits_is_its_readers()
    {
        var world = new ApiWorld();
        int index = world.Open();
        world.Say(index, Start);
        for (int i = 0; i < 100; i++) world.Capture.Frame(new byte[1000], world.Now);
        world.SetTime(2_000_000);
        string text = world.Step(index);
        Assert.False(world.Capture.IsRunning);
        Assert.Equal(409, world.Act("GET /api/v1/capture").Status);
        while (world.Server[index].IsAnswering) text += world.Step(index);
        Assert.Equal(24 + (100 * (16 + 96)), ApiWorld.Read(text).Body.Length);
        world.Close(index);
        Assert.Equal(world.Chunks.Count, world.Chunks.FreeCount);
    }

    /// <summary>What docs/performance.md says of a capture's cost is true at this rate.</summary>
    [Theory]
    [InlineData("", 65_536)]
    [InlineData("&rate=131072", 131_072)]
    public void It_keeps_so_many_bytes_a_second(string query, int rate)
    {
        const int Seconds = 10;
        var world = new ApiWorld();
        int index = world.Open();
        world.Say(index, $"GET /api/v1/capture?seconds=60{query} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer correct-horse\r\n\r\n");
        byte[] room = new byte[4096];
        long length = 0;
        for (long micros = 0; micros < Seconds * 1_000_000; micros += 500)
        {
            world.Capture.Frame(new byte[1000], micros);
            while (world.Capture.Take(room) is > 0 and int taken) length += taken;
        }
        const int Burst = PacketCapture.WaitingLengthMax / 4;
        long most = PacketCapture.WaitingLengthMax + (rate * Seconds);
        Assert.InRange(length, most - Burst - 1016, most + 24);
        world.Close(index);
    }

    [Theory]
    [InlineData("host=10.0.0")]
    [InlineData("port=0")]
    [InlineData("port=65536")]
    [InlineData("snaplen=0")]
    [InlineData("snaplen=65536")]
    [InlineData("seconds=0")]
    [InlineData("seconds=3601")]
    [InlineData("rate=0")]
    [InlineData("rate=1000000001")]
    [InlineData("x=1")]
    public void Bad_parameters(string query)
    {
        var world = new ApiWorld();
        Assert.Equal(400, world.Act("GET /api/v1/capture?" + query).Status);
        Assert.False(world.Capture.IsRunning);
    }
}
