using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Composition;

/// <summary>
/// A machine full of clients: a whole stack on a simulated card, with a conversation on every connection.
/// </summary>
internal sealed class ClientHost : ISimHost
{
    private const int ConnectionCountMax = 512;

    private readonly Conversation?[] _conversations = new Conversation?[ConnectionCountMax];
    private readonly Region _chunkMemory = TestMemory.Rent(8 << 20);
    private readonly SimTime _time;

    public ClientHost(SimWorld world, byte number)
    {
        _time = world.Time;
        Port = world.Network.AddPort();
        var device = new SimDevice(
            world.Network, Port, MacAddress.Read([2, 0, 0, 0, 0, number]), transmitBufferCount: 256);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = ConnectionCountMax;
        settings.SynReceivedCountMax = ConnectionCountMax;
        settings.TimeWaitMicros = 1_000_000;
        settings.FinWait2TimeoutMicros = 3_600_000_000;
        Pool = new ChunkPool(_chunkMemory, 2048);
        // A wire that loses a fifth of everything is silent for minutes now and then; this test does not give up.
        settings.UserTimeoutMicros = settings.SynTimeoutMicros = settings.SynReceivedTimeoutMicros = 3_600_000_000;
        byte[] secret = new byte[TcpStack<ClientApplication>.SecretSize];
        new SimEntropy(number).Fill(secret);
        var tcp = new TcpStack<ClientApplication>(in settings, Pool, new ClientApplication(this), secret);
        NetSettings address = NetSettings.Static(IpAddress.FromV4(10, 0, 0, number), 24, IpAddress.FromV4(0));
        Stack = new NetStack<SimClock, SimDevice, ClientApplication, NoUdpApplication>(
            new SimClock(world.Time), device, tcp, default, address, number);
        world.Add(this);
    }

    public int Port { get; }

    public ChunkPool Pool { get; }

    public NetStack<SimClock, SimDevice, ClientApplication, NoUdpApplication> Stack { get; }

    public long NextTimerMicros => Stack.NextTimerMicros;

    public void Run(long nowMicros)
    {
        while (Stack.Poll())
        {
        }
    }

    public void Start(Conversation conversation)
    {
        IpAddress server = SimAppliance.Address;
        bool isOpening = Stack.Tcp.TryConnect(
            Stack.Interface.Address, 0, server, 11211, _time.NowMicros, out TcpConnection? connection);
        Assert.True(isOpening);
        _conversations[connection!.Index] = conversation;
        conversation.Connection = connection;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => TestMemory.Return(_chunkMemory);

    private Conversation On(TcpConnection connection) => _conversations[connection.Index]!;

    /// <summary>The host's conversations as TCP's application.</summary>
    public readonly struct ClientApplication(ClientHost host) : ITcpApplication
    {
        public bool Accept(TcpConnection connection)
        {
            host.On(connection).Send(host._time.NowMicros);
            return true;
        }

        public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets) =>
            host.On(connection).Hear(octets, host._time.NowMicros);

        public void Writable(TcpConnection connection) => host.On(connection).Send(host._time.NowMicros);

        public void PeerClosed(TcpConnection connection) => host.On(connection).PeerClosed();

        public void Closed(TcpConnection connection, CloseReason reason) => host.On(connection).Closed(reason);
    }
}
