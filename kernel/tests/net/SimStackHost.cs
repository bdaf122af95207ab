using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net;

/// <summary>A whole stack on a simulated card, with a <see cref="Transfer"/> on top.</summary>
internal sealed class SimStackHost : ISimHost
{
    public SimStackHost(
        SimWorld world, byte number, NetSettings settings, Transfer transfer, bool canOffloadChecksum = false, int mtu = 1500)
    {
        Port = world.Network.AddPort();
        MacAddress macAddress = MacAddress.Read([2, 0, 0, 0, 0, number]);
        var device = new SimDevice(world.Network, Port, macAddress, 64, canOffloadChecksum, mtu);
        TcpSettings tcpSettings = TcpSettings.Default;
        tcpSettings.ConnectionCountMax = 64;
        tcpSettings.SynReceivedCountMax = 64;
        tcpSettings.Mtu = mtu;
        // A wire that loses a fifth of everything is silent for minutes now and then; giving up is another test's matter.
        tcpSettings.UserTimeoutMicros = tcpSettings.FinWait2TimeoutMicros = 3_600_000_000;
        tcpSettings.SynTimeoutMicros = tcpSettings.SynReceivedTimeoutMicros = 3_600_000_000;
        Pool = new ChunkPool(HostMemory.Allocate(2048 * 2048), 2048);
        byte[] secret = new byte[TcpStack<TransferApplication>.SecretSize];
        new SimEntropy(number).Fill(secret);
        var tcp = new TcpStack<TransferApplication>(in tcpSettings, Pool, new TransferApplication(transfer), secret);
        Stack = new NetStack<SimClock, SimDevice, TransferApplication, NoUdpApplication>(
            new SimClock(world.Time), device, tcp, default, settings, number);
        Time = world.Time;
        world.Add(this);
    }

    public int Port { get; }

    public ChunkPool Pool { get; }

    public NetStack<SimClock, SimDevice, TransferApplication, NoUdpApplication> Stack { get; }

    public long NextTimerMicros => Stack.NextTimerMicros;

    private SimTime Time { get; }

    public void Run(long nowMicros)
    {
        while (Stack.Poll())
        {
        }
    }

    public void Connect(IpAddress remote, ushort port) =>
        Assert.True(Stack.Tcp.TryConnect(Stack.Interface.Address, 0, remote, port, Time.NowMicros, out _));
}
