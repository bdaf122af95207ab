using System.Globalization;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>What goes wrong between two hosts, in virtual time.</summary>
public sealed class ScenarioTests
{
    private const long SecondMicros = 1_000_000;
    private const long HourMicros = 3600 * SecondMicros;

    private static readonly SimLinkSettings GoodLink = new() { DelayMicros = 100, OctetsPerSecond = 125_000_000 };

    private static readonly SimLinkSettings DeadLink = new() { Loss = new Ratio(1, 1) };

    private static TcpSettings Settings
    {
        get
        {
            TcpSettings settings = TcpSettings.Default;
            settings.ConnectionCountMax = 64;
            settings.SynReceivedCountMax = 16;
            return settings;
        }
    }

    private static void Cut(TransferWorld world)
    {
        world.World.Network.Change(world.ClientHost.Port, world.ServerHost.Port, in DeadLink);
        world.World.Network.Change(world.ServerHost.Port, world.ClientHost.Port, in DeadLink);
    }

    [Fact]
    public void A_good_link_is_filled()
    {
        TcpSettings settings = Settings;
        var world = new TransferWorld(1, in GoodLink, 50_000_000, 0, in settings);
        _ = world.Connect();
        Assert.True(world.TryComplete(1, HourMicros) || world.Server.CompletedCount == 1);
        // 50 MB at 125 MB/s are 0.4 s; headers, handshake and slow start cost a little.
        Assert.InRange(world.World.Time.NowMicros, 400_000, 480_000);
        Assert.Equal(0, world.ClientHost.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void A_peer_that_dies_in_a_transfer_is_dropped_by_both_sides()
    {
        TcpSettings settings = Settings;
        var world = new TransferWorld(1, in GoodLink, 50_000_000, 50_000_000, in settings);
        _ = world.Connect();
        world.World.RunFor(SecondMicros / 10);
        Cut(world);
        Assert.True(world.TryComplete(1, 4 * settings.UserTimeoutMicros));
        Assert.Equal(CloseReason.TimedOut, world.Client.LastReason);
        Assert.Equal(CloseReason.TimedOut, world.Server.LastReason);
        world.ExpectNothingLeft();
    }

    [Fact]
    public void An_idle_peer_that_dies_is_found_by_keepalive()
    {
        TcpSettings settings = Settings;
        settings.KeepaliveIdleMicros = 60 * SecondMicros;
        var world = new IdleWorld(in settings);
        world.World.RunFor(SecondMicros);
        Assert.Equal(1, world.ServerHost.Tcp.Counters.Connections(TcpState.Established));
        world.World.RunFor(HourMicros);
        Assert.Equal(1, world.ServerHost.Tcp.Counters.Connections(TcpState.Established));
        Assert.True(world.ServerHost.Tcp.Counters.KeepaliveProbes > 10);
        world.World.Network.Change(world.ClientHost.Port, world.ServerHost.Port, in DeadLink);
        world.World.RunFor(HourMicros);
        Assert.Equal(0, world.ServerHost.Tcp.Counters.ConnectionCount);
    }

    [Fact]
    public void A_restarted_client_replaces_its_old_connection()
    {
        TcpSettings settings = Settings;
        var world = new IdleWorld(in settings);
        world.World.RunFor(SecondMicros);
        // The same port again, from a client that has forgotten everything.
        var reborn = new SimTcpHost<RecordingApplication>(
            world.World.Network, IdleWorld.ClientAddress, in settings, IdleWorld.NewPool(), new RecordingApplication(new Recording()), 99);
        SimLinkSettings link = GoodLink;
        world.World.Network.Connect(reborn.Port, world.ServerHost.Port, in link);
        world.World.Network.Change(world.ServerHost.Port, world.ClientHost.Port, in DeadLink);
        world.World.Add(reborn);
        Assert.True(reborn.Tcp.TryConnect(IdleWorld.ClientAddress, IdleWorld.ClientPort, IdleWorld.ServerAddress, 80,
            world.World.Time.NowMicros, out _));
        world.World.RunFor(10 * SecondMicros);
        Assert.Equal("accept, closed: Reset, accept", string.Join(", ", world.Server.Events));
        Assert.Equal(1, reborn.Tcp.Counters.Connections(TcpState.Established));
        Assert.Equal(1, world.ServerHost.Tcp.Counters.ConnectionCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_lost_window_update_does_not_stop_the_transfer(ulong seed)
    {
        TcpSettings settings = Settings;
        settings.ReceiveBufferSize = 8 * 1024;
        settings.UserTimeoutMicros = HourMicros;
        settings.FinWait2TimeoutMicros = HourMicros;
        // The reader leaves something behind at every second offer, so the window closes all the time; and acknowledgments
        // and window updates get lost.
        var world = new TransferWorld(seed, in GoodLink, 300_000, 0, in settings, reluctance: 128);
        SimLinkSettings lossy = GoodLink with { Loss = Ratio.Percent(20) };
        world.World.Network.Change(world.ServerHost.Port, world.ClientHost.Port, in lossy);
        _ = world.Connect();
        Assert.True(world.TryComplete(1, 10 * HourMicros), string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        Assert.Equal(1, world.Server.CompletedCount);
        Assert.Equal(0, world.Server.CorruptedCount);
        world.ExpectNothingLeft();
    }

    [Fact]
    public void Thousands_of_short_connections_leave_nothing_behind()
    {
        TcpSettings settings = Settings;
        settings.SynReceivedCountMax = 32;
        settings.TimeWaitMicros = SecondMicros;
        var world = new TransferWorld(7, in GoodLink, 100, 1000, in settings);
        const int Count = 5000;
        int opened = 0;
        while (opened < Count)
        {
            for (int i = 0; i < 20; i++)
            {
                _ = world.Connect();
                opened++;
            }
            Assert.True(world.TryComplete(opened, HourMicros));
        }
        Assert.Equal(Count, world.Server.CompletedCount);
        Assert.Equal(Count, world.Client.CompletedCount);
        Assert.Equal(Count, world.ServerHost.Tcp.Counters.ConnectionsOpened);
        world.ExpectNothingLeft();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Short_connections_survive_a_bad_link(ulong seed)
    {
        TcpSettings settings = Settings;
        settings.UserTimeoutMicros = HourMicros;
        settings.SynTimeoutMicros = HourMicros;
        settings.SynReceivedTimeoutMicros = HourMicros;
        settings.FinWait2TimeoutMicros = HourMicros;
        SimLinkSettings link = TransferTests.BadLink(20);
        var world = new TransferWorld(seed, in link, 3000, 3000, in settings);
        int opened = 0;
        for (int batch = 0; batch < 20; batch++)
        {
            for (int i = 0; i < 10; i++, opened++) _ = world.Connect();
            Assert.True(world.TryComplete(opened, 10 * HourMicros), string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        }
        Assert.Equal(opened, world.Client.CompletedCount);
        Assert.Equal(opened, world.Server.CompletedCount);
        world.ExpectNothingLeft();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Closing_at_once_survives_a_bad_link(ulong seed)
    {
        TcpSettings settings = Settings;
        settings.UserTimeoutMicros = HourMicros;
        settings.SynTimeoutMicros = HourMicros;
        settings.SynReceivedTimeoutMicros = HourMicros;
        // Both write their only bytes when the handshake is done and close: the FINs pass each other, or get lost.
        SimLinkSettings link = new() { DelayMicros = 10_000, Loss = Ratio.Percent(20) };
        var world = new TransferWorld(seed, in link, 10, 10, in settings);
        int closing = 0;
        for (int opened = 1; opened <= 30; opened++)
        {
            _ = world.Connect();
            Assert.True(
                world.World.TryRunUntil(
                    () =>
                    {
                        closing += world.ClientHost.Tcp.Counters.Connections(TcpState.Closing) +
                            world.ServerHost.Tcp.Counters.Connections(TcpState.Closing);
                        return world.Client.ClosedCount == opened && world.Server.ClosedCount == opened;
                    },
                    HourMicros),
                string.Create(CultureInfo.InvariantCulture, $"seed {seed} {world}"));
            Assert.Equal(opened, world.Client.CompletedCount);
            Assert.Equal(opened, world.Server.CompletedCount);
        }
        Assert.True(closing > 0);
        world.ExpectNothingLeft();
    }

    [Fact]
    public void A_flood_of_syns_takes_bounded_memory_and_lets_others_in()
    {
        TcpSettings settings = Settings;
        var world = new TransferWorld(3, in GoodLink, 10_000, 10_000, in settings);
        _ = world.Connect();
        TcpStack<TransferApplication> server = world.ServerHost.Tcp;
        for (uint i = 0; i < 100_000; i++)
        {
            byte[] syn = Segments.Syn(i).ToOctets((ushort)(1024 + i % 60_000), TransferWorld.ServerPort);
            IpAddress forged = IpAddress.FromV4(0x0B00_0000 + i);
            server.Arrives(forged, TransferWorld.ServerAddress, syn, isChecksumValid: true, world.World.Time.NowMicros);
            if (i % 10 == 0) _ = world.World.TryStep(world.World.Time.NowMicros + 100);
            Assert.True(server.Counters.ConnectionCount <= settings.SynReceivedCountMax + 2);
        }
        Assert.True(server.Counters.SynReceivedEvictions > 90_000);
        Assert.True(world.TryComplete(1, HourMicros));
        _ = world.Connect();
        Assert.True(world.TryComplete(2, HourMicros));
        Assert.Equal(2, world.Server.CompletedCount);
        world.ExpectNothingLeft();
    }

    [Fact]
    public void Blind_attackers_do_not_end_a_transfer()
    {
        TcpSettings settings = Settings;
        var world = new TransferWorld(4, in GoodLink, 3_000_000, 3_000_000, in settings);
        TcpConnection connection = world.Connect();
        world.World.RunFor(1000);
        uint guess = 0;
        while (world.Client.ClosedCount == 0)
        {
            Assert.True(world.World.TryStep(HourMicros), world.ToString());
            // He knows the sockets, and walks through all sequence numbers in steps of less than a window.
            for (int i = 0; i < 50; i++)
            {
                guess += 60_000;
                Seg forged = (guess / 60_000 % 3) switch
                {
                    0 => Segments.Rst(guess),
                    1 => Segments.Syn(guess),
                    _ => Segments.Text(guess, guess, "evil"),
                };
                byte[] octets = forged.ToOctets(connection.LocalPort, TransferWorld.ServerPort);
                world.ServerHost.Tcp.Arrives(TransferWorld.ClientAddress, TransferWorld.ServerAddress, octets,
                    isChecksumValid: true, world.World.Time.NowMicros);
            }
        }
        Assert.Equal(1, world.Client.CompletedCount);
        Assert.Equal(0, world.Server.CorruptedCount);
        Assert.True(world.ServerHost.Tcp.Counters.ChallengeAcks > 0);
        world.ExpectNothingLeft();
    }

    [Fact]
    public void A_small_chunk_pool_slows_down_but_loses_nothing()
    {
        TcpSettings settings = Settings;
        SimLinkSettings link = TransferTests.BadLink(1);
        var world = new TransferWorld(5, in link, 200_000, 200_000, in settings, reluctance: 16, chunkCount: 24);
        for (int i = 0; i < 4; i++) _ = world.Connect();
        Assert.True(world.TryComplete(4, HourMicros));
        Assert.Equal(4, world.Client.CompletedCount);
        Assert.Equal(4, world.Server.CompletedCount);
        Assert.True(world.ServerHost.Pool.ExhaustedCount > 0);
        world.ExpectNothingLeft();
    }
}
