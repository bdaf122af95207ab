using System;
using System.Collections.Generic;
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
    private const int ConnectionCountMax = 4;

    private static readonly IpAddress s_clientAddress = IpAddress.FromV4(10, 0, 0, 1);
    private static readonly IpAddress s_serverAddress = IpAddress.FromV4(10, 0, 0, 2);

    private readonly Region _clientMemory = TestMemory.Rent(ChunkCount * ChunkSize);
    private readonly SimWorld _world = new(seed: 1, SimTcpPacket.PrefixSize);
    private readonly SimTcpHost<TextClient> _client;
    private readonly SimTcpHost<MemcachedApplication> _host;

    public ServerWorld(ServerSettings? serverSettings = null, int connectionCountMax = ConnectionCountMax)
    {
        Server = new TestServer(memoryLength: 16 << 20, segmentSize: 1 << 20, ChunkCount, ChunkSize);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = MemcachedServer.SlotCountFor(connectionCountMax);
        settings.SynReceivedCountMax = 16;
        var server = new MemcachedServer(connectionCountMax, Server.Statistics);
        server.Open(Server.Store, Server.Chunks, serverSettings ?? new ServerSettings(MemcachedServer.Port));
        Memcached = server;
        var chunks = new ChunkPool(_clientMemory, ChunkSize);
        TcpSettings clientSettings = settings;
        clientSettings.ConnectionCountMax = 256;
        _client = new SimTcpHost<TextClient>(
            _world.Network, s_clientAddress, in clientSettings, chunks, new TextClient(Heard), seed: 2);
        _host = new SimTcpHost<MemcachedApplication>(
            _world.Network, s_serverAddress, in settings, Server.Chunks, new MemcachedApplication(server), seed: 3);
        _world.Add(_client);
        _world.Add(_host);
        var link = new SimLinkSettings { DelayMicros = 100 };
        _world.Network.Connect(_client.Port, _host.Port, in link);
        Assert.True(_host.Tcp.TryListen(MemcachedServer.Port));
    }

    public TestServer Server { get; }

    public MemcachedServer Memcached { get; }

    public TcpCounters Counters => _host.Tcp.Counters;

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

    /// <summary>What a connection of the client has heard, and hears no more.</summary>
    public string Take(TcpConnection connection)
    {
        if (!Heard.OctetsOf.Remove(connection.Index, out List<byte>? octets)) return "";
        return TestServer.Text(octets.ToArray());
    }

    public string Ask(TcpConnection connection, string text)
    {
        Say(connection, text);
        RunFor(10_000);
        return Take(connection);
    }

    public void RunFor(long micros) => _world.RunFor(micros);

    /// <summary>The same with a reactor's ticks, a tenth of a second apart.</summary>
    public void RunTicksFor(int seconds)
    {
        for (int tick = 0; tick < 10 * seconds; tick++)
        {
            RunFor(100_000);
            long now = _world.Time.NowMicros;
            long unixSeconds = TestServer.UnixStart + (now / 1_000_000);
            Server.Store.Tick(now, unixSeconds);
            Memcached.SetEventTime(now, unixSeconds);
            Memcached.CloseIdle();
            while (Memcached.TellWatchers()) { }
        }
        RunFor(10_000);
    }

    public bool TryRunUntil(Func<bool> isDone, long limitMicros) => _world.TryRunUntil(isDone, limitMicros);

    public void Dispose()
    {
        Server.Dispose();
        TestMemory.Return(_clientMemory);
    }
}
