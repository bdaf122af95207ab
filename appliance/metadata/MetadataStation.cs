using System;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Metadata;

/// <summary>
/// A network stack that does nothing but ask a metadata service, before the machine is what the answer makes of it.
/// Whoever drives it calls <see cref="Round"/> until <see cref="IsOver"/>, and then forgets it.
/// </summary>
public sealed class MetadataStation<TClock, TDevice, TIdle>
    where TClock : struct, IClock
    where TDevice : struct, INetDevice
    where TIdle : struct, IIdle
{
    /// <summary>Bytes of the connections' buffers: more than all of them can hold at once.</summary>
    public const int ChunkBytes = 64 * 1024;

    private const int ChunkSize = 2048;
    private const int ConnectionCount = 8;
    private const int BufferSize = 16 * 1024;
    private const ushort HttpPort = 80;
    private const long FarewellMicros = 20_000;
    private const long HaltMicrosMax = 100_000;

    private readonly TClock _clock;
    private readonly TDevice _device;
    private readonly TIdle _idle;
    private readonly NetStack<TClock, TDevice, MetadataApplication, NoUdpApplication> _net;
    private readonly MetadataConnection _connection;
    private long _overMicros;

    /// <param name="clock">The time.</param>
    /// <param name="device">The interface's device, this stack's until it is over.</param>
    /// <param name="idle">How to wait.</param>
    /// <param name="client">What is asked.</param>
    /// <param name="memory"><see cref="ChunkBytes"/> bytes.</param>
    /// <param name="address">How we get our address.</param>
    /// <param name="dhcp">If that is by DHCP: who asks. It keeps the lease when this stack is gone.</param>
    /// <param name="secret">At least <see cref="TcpStack{TApplication}.SecretSize"/> random bytes.</param>
    /// <param name="seed">Random.</param>
    public MetadataStation(
        TClock clock,
        TDevice device,
        TIdle idle,
        MetadataClient client,
        Region memory,
        NetSettings address,
        DhcpClient? dhcp,
        ReadOnlySpan<byte> secret,
        ulong seed)
    {
        _clock = clock;
        _device = device;
        _idle = idle;
        Client = client;
        _connection = new MetadataConnection(client);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = ConnectionCount;
        settings.SynReceivedCountMax = 1;
        settings.SendBufferSize = settings.ReceiveBufferSize = BufferSize;
        settings.Mtu = device.Mtu;
        var tcp = new TcpStack<MetadataApplication>(
            in settings, new ChunkPool(memory, ChunkSize), new MetadataApplication(_connection), secret);
        _net = new NetStack<TClock, TDevice, MetadataApplication, NoUdpApplication>(
            clock, device, tcp, default, address, seed, dhcp);
    }

    /// <summary>The address of every cloud's service.</summary>
    public static IpAddress ServiceAddress => IpAddress.FromV4(169, 254, 169, 254);

    public MetadataClient Client { get; }

    /// <summary>There is an outcome, and the connections have had a moment to end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>When <see cref="Round"/> has something to do next even if nothing arrives.</summary>
    public long NextTimerMicros =>
        Math.Min(_overMicros != 0 ? _overMicros + FarewellMicros : Client.NextTimerMicros, _net.NextTimerMicros);

    /// <summary>One round of the network, and what follows from it. True if there was something to do.</summary>
    public bool Round()
    {
        long nowMicros = _clock.NowMicros;
        _connection.NowMicros = nowMicros;
        bool wasAsking = Client.IsAsking;
        bool isBusy = _net.Poll();
        Client.AdvanceTimers(_net.Interface.IsConfigured, nowMicros);
        if (!Client.IsAsking) _connection.GiveUp();
        isBusy |= wasAsking != Client.IsAsking;
        if (_net.Interface.IsConfigured && Client.TryBegin(nowMicros))
        {
            Connect(nowMicros);
            isBusy = true;
        }
        if (Client.Outcome == MetadataOutcome.Pending) return isBusy;
        if (_overMicros == 0) _overMicros = nowMicros;
        IsOver = _connection.OpenCount == 0 || nowMicros >= _overMicros + FarewellMicros;
        return isBusy;
    }

    /// <summary>Waits for an arrival or the next timer.</summary>
    public void Sleep()
    {
        long now = _clock.NowMicros;
        long micros = Math.Min(NextTimerMicros - now, Math.Min(_device.RecheckMicros, HaltMicrosMax));
        if (micros < 1 || !_device.TryArm()) return;
        if (_idle.Halt(micros).OfDevices == 0) _device.Recheck(_clock.NowMicros);
        _device.Disarm();
    }

    private void Connect(long nowMicros)
    {
        Ipv4Interface local = _net.Interface;
        // RFC 3927 §7 has link-local addresses on the link, but clouds put the service behind the gateway, or name a
        // route. Where they do neither it can only be a neighbour.
        if (!local.Routes.TryFind(ServiceAddress, out _))
        {
            _ = local.Routes.TryAdd(ServiceAddress, 32, IpAddress.FromV4(0));
        }
        bool isBegun = _net.Tcp.TryConnect(
            local.Address, 0, ServiceAddress, HttpPort, nowMicros, out TcpConnection? connection);
        if (isBegun) _connection.Begin(connection!);
        else Client.Refused(nowMicros);
    }
}
