using System;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>All memory is allocated by the constructor, and little of it per connection.</summary>
public sealed class AllocationTests
{
    private readonly struct Echo : ITcpApplication
    {
        public bool Accept(TcpConnection connection) => true;

        public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) => connection.Output.Append(octets);

        public void Writable(TcpConnection connection)
        {
        }

        public void PeerClosed(TcpConnection connection) => connection.Close();

        public void Closed(TcpConnection connection, CloseReason reason)
        {
        }
    }

    [Fact]
    public void A_connection_takes_less_than_a_kibibyte()
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 2000;
        var pool = new ChunkPool(HostMemory.Allocate(64 * 2048), 2048);
        byte[] secret = new byte[TcpStack<Echo>.SecretSize];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var tcp = new TcpStack<Echo>(in settings, pool, default, secret);
        long perConnection = (GC.GetAllocatedBytesForCurrentThread() - before) / settings.ConnectionCountMax;
        Assert.InRange(perConnection, 1, 1023);
        Assert.Equal(0, tcp.Counters.ConnectionCount);
    }

    [Fact]
    public void Nothing_is_allocated_after_construction()
    {
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 16;
        settings.SynReceivedCountMax = 8;
        settings.TimeWaitMicros = 10_000;
        var serverPool = new ChunkPool(HostMemory.Allocate(256 * 2048), 2048);
        var clientPool = new ChunkPool(HostMemory.Allocate(256 * 2048), 2048);
        byte[] secret = new byte[TcpStack<Echo>.SecretSize];
        var server = new TcpStack<Echo>(in settings, serverPool, default, secret);
        var client = new TcpStack<Echo>(in settings, clientPool, default, secret);
        Assert.True(server.TryListen(7));
        byte[] room = new byte[1480];
        long now = 1_000_000;

        int runs = 0;
        Assert.Equal(0, Allocation.Of(() =>
        {
            Exchange(client, server, room, ref now, rounds: 2_000);
            runs++;
        }));
        Assert.Equal(2_000 * runs, server.Counters.ConnectionsOpened);
        Assert.Equal(serverPool.Count, serverPool.FreeCount);
    }

    /// <summary>Opens a connection, bounces bytes until they were lost once, and closes it.</summary>
    private static void Exchange(
        TcpStack<Echo> client, TcpStack<Echo> server, byte[] room, ref long now, int rounds)
    {
        IpAddress clientAddress = IpAddress.FromV4(10, 0, 0, 1);
        IpAddress serverAddress = IpAddress.FromV4(10, 0, 0, 2);
        for (int round = 0; round < rounds; round++)
        {
            if (!client.TryConnect(clientAddress, 0, serverAddress, 7, now, out TcpConnection? connection)) return;
            _ = connection.Output.Append("hello"u8);
            for (int step = 0; step < 6; step++)
            {
                bool isLost = step == 3;
                while (client.TryEmit(room, now, out TcpOutput output))
                {
                    if (isLost) continue;
                    server.Arrives(output.Source, output.Destination, room.AsSpan(0, output.Length), true, now);
                }
                while (server.TryEmit(room, now, out TcpOutput output))
                    client.Arrives(output.Source, output.Destination, room.AsSpan(0, output.Length), true, now);
                now += 1_000;
                client.AdvanceTimers(now);
                server.AdvanceTimers(now);
            }
            connection.Close();
            server.AdvanceTimers(now);
            for (int step = 0; step < 40 && client.Counters.ConnectionCount + server.Counters.ConnectionCount > 0; step++)
            {
                while (client.TryEmit(room, now, out TcpOutput output))
                    server.Arrives(output.Source, output.Destination, room.AsSpan(0, output.Length), true, now);
                while (server.TryEmit(room, now, out TcpOutput output))
                    client.Arrives(output.Source, output.Destination, room.AsSpan(0, output.Length), true, now);
                now += 20_000;
                client.AdvanceTimers(now);
                server.AdvanceTimers(now);
            }
        }
    }
}
