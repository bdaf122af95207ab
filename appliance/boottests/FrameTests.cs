using System;
using System.IO;
using System.Threading.Tasks;
using Memcachier.BootTests.Frames;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Raw frames at the card: what is malformed in any layer is dropped, and ARP, ping and TCP go on.</summary>
public sealed class FrameTests
{
    private const int Seed = 20260;
    private const int BatchCount = 40;
    private const int FramesPerBatch = 500;
    private const int FloodCount = 3000;
    private const int MemoryMiB = 64;
    private const ushort LivePort = 40_000;

    private readonly ITestOutputHelper _output;

    public FrameTests(ITestOutputHelper output) => _output = output;

    [Theory, OnTcg, OnKvm]
    public async Task Malformed_frames_change_nothing_for_others(Accelerator accelerator, MachineType machine)
    {
        TimeSpan bound = Bound(accelerator);
        (Guest guest, RawPeer peer) = await StartAsync(accelerator, machine);
        await using Guest _ = guest;
        using RawPeer __ = peer;
        using var lease = new GuestLease(guest, _output);
        RawConnection live = await RawConnection.OpenAsync(peer, LivePort, 1000, bound);
        var fuzzer = new FrameFuzzer(peer, Seed);
        for (int batch = 0; batch < BatchCount; batch++)
        {
            for (int i = 0; i < FramesPerBatch; i++)
                peer.Send(fuzzer.Next(live));
            Assert.False(guest.HasEnded, $"the guest ended in batch {batch} of seed {Seed}");
            await peer.ResolveAsync(bound);
            await peer.PingAsync((ushort)batch, bound);
            Assert.StartsWith("VERSION ", await live.AskAsync("version\r\n", bound));
            await OpensAndAnswersAsync(peer, (ushort)(LivePort + 1 + batch), bound);
        }
        Assert.Equal(0, peer.BadChecksumCount);
    }

    [Theory, OnTcg, OnKvm]
    public async Task A_flood_of_half_open_connections_passes(Accelerator accelerator, MachineType machine)
    {
        TimeSpan bound = Bound(accelerator);
        (Guest guest, RawPeer peer) = await StartAsync(accelerator, machine);
        await using Guest _ = guest;
        using RawPeer __ = peer;
        using var lease = new GuestLease(guest, _output);
        RawConnection live = await RawConnection.OpenAsync(peer, LivePort, 1000, bound);
        for (int i = 0; i < FloodCount; i++)
        {
            byte[] syn = Packet.Tcp(
                peer.Address, peer.GuestAddress, (ushort)(1024 + i), RawConnection.MemcachedPort, (uint)i, 0,
                TcpFlags.Syn, 1000, [], []);
            peer.SendIpv4(Packet.ProtocolTcp, syn);
            if (i % 500 == 0)
                Assert.StartsWith("VERSION ", await live.AskAsync("version\r\n", bound));
        }
        Assert.StartsWith("VERSION ", await live.AskAsync("version\r\n", bound));
        await OpensAndAnswersAsync(peer, LivePort + 1, bound);
    }

    /// <summary>On a link of its own with a fixed address, as there is no DHCP server.</summary>
    private async Task<(Guest Guest, RawPeer Peer)> StartAsync(Accelerator accelerator, MachineType machine)
    {
        RawPeer? peer = null;
        Guest guest = await Guest.StartAsync(
            accelerator, machine, MemoryMiB,
            directory =>
            {
                string guestSocket = Path.Combine(directory.FullName, "guest");
                string peerSocket = Path.Combine(directory.FullName, "peer");
                peer = new RawPeer(peerSocket, guestSocket);
                return new NetworkBackend.Frames(guestSocket, peerSocket);
            },
            "ip=10.0.2.15/24,gw=10.0.2.2");
        await guest.WaitForConsoleAsync(console => GuestConsole.ReadyMicros(console) != null);
        _output.WriteLine(guest.Console);
        await peer!.ResolveAsync(Bound(accelerator));
        return (guest, peer);
    }

    private static async Task OpensAndAnswersAsync(RawPeer peer, ushort port, TimeSpan bound)
    {
        RawConnection connection = await RawConnection.OpenAsync(peer, port, (uint)port * 1000, bound);
        Assert.StartsWith("VERSION ", await connection.AskAsync("version\r\n", bound));
        connection.Reset();
    }

    private static TimeSpan Bound(Accelerator accelerator) => TimeSpan.FromSeconds(5 * Guest.Patience(accelerator));
}
