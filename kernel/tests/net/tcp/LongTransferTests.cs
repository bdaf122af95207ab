using System.Globalization;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Sim;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>
/// 100 MB for every seed at every loss rate: <c>dotnet test -c Release --filter Category=Long</c> prints the table.
/// </summary>
[Trait("Category", "Long")]
public sealed class LongTransferTests
{
    private const long HourMicros = 3_600_000_000;
    private const long Size = 100_000_000;

    private readonly ITestOutputHelper _log;

    public LongTransferTests(ITestOutputHelper log) => _log = log;

    [Theory]
    [CombinatorialLoss(SeedCount = 3)]
    public void A_hundred_megabytes_arrive(uint lossPercent, ulong seed)
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 4;
        settings.SynReceivedCountMax = 4;
        // With one segment in five lost each way, silences get longer than a server would wait.
        settings.UserTimeoutMicros = 1000 * HourMicros;
        settings.FinWait2TimeoutMicros = 1000 * HourMicros;
        SimLinkSettings link = TransferTests.BadLink(lossPercent);
        var world = new TransferWorld(seed, in link, Size, 0, in settings);
        _ = world.Connect();
        bool isComplete = world.TryComplete(1, 10_000 * HourMicros);
        TcpCounters counters = world.ClientHost.Tcp.Counters;
        double seconds = world.World.Time.NowMicros / 1e6;
        _log.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{lossPercent,2} % loss, seed {seed}: {seconds,10:F1} s, {Size / seconds / 1e6,8:F3} MB/s of virtual time; ") +
            string.Create(CultureInfo.InvariantCulture,
            $"{counters.SegmentsOut} segments, {counters.Retransmissions} again, {counters.RetransmissionTimeouts} timeouts"));
        Assert.True(isComplete, string.Create(CultureInfo.InvariantCulture, $"{lossPercent} % loss, seed {seed}"));
        Assert.Equal(0, world.Server.CorruptedCount);
        Assert.Equal(1, world.Client.CompletedCount);
        Assert.Equal(1, world.Server.CompletedCount);
        world.ExpectNothingLeft();
    }
}
