using System;
using Memcachier.Appliance.Tests.Server;
using Memcachier.Composition;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>A <see cref="MemcachedServer"/> behind a TCP, and a client's TCP at the other end of the wire.</summary>
internal sealed class ServerWorld : IDisposable
{
    private const int ChunkSize = 2048;
    private const int ChunkCount = 2048;

    private static readonly IpAddress s_clientAddress = IpAddress.FromV4(10, 0, 0, 1);
    private static readonly IpAddress s_serverAddress = IpAddress.FromV4(10, 0, 0, 2);

    private readonly Region _clientMemory = TestMemory.Rent(ChunkCount * ChunkSize);
    private readonly SimWorld _world = new(seed: 1, SimTcpPacket.PrefixSize);
    private readonly SimTcpHost<TextClient> _client;
    private readonly SimTcpHost<MemcachedApplication> _host;

    public ServerWorld()
    {
        Server = new TestServer(memoryLength: 16 << 20, segmentSize: 1 << 20, ChunkCount, ChunkSize);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = 4;
        settings.SynReceivedCountMax = 4;
        var server = new MemcachedServer(settings.ConnectionCountMax, Server.Statistics);
        var report = new ServerSettings(MemcachedServer.Port);
        server.Open(Server.Store, Server.Chunks, in report);
        var chunks = new ChunkPool(_clientMemory, ChunkSize);
        _client = new SimTcpHost<TextClient>(
            _world.Network, s_clientAddress, in settings, chunks, new TextClient(Heard), seed: 2);
        _host = new SimTcpHost<MemcachedApplication>(
            _world.Network, s_serverAddress, in settings, Server.Chunks, new MemcachedApplication(server), seed: 3);
        _world.Add(_client);
        _world.Add(_host);
        var link = new SimLinkSettings { DelayMicros = 100 };
        _world.Network.Connect(_client.Port, _host.Port, in link);
        Assert.True(_host.Tcp.TryListen(MemcachedServer.Port));
    }

    public TestServer Server { get; }

    public Heard Heard { get; } = new();

    public TcpConnection Connect()
    {
        Assert.True(_client.Tcp.TryConnect(
            s_clientAddress, 0, s_serverAddress, MemcachedServer.Port, _world.Time.NowMicros,
            out TcpConnection? connection));
        RunFor(10_000);
        return connection;
    }

    public void Say(TcpConnection connection, string text)
    {
        Assert.True(connection.Output.TryAppend(TestServer.Bytes(text)));
        connection.Flush();
    }

    public void RunFor(long micros) => _world.RunFor(micros);

    public bool TryRunUntil(Func<bool> isDone, long limitMicros) => _world.TryRunUntil(isDone, limitMicros);

    public void Dispose()
    {
        Server.Dispose();
        TestMemory.Return(_clientMemory);
    }
}
