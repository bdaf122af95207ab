using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Sim;

/// <summary>
/// A host that is nothing but a TCP: its segments travel on a <see cref="SimNetwork"/> without Ethernet and IP, behind a
/// prefix of the two addresses.
/// </summary>
public sealed class SimTcpHost<TApplication> : ISimHost
    where TApplication : struct, ITcpApplication
{
    private readonly SimNetwork _network;
    private readonly byte[] _packet;

    public SimTcpHost(
        SimNetwork network, IpAddress address, in TcpSettings settings, ChunkPool pool, TApplication application, ulong seed)
    {
        _network = network;
        Port = network.AddPort();
        Address = address;
        Pool = pool;
        byte[] secret = new byte[TcpStack<TApplication>.SecretSize];
        new SimEntropy(seed).Fill(secret);
        Tcp = new TcpStack<TApplication>(in settings, pool, application, secret);
        _packet = new byte[SimTcpPacket.PrefixSize + settings.Mtu - 20];
    }

    public IpAddress Address { get; }

    /// <summary>The host's port of the network.</summary>
    public int Port { get; }

    public ChunkPool Pool { get; }

    public TcpStack<TApplication> Tcp { get; }

    public long NextTimerMicros => Tcp.NextTimerMicros;

    public void Run(long nowMicros)
    {
        if (Tcp.NextTimerMicros <= nowMicros) Tcp.AdvanceTimers(nowMicros);
        while (_network.TryReceive(Port, out Span<byte> packet, out int token))
        {
            SimTcpPacket.Read(packet, out IpAddress source, out IpAddress destination, out Span<byte> segment);
            Tcp.Arrives(source, destination, segment, isChecksumValid: false, nowMicros);
            _network.Recycle(token);
            Emit(nowMicros);
        }
        Emit(nowMicros);
    }

    private void Emit(long nowMicros)
    {
        Span<byte> room = _packet.AsSpan(SimTcpPacket.PrefixSize);
        while (Tcp.TryEmit(room, nowMicros, out TcpOutput output))
        {
            Span<byte> segment = room.Slice(0, output.Length);
            uint pseudoHeader = InternetChecksum.PseudoHeaderSum(
                output.Source, output.Destination, TcpHeader.Protocol, segment.Length);
            BinaryPrimitives.WriteUInt16BigEndian(
                segment.Slice(TcpHeader.ChecksumOffset), InternetChecksum.Compute(segment, pseudoHeader));
            SimTcpPacket.WritePrefix(_packet, output.Source, output.Destination);
            _network.Send(Port, _packet.AsSpan(0, SimTcpPacket.PrefixSize + output.Length));
        }
    }
}
