using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Dhcp;
using Memcachier.Kernel.Net.Icmp;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Net;

/// <summary>
/// One interface's network stack, from frames to connections. It belongs to one reactor, which calls
/// <see cref="Poll(long)"/>; everything else is a state machine below that neither waits nor sends by itself.
/// </summary>
/// <remarks>
/// A received packet is run to its end where the device put it; a TCP segment is written where the device will read it.
/// Nothing is allocated after construction.
/// </remarks>
public sealed partial class NetStack<TClock, TDevice, TTcpApplication, TUdpApplication>
    where TClock : struct, IClock
    where TDevice : struct, INetDevice
    where TTcpApplication : struct, ITcpApplication
    where TUdpApplication : struct, IUdpApplication
{
    /// <summary>The most frames that one round takes in.</summary>
    public const int ReceiveBatch = 64;

    /// <summary>The most segments, and the most datagrams, that one round sends.</summary>
    public const int TransmitBatch = 256;

    private const int ArpSetCount = 256;
    private const int PendingFrameCount = 16;

    private readonly TClock _clock;
    private readonly EthernetLink<TDevice> _link;
    private readonly ArpCache _arp;
    private readonly ArpAnnouncer _announcer = new();
    private readonly AddressResolution _addressResolution;
    private readonly IcmpV4 _icmp;
    private readonly UdpPortTable _udpPorts = new();
    private readonly DhcpClient? _dhcp;
    private TUdpApplication _udpApplication;

    /// <param name="clock">The time.</param>
    /// <param name="device">The interface's device; nobody else receives from it or sends to it.</param>
    /// <param name="tcp">TCP and the application on it.</param>
    /// <param name="udpApplication">What datagrams to opened ports are for.</param>
    /// <param name="settings">The address.</param>
    /// <param name="seed">Random.</param>
    /// <param name="dhcp">
    /// Who asks for the address, if the settings say so and it has been at work before: it keeps its lease. By default a
    /// new one.
    /// </param>
    public NetStack(
        TClock clock,
        TDevice device,
        TcpStack<TTcpApplication> tcp,
        TUdpApplication udpApplication,
        NetSettings settings,
        ulong seed,
        DhcpClient? dhcp = null)
    {
        _clock = clock;
        Tcp = tcp;
        _udpApplication = udpApplication;
        var random = new Prng(seed);
        int mtu = settings.MtuMax == 0 ? device.Mtu : Math.Min(device.Mtu, settings.MtuMax);
        Interface = new Ipv4Interface(device.MacAddress, mtu);
        var pathMtus = new PathMtuTable();
        var pending = new PendingFrames(PendingFrameCount, EthernetFrame.HeaderSize + Interface.Mtu);
        _arp = new ArpCache(ArpSetCount, pending, Counters, (uint)random.Next());
        _addressResolution = new AddressResolution(Interface, _arp, _announcer, Counters);
        _icmp = new IcmpV4(Interface, pathMtus, Counters);
        _link = new EthernetLink<TDevice>(device, Interface, _arp, pending, pathMtus, Counters);
        Tcp.Mtu = Interface.Mtu;
        if (settings.UseDhcp)
        {
            _dhcp = dhcp ?? new DhcpClient(device.MacAddress, settings.HostName, mtu, random.Next());
            if (_dhcp.HasLease) ApplyLease(clock.NowMicros);
        }
        else
        {
            Interface.Configure(settings.Address, settings.PrefixLength, mtu: 0);
            if (!settings.Gateway.IsUnspecifiedV4) Interface.AddGateway(settings.Gateway);
            _announcer.Start(clock.NowMicros);
        }
    }

    public TcpStack<TTcpApplication> Tcp { get; }

    /// <summary>Address, routes and MTU as they are now.</summary>
    public Ipv4Interface Interface { get; }

    public NetCounters Counters { get; } = new();

    /// <summary>The neighbours, to look at.</summary>
    public ArpCache Neighbours => _arp;

    /// <summary>What the DHCP server said, name and time servers included; null while there is no lease.</summary>
    public DhcpLease? Lease => _dhcp is { HasLease: true } ? _dhcp.Lease : null;

    /// <summary>When <see cref="Poll(long)"/> has something to do next even if nothing arrives.</summary>
    public long NextTimerMicros
    {
        get
        {
            long next = Math.Min(Tcp.NextTimerMicros, Math.Min(_arp.NextTimerMicros, _announcer.NextTimerMicros));
            next = Math.Min(next, _udpApplication.NextTimerMicros);
            return _dhcp is null ? next : Math.Min(next, _dhcp.NextTimerMicros);
        }
    }

    /// <summary><see cref="Poll(long)"/> for who has not looked at the clock.</summary>
    public bool Poll() => Poll(_clock.NowMicros);

    /// <summary>
    /// One bounded round: takes in what has arrived, lets time pass, sends what there is to send. Hot: the reactor's
    /// loop.
    /// </summary>
    /// <param name="nowMicros">The time.</param>
    /// <returns>
    /// False if there was nothing to do, so that the reactor may sleep until an arrival or <see cref="NextTimerMicros"/>.
    /// </returns>
    public bool Poll(long nowMicros)
    {
        _link.BeginRound(nowMicros);
        bool isBusy = Receive(nowMicros);
        // What the application did for those that arrived took time, and what is sent says when it was.
        if (isBusy) nowMicros = _clock.NowMicros;
        Tcp.AdvanceTimers(nowMicros);
        if (_dhcp is not null) AdvanceDhcp(nowMicros);
        EmitArp(nowMicros);
        if (_dhcp is not null) EmitDhcp(nowMicros);
        if (_udpPorts.Count != 0) EmitUdp(nowMicros);
        EmitTcp(nowMicros);
        // A packet just written may have needed a neighbour not heard of yet: ask now, not a round later.
        EmitArp(nowMicros);
        isBusy |= _link.EndRound();
        return isBusy;
    }

    /// <summary>Shows every frame from now on to a capture, while that runs.</summary>
    public void Attach(PacketCapture capture) => _link.Attach(capture);

    /// <summary>Opens a UDP port of our address; false if it is taken or there are too many.</summary>
    public bool TryOpenUdp(ushort port, int handler)
    {
        if (port == DhcpMessage.ClientPort && _dhcp is not null) return false;
        return _udpPorts.TryOpen(port, handler);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Receive(long nowMicros)
    {
        int count = 0;
        while (count < ReceiveBatch && _link.TryReceive(out ReceivedFrame frame))
        {
            Arrives(frame.Octets, frame.IsChecksumValid, nowMicros);
            _link.Recycle(in frame);
            count++;
        }
        Counters.FramesReceived += count;
        return count > 0;
    }

    private void AdvanceDhcp(long nowMicros)
    {
        Invariant.Holds(_dhcp is not null);
        if (_dhcp.AdvanceTimers(nowMicros)) Counters.DhcpExpiries++;
        if (_dhcp.TryTakeChange()) ApplyLease(nowMicros);
    }

    /// <summary>Makes the interface what the lease says; a renewal that says the same disturbs nothing.</summary>
    private void ApplyLease(long nowMicros)
    {
        IpAddress before = Interface.Address;
        DhcpLease? lease = Lease;
        if (lease is null) Interface.Unconfigure();
        else ApplyRoutes(lease);
        Tcp.Mtu = Interface.Mtu;
        if (Interface.Address == before) return;
        _arp.Clear();
        if (Interface.IsConfigured) _announcer.Start(nowMicros);
        else _announcer.Stop();
    }

    private void ApplyRoutes(DhcpLease lease)
    {
        Interface.Configure(lease.Address, lease.PrefixLength, lease.Mtu);
        foreach (ref readonly DhcpRoute route in lease.Routes)
        {
            _ = Interface.Routes.TryAdd(route.Destination, route.PrefixLength, route.Gateway);
        }
        // RFC 3442: with classless routes "the DHCP client MUST ignore the Router option".
        if (lease.Routes.Length == 0 && !lease.Router.IsUnspecifiedV4) Interface.AddGateway(lease.Router);
    }
}
