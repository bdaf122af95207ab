using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Appliance.Tests.Metadata;

/// <summary>A metadata service behind a router: a whole stack that answers each request as a test says.</summary>
internal sealed class FakeService : ISimHost
{
    public const string Silence = "?";

    private readonly Dictionary<int, StringBuilder> _heard = [];
    private readonly Region _memory = TestMemory.Rent(1 << 20);

    public FakeService(SimWorld world, IpAddress router)
    {
        Port = world.Network.AddPort();
        var device = new SimDevice(world.Network, Port, MacAddress.Read([2, 0, 0, 0, 0, 9]), 64);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = settings.SynReceivedCountMax = 16;
        byte[] secret = new byte[TcpStack<Application>.SecretSize];
        new SimEntropy(9).Fill(secret);
        var tcp = new TcpStack<Application>(in settings, new ChunkPool(_memory, 2048), new Application(this), secret);
        NetSettings address = NetSettings.Static(IpAddress.FromV4(169, 254, 169, 254), 32, router);
        Stack = new NetStack<SimClock, SimDevice, Application, NoUdpApplication>(
            new SimClock(world.Time), device, tcp, default, address, seed: 9);
        world.Add(this);
    }

    public int Port { get; }

    /// <summary>From a request to what is answered; whoever hears <see cref="Silence"/> waits for ever.</summary>
    public Func<string, string> Answers { get; set; } = _ => Silence;

    public List<string> Requests { get; } = [];

    public NetStack<SimClock, SimDevice, Application, NoUdpApplication> Stack { get; }

    public long NextTimerMicros => Stack.NextTimerMicros;

    public void Listen() => Assert.True(Stack.Tcp.TryListen(80));

    public void Run(long nowMicros)
    {
        while (Stack.Poll())
        {
        }
    }

    public void Dispose() => TestMemory.Return(_memory);

    private void Hear(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        if (!_heard.TryGetValue(connection.Index, out StringBuilder? heard)) _heard[connection.Index] = heard = new();
        _ = heard.Append(Encoding.Latin1.GetString(octets));
        string request = heard.ToString();
        if (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal)) return;
        Requests.Add(request);
        string answer = Answers(request);
        if (answer == Silence) return;
        Assert.True(connection.Output.TryAppend(Encoding.Latin1.GetBytes(answer)));
        connection.Close();
    }

    public readonly struct Application(FakeService service) : ITcpApplication
    {
        public bool Accept(TcpConnection connection) => true;

        public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
        {
            service.Hear(connection, octets);
            return octets.Length;
        }

        public void Writable(TcpConnection connection)
        {
        }

        public void PeerClosed(TcpConnection connection) => connection.Close();

        public void Closed(TcpConnection connection, CloseReason reason) => service._heard.Remove(connection.Index);
    }
}
