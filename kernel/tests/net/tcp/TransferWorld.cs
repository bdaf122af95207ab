using System.Globalization;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>A client and a server joined by a wire, transferring patterns in both directions.</summary>
public sealed class TransferWorld
{
    public const ushort ServerPort = 11211;

    public static readonly IpAddress ClientAddress = IpAddress.FromV4(10, 0, 0, 1);
    public static readonly IpAddress ServerAddress = IpAddress.FromV4(10, 0, 0, 2);

    public TransferWorld(
        ulong seed,
        in SimLinkSettings link,
        long toServer,
        long toClient,
        in TcpSettings settings,
        uint reluctance = 0,
        int chunkCount = 2048)
    {
        World = new SimWorld(seed, SimTcpPacket.PrefixSize);
        var up = new Pattern(seed);
        var down = new Pattern(seed + 1);
        int connections = settings.ConnectionCountMax;
        Client = new Transfer(connections, toServer, up, toClient, down) { Reluctance = reluctance };
        Server = new Transfer(connections, toClient, down, toServer, up) { Reluctance = reluctance };
        ClientHost = NewHost(ClientAddress, in settings, Client, seed, chunkCount);
        ServerHost = NewHost(ServerAddress, in settings, Server, seed + 1, chunkCount);
        World.Network.Connect(ClientHost.Port, ServerHost.Port, in link);
        Assert.True(ServerHost.Tcp.TryListen(ServerPort));
    }

    public SimWorld World { get; }

    public Transfer Client { get; }

    public Transfer Server { get; }

    public SimTcpHost<TransferApplication> ClientHost { get; }

    public SimTcpHost<TransferApplication> ServerHost { get; }

    public TcpConnection Connect()
    {
        Assert.True(ClientHost.Tcp.TryConnect(
            ClientAddress, 0, ServerAddress, ServerPort, World.Time.NowMicros, out TcpConnection? connection));
        return connection;
    }

    /// <summary>Runs until both sides of so many connections have completed their transfers.</summary>
    public bool TryComplete(int connectionCount, long limitMicros) =>
        World.TryRunUntil(
            () => Client.ClosedCount >= connectionCount && Server.ClosedCount >= connectionCount, limitMicros);

    /// <summary>Every chunk is back, and no connection is left once TIME-WAIT is over.</summary>
    public void ExpectNothingLeft()
    {
        World.RunFor(300_000_000);
        Assert.Equal(ClientHost.Pool.Count, ClientHost.Pool.FreeCount);
        Assert.Equal(ServerHost.Pool.Count, ServerHost.Pool.FreeCount);
        Assert.Equal(0, ClientHost.Tcp.Counters.ConnectionCount);
        Assert.Equal(0, ServerHost.Tcp.Counters.ConnectionCount);
        Assert.Equal(long.MaxValue, ClientHost.Tcp.NextTimerMicros);
        Assert.Equal(long.MaxValue, ServerHost.Tcp.NextTimerMicros);
    }

    /// <summary>What a failed assertion should print.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"at {World.Time.NowMicros} us: client closed {Client.ClosedCount} ({Client.LastReason}), completed {Client.CompletedCount}; ") +
        string.Create(CultureInfo.InvariantCulture,
        $"server accepted {Server.AcceptedCount}, closed {Server.ClosedCount} ({Server.LastReason}), completed {Server.CompletedCount}");

    private SimTcpHost<TransferApplication> NewHost(
        IpAddress address, in TcpSettings settings, Transfer transfer, ulong seed, int chunkCount)
    {
        var pool = new ChunkPool(HostMemory.Allocate((long)chunkCount * 2048), 2048);
        var host = new SimTcpHost<TransferApplication>(
            World.Network, address, in settings, pool, new TransferApplication(transfer), seed);
        World.Add(host);
        return host;
    }
}
