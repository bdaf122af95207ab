using System.Globalization;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>The short cuts for the usual segment lead where the whole way leads.</summary>
public sealed class PredictionTests
{
    private const int Port = 11211;
    private const int ConnectionCountMax = 6;
    private const int StepCount = 2000;

    private readonly ITestOutputHelper _log;

    public PredictionTests(ITestOutputHelper log) => _log = log;

    [Theory]
    [InlineData(1, 0, true)]
    [InlineData(2, 0, false)]
    [InlineData(3, 1, true)]
    [InlineData(4, 1, false)]
    [InlineData(5, 5, true)]
    [InlineData(6, 5, false)]
    public void Predicted_segments_leave_behind_what_all_the_steps_would(ulong seed, uint lossPercent, bool useTimestamps)
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = ConnectionCountMax;
        settings.SynReceivedCountMax = 3;
        settings.SendBufferSize = 32 * 1024;
        settings.ReceiveBufferSize = 32 * 1024;
        settings.UserTimeoutMicros = 1_000_000;
        settings.FinWait2TimeoutMicros = 200_000;
        settings.TimeWaitMicros = 100_000;
        settings.UseTimestamps = useTimestamps;
        var world = new SimWorld(seed, SimTcpPacket.PrefixSize);
        // Few chunks, so that sometimes there are none.
        var client = new TwinHost(world.Network, IpAddress.FromV4(10, 0, 0, 1), in settings, 128, seed);
        var server = new TwinHost(world.Network, IpAddress.FromV4(10, 0, 0, 2), in settings, 128, seed + 100);
        SimLinkSettings link = lossPercent == 0
            ? new SimLinkSettings { DelayMicros = 100 }
            : TransferTests.BadLink(lossPercent) with { Corruption = default };
        world.Network.Connect(client.Port, server.Port, in link);
        world.Add(client);
        world.Add(server);
        Assert.True(server.Tcp.TryListen(Port));
        Assert.True(server.Twin.TryListen(Port));
        for (int step = 0; step < StepCount; step++)
        {
            if (client.Tcp.Counters.Connections(TcpState.Established) < ConnectionCountMax / 2 && step % 16 == 0)
                client.Connect(server.Address, Port, world.Time.NowMicros);
            client.Stir();
            server.Stir();
            world.RunFor(1000);
        }
        TcpCounters counters = server.Tcp.Counters;
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{counters.ConnectionsOpened} connections; of {counters.SegmentsIn} segments {server.Tcp.PredictedCount} predicted"));
        Assert.True(counters.ConnectionsOpened > 20);
        Assert.InRange(server.Tcp.PredictedCount, counters.SegmentsIn / 10, counters.SegmentsIn);
        Assert.True(server.UsualPlanCount > 100);
        Assert.Equal(0, server.Twin.PredictedCount);
        Assert.Equal(0, client.Twin.PredictedCount);
    }
}
