using System;
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
    [CombinatorialLoss(SeedCount = 5)]
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

    [Fact]
    public void Text_may_stand_at_our_initial_sequence_number_after_four_gigabytes()
    {
        TcpSettings settings = TcpSettings.Default with { Mtu = 65_535, UseTimestamps = false };
        var tcb = new Tcb(settings, 1);
        tcb.Arrives(Segments.Syn(1999) with { Mss = 65_000, WindowScale = 4 });
        tcb.SendsExactly(Segments.SynAck(0, 2000));
        tcb.Arrives(Segments.Ack(2000, 1));
        byte[] octets = new byte[60_000];
        uint una = 1;
        while (una != 0)
        {
            int length = (int)Math.Min(octets.Length, 0 - una);
            Assert.Equal(length, tcb.Connection.Output.Append(octets.AsSpan(0, length)));
            tcb.Connection.Flush();
            tcb.Drain();
            una += (uint)length;
            tcb.Arrives(Segments.Ack(2000, una));
        }
        tcb.Write("hello");
        tcb.SendsExactly(Segments.Text(0, 2000, "hello"));
    }
}
