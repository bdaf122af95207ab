using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>A client that has connected to a server, and says nothing.</summary>
public sealed class IdleWorld
{
    public const ushort ClientPort = 40_000;

    public static readonly IpAddress ClientAddress = IpAddress.FromV4(10, 0, 0, 1);
    public static readonly IpAddress ServerAddress = IpAddress.FromV4(10, 0, 0, 2);

    public IdleWorld(in TcpSettings settings)
    {
        ClientHost = new SimTcpHost<RecordingApplication>(
            World.Network, ClientAddress, in settings, NewPool(), new RecordingApplication(new Recording()), 1);
        ServerHost = new SimTcpHost<RecordingApplication>(
            World.Network, ServerAddress, in settings, NewPool(), new RecordingApplication(Server), 2);
        World.Add(ClientHost);
        World.Add(ServerHost);
        World.Network.Connect(ClientHost.Port, ServerHost.Port, new SimLinkSettings { DelayMicros = 100 });
        Assert.True(ServerHost.Tcp.TryListen(80));
        Assert.True(ClientHost.Tcp.TryConnect(ClientAddress, ClientPort, ServerAddress, 80, 0, out _));
    }

    public SimWorld World { get; } = new(1, SimTcpPacket.PrefixSize);

    public Recording Server { get; } = new();

    public SimTcpHost<RecordingApplication> ClientHost { get; }

    public SimTcpHost<RecordingApplication> ServerHost { get; }

    public static ChunkPool NewPool() => new(HostMemory.Allocate(64 * 2048), 2048);
}
