using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Arp;
using Memcachier.Kernel.Net.Capture;
using Memcachier.Kernel.Net.Ip;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Net;

/// <summary>
/// The way out: puts Ethernet and IPv4 headers around what a transport wrote into a frame lent by the device, finds the
/// next hop, and sends. Every frame that <see cref="TryRent"/> lends is given to exactly one other method.
/// </summary>
public sealed class EthernetLink<TDevice>
    where TDevice : struct, INetDevice
{
    /// <summary>Where IPv4's payload begins in a frame.</summary>
    public const int TransportOffset = EthernetFrame.HeaderSize + Ipv4Header.MinSize;

    private readonly Ipv4Interface _interface;
    private readonly ArpCache _arp;
    private readonly PendingFrames _pending;
    private readonly PathMtuTable _pathMtus;
    private readonly NetCounters _counters;
    private readonly DestinationCache _destinations = new();
    private PacketCapture? _capture;
    private long _roundMicros;
    private TDevice _device;
    private ushort _identification;
    private bool _isFlushNeeded;
    private bool _isExhausted;

    public EthernetLink(
        TDevice device,
        Ipv4Interface local,
        ArpCache arp,
        PendingFrames pending,
        PathMtuTable pathMtus,
        NetCounters counters)
    {
        _device = device;
        _interface = local;
        _arp = arp;
        _pending = pending;
        _pathMtus = pathMtus;
        _counters = counters;
    }

    /// <summary>Shows every frame that arrives or leaves from now on to a capture, while that runs.</summary>
    public void Attach(PacketCapture capture) => _capture = capture;

    /// <summary>A round begins: the time of its frames.</summary>
    public void BeginRound(long nowMicros) => _roundMicros = nowMicros;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReceive(out ReceivedFrame frame)
    {
        if (!_device.TryReceive(out frame)) return false;
        if (_capture is { IsRunning: true }) _capture.Frame(frame.Octets, _roundMicros);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Recycle(in ReceivedFrame frame) => _device.Recycle(in frame);

    /// <summary>Lends a frame to build a packet in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRent(out TransmitFrame frame)
    {
        if (_device.TryRent(out frame)) return true;
        _isExhausted = true;
        return false;
    }

    /// <summary>The part of a rented frame for what IPv4 carries.</summary>
    public Span<byte> Transport(in TransmitFrame frame) =>
        frame.Octets.Slice(TransportOffset, _interface.Mtu - Ipv4Header.MinSize);

    /// <summary>Gives a rented frame back unsent.</summary>
    public void Return(in TransmitFrame frame) => _device.Return(in frame);

    /// <summary>
    /// Sends a TCP segment or UDP datagram that is in place but for its checksum, whose field is zero: as
    /// <see cref="SendIpv4"/> does, or by what is known of the destination. Hot: once per segment sent.
    /// </summary>
    /// <param name="frame">The rented frame.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="checksumOffset">Where in its header the field is.</param>
    /// <param name="source">The packet's source.</param>
    /// <param name="destination">The packet's destination.</param>
    /// <param name="length">Size in bytes of header and payload.</param>
    /// <param name="nowMicros">The time.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SendTransport(
        in TransmitFrame frame,
        IpProtocol protocol,
        int checksumOffset,
        IpAddress source,
        IpAddress destination,
        int length,
        long nowMicros)
    {
        ref readonly Destination known = ref _destinations.PlaceOf(destination);
        int totalLength = Ipv4Header.MinSize + length;
        if (source != _interface.Address || !known.IsValid(destination, totalLength, Version, nowMicros))
        {
            SendTransportSlow(in frame, protocol, checksumOffset, source, destination, length, nowMicros);
            return;
        }
        Span<byte> transport = frame.Octets.Slice(TransportOffset, length);
        uint pseudoHeader = known.PseudoHeaderSum(protocol, length);
        TransmitChecksum checksum = Checksum(transport, checksumOffset, protocol, pseudoHeader);
        _arp.Use(known.NeighbourPlace, nowMicros);
        known.Emit(frame.Octets, totalLength, protocol);
        Send(in frame, EthernetFrame.HeaderSize + totalLength, checksum);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SendTransportSlow(
        in TransmitFrame frame,
        IpProtocol protocol,
        int checksumOffset,
        IpAddress source,
        IpAddress destination,
        int length,
        long nowMicros)
    {
        Span<byte> transport = frame.Octets.Slice(TransportOffset, length);
        uint pseudoHeader = InternetChecksum.PseudoHeaderSum(source, destination, (byte)protocol, length);
        TransmitChecksum checksum = Checksum(transport, checksumOffset, protocol, pseudoHeader);
        SendIpv4(in frame, protocol, source, destination, length, checksum, nowMicros);
    }

    /// <summary>Completes a checksum: by the device if it can, else here. Returns what is left to the device.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TransmitChecksum Checksum(Span<byte> transport, int offset, IpProtocol protocol, uint pseudo)
    {
        Span<byte> field = transport.Slice(offset, sizeof(ushort));
        if (_device.CanOffloadChecksum)
        {
            BinaryPrimitives.WriteUInt16BigEndian(field, InternetChecksum.Fold(pseudo));
            return new TransmitChecksum(TransportOffset, (ushort)offset);
        }
        ushort checksum = InternetChecksum.Compute(transport, pseudo);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
        if (checksum == 0 && protocol == IpProtocol.Udp) checksum = ushort.MaxValue;
        BinaryPrimitives.WriteUInt16BigEndian(field, checksum);
        return default;
    }

    /// <summary>
    /// Sends a packet whose payload is in place. If its next hop's hardware address is not known yet it waits there
    /// for the answer; if there is no way at all it is dropped and counted. What was found out of the destination is kept
    /// for <see cref="SendTransport"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void SendIpv4(
        in TransmitFrame frame,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        int payloadLength,
        TransmitChecksum checksum,
        long nowMicros)
    {
        if (source != _interface.Address || !TryRoute(destination, out IpAddress nextHop, out bool isBroadcast))
        {
            _counters.Ipv4NoRoute++;
            _device.Return(in frame);
            return;
        }
        int totalLength = Ipv4Header.MinSize + payloadLength;
        EmitHeader(frame.Octets.Slice(EthernetFrame.HeaderSize), totalLength, protocol, source, destination, nowMicros);

        MacAddress hardware = MacAddress.Broadcast;
        bool isResolved = isBroadcast || _arp.TryResolve(nextHop, nowMicros, out hardware);
        EthernetFrame.Emit(frame.Octets, hardware, _interface.MacAddress, EtherType.Ipv4);
        int frameLength = EthernetFrame.HeaderSize + totalLength;
        if (isResolved)
        {
            if (!isBroadcast) Learn(frame.Octets, totalLength, destination, nextHop, nowMicros);
            Send(in frame, frameLength, checksum);
            return;
        }
        _arp.Hold(nextHop, frame.Octets.Slice(0, frameLength), checksum);
        _device.Return(in frame);
    }

    /// <summary>Sends an ARP packet from us; false if every frame is on its way.</summary>
    public bool TrySendArp(
        ArpOperation operation, MacAddress destination, MacAddress targetHardware, IpAddress targetProtocol)
    {
        if (!TryRent(out TransmitFrame frame)) return false;
        EthernetFrame.Emit(frame.Octets, destination, _interface.MacAddress, EtherType.Arp);
        Span<byte> packet = frame.Octets.Slice(EthernetFrame.HeaderSize);
        ArpPacket.Emit(packet, operation, _interface.MacAddress, _interface.Address, targetHardware, targetProtocol);
        Send(in frame, EthernetFrame.HeaderSize + ArpPacket.Size, default);
        return true;
    }

    /// <summary>True if packets wait whose next hop has answered: <see cref="SendReady"/>.</summary>
    public bool HasReady => _pending.HasReady;

    /// <summary>Sends the packets whose next hop has answered.</summary>
    public void SendReady()
    {
        while (_pending.HasReady)
        {
            if (!TryRent(out TransmitFrame frame)) return;
            bool isTaken = _pending.TryTakeReady(frame.Octets, out int length, out TransmitChecksum checksum);
            Invariant.Holds(isTaken);
            Send(in frame, length, checksum);
        }
    }

    /// <summary>Tells the device about everything sent since the last time.</summary>
    /// <returns>
    /// True if anything was, or if a buffer was missing: nothing tells a sleeper that one came back, so whoever waits for
    /// one must not sleep.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EndRound()
    {
        bool isBusy = _isFlushNeeded || _isExhausted;
        if (_isFlushNeeded) _device.Flush();
        _isFlushNeeded = _isExhausted = false;
        return isBusy;
    }

    /// <summary>Grows with every change of what <see cref="SendIpv4"/> looks at.</summary>
    private long Version
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _interface.Version + _arp.Version + _pathMtus.Version;
    }

    private void Learn(
        ReadOnlySpan<byte> frame, int totalLength, IpAddress destination, IpAddress nextHop, long nowMicros)
    {
        int lengthMax = _pathMtus.LengthMax(destination, nowMicros, out long pathUntil);
        if (totalLength > lengthMax) return;
        if (!_arp.TryPin(nextHop, nowMicros, out int place, out long neighbourUntil)) return;
        long until = Math.Min(pathUntil, neighbourUntil);
        _destinations.PlaceOf(destination).Learn(frame, _interface.Address, destination, place, lengthMax, Version, until);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Send(in TransmitFrame frame, int length, TransmitChecksum checksum)
    {
        if (_capture is { IsRunning: true }) _capture.Frame(frame.Octets.Slice(0, length), _roundMicros);
        _device.Send(in frame, length, checksum);
        _counters.FramesSent++;
        _isFlushNeeded = true;
    }

    private bool TryRoute(IpAddress destination, out IpAddress nextHop, out bool isBroadcast)
    {
        nextHop = default;
        isBroadcast = _interface.IsBroadcast(destination);
        return isBroadcast || _interface.Routes.TryFind(destination, out nextHop);
    }

    /// <summary>
    /// RFC 6864 §4.1: what is sent with "don't fragment" is atomic, and its identification means nothing. Only a packet
    /// too long for its path may be fragmented on its way, and so needs a number of its own.
    /// </summary>
    private void EmitHeader(
        Span<byte> packet,
        int totalLength,
        IpProtocol protocol,
        IpAddress source,
        IpAddress destination,
        long nowMicros)
    {
        bool isAtomic = !_pathMtus.IsTooLong(destination, totalLength, nowMicros);
        ushort identification = 0;
        if (!isAtomic)
        {
            identification = ++_identification;
            _counters.Ipv4SentFragmentable++;
        }
        Ipv4Header.Emit(packet, totalLength, identification, isAtomic, protocol, source, destination);
    }
}
