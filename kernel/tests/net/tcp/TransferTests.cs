using System.Globalization;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Sim;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>Bytes across a bad network, in both directions at once: exact, whatever is lost on the way.</summary>
public sealed class TransferTests
{
    private const long HourMicros = 3_600_000_000;

    private readonly ITestOutputHelper _log;

    public TransferTests(ITestOutputHelper log) => _log = log;

    [Theory]
    [CombinatorialLoss]
    public void Every_byte_arrives(uint lossPercent, ulong seed)
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 4;
        settings.SynReceivedCountMax = 4;
        settings.UserTimeoutMicros = HourMicros;
        settings.FinWait2TimeoutMicros = HourMicros;
        settings.UseTimestamps = seed % 2 == 0;
        SimLinkSettings link = BadLink(lossPercent);
        var world = new TransferWorld(seed, in link, 1_000_000, 300_000, in settings, reluctance: 8);
        _ = world.Connect();
        Assert.True(world.TryComplete(1, 10 * HourMicros), string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: client {world.Client.ClosedCount}, server {world.Server.ClosedCount} closed"));
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{lossPercent} % loss, seed {seed}: {world.World.Time.NowMicros / 1000} ms of virtual time"));
        Assert.Equal(0, world.Client.CorruptedCount);
        Assert.Equal(0, world.Server.CorruptedCount);
        Assert.Equal(1, world.Client.CompletedCount);
        Assert.Equal(1, world.Server.CompletedCount);
        world.ExpectNothingLeft();
    }

    /// <summary>10 ms each way, 100 Mbit/s; whatever the loss, a little of everything else.</summary>
    public static SimLinkSettings BadLink(uint lossPercent) => new()
    {
        DelayMicros = 10_000,
        OctetsPerSecond = 12_500_000,
        QueueSize = 256 * 1024,
        Loss = Ratio.Percent(lossPercent),
        Duplication = new Ratio(1, 100),
        Reordering = new Ratio(2, 100),
        ReorderingMicros = 5_000,
        Corruption = new Ratio(1, 500),
    };
}
