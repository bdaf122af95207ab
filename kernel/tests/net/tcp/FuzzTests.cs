using System;
using System.Globalization;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>
/// Somebody who sees every segment but cannot change any, and injects random and mutated ones: the transfer goes on and
/// every byte is right, unless he hits the numbers that he can see, which these mutations avoid.
/// </summary>
public sealed class FuzzTests
{
    private const long HourMicros = 3_600_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_transfer_survives_random_segments(ulong seed)
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 32;
        settings.SynReceivedCountMax = 16;
        settings.UseTimestamps = seed % 2 == 0;
        SimLinkSettings link = TransferTests.BadLink(1);
        var world = new TransferWorld(seed, in link, 400_000, 400_000, in settings);
        TcpConnection connection = world.Connect();
        ushort clientPort = connection.LocalPort;
        // Not before the handshake: who answers a SYN with a SYN of his own is a peer like any other.
        Assert.True(world.World.TryRunUntil(() => world.Server.AcceptedCount == 1, HourMicros));
        var random = new Prng(seed + 1000);
        byte[] octets = new byte[1500];
        long injected = 0;
        while (world.Client.ClosedCount == 0 || world.Server.CompletedCount == 0)
        {
            Assert.True(world.World.TryStep(HourMicros), string.Create(CultureInfo.InvariantCulture, $"seed {seed} {world}"));
            Assert.True(world.World.Time.NowMicros < HourMicros);
            for (uint count = random.Below(16); count > 0; count--, injected++)
            {
                bool toServer = random.Chance(1, 2);
                int length = Forge(ref random, octets, toServer, clientPort);
                IpAddress source = toServer ? TransferWorld.ClientAddress : TransferWorld.ServerAddress;
                IpAddress destination = toServer ? TransferWorld.ServerAddress : TransferWorld.ClientAddress;
                TcpStack<TransferApplication> tcp = toServer ? world.ServerHost.Tcp : world.ClientHost.Tcp;
                tcp.Arrives(
                    source, destination, octets.AsSpan(0, length), isChecksumValid: true, world.World.Time.NowMicros);
            }
        }
        Assert.True(injected > 2000);
        Assert.Equal(0, world.Client.CorruptedCount);
        Assert.Equal(0, world.Server.CorruptedCount);
        Assert.Equal(1, world.Client.CompletedCount);
        world.ExpectNothingLeft();
    }

    /// <summary>Random bytes, or a proper header of the connection with random numbers, flags, options and length.</summary>
    private static int Forge(ref Prng random, byte[] octets, bool toServer, ushort clientPort)
    {
        random.Fill(octets);
        int length = (int)random.Below(200);
        if (random.Chance(1, 4)) return length;
        int size = 20 + 4 * (int)random.Below(11);
        TcpHeader header = TcpHeader.Begin(octets, size);
        bool isOtherPort = random.Chance(1, 8);
        header.SourcePort = toServer ? clientPort : TransferWorld.ServerPort;
        header.DestinationPort = toServer ? TransferWorld.ServerPort : clientPort;
        if (isOtherPort && toServer) header.SourcePort = (ushort)random.Next();
        header.Seq = new SeqNumber((uint)random.Next());
        header.Ack = new SeqNumber((uint)random.Next());
        header.Flags = (TcpFlags)random.Next();
        header.Window = (ushort)random.Next();
        random.Fill(header.Options);
        if (random.Chance(1, 2)) header.Options.Clear();
        // Sometimes cut inside of the header.
        return random.Chance(1, 16) ? (int)random.Below((uint)size) : size + length;
    }

    [Fact]
    public void Random_octets_do_no_harm_to_a_listener()
    {
        Tcb tcb = Tcbs.Listening();
        var random = new Prng(99);
        byte[] octets = new byte[256];
        byte[] room = new byte[1480];
        for (int i = 0; i < 200_000; i++)
        {
            int length = (int)random.Below(80);
            random.Fill(octets.AsSpan(0, length));
            if (length >= 14)
            {
                octets[2] = Tcb.LocalPort >> 8;
                octets[3] = unchecked((byte)Tcb.LocalPort);
                if (random.Chance(3, 4)) octets[12] = 0x50;
            }
            long now = 5_000_000 + i * 100L;
            tcb.Tcp.Arrives(Tcb.Remote, Tcb.Local, octets.AsSpan(0, length), isChecksumValid: true, now);
            if (i % 3 == 0)
            {
                while (tcb.Tcp.TryEmit(room, now, out _))
                {
                }
            }
            if (tcb.Tcp.NextTimerMicros <= now) tcb.Tcp.AdvanceTimers(now);
        }
        Assert.True(tcb.Counters.SynReceivedEvictions > 1000);
        while (tcb.TryRunNextTimer())
        {
        }
        while (tcb.Tcp.TryEmit(room, tcb.Now, out _))
        {
        }
        tcb.HoldsNothing();
    }
}
