using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Memcachier.Kernel.Sim;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>
/// A host with two stacks that live through the same. Only the first speaks; the second is kept from every short cut: its
/// segments are never predicted, because they carry the URG bit (which RFC 9293's sixth step does nothing about here), and
/// whoever has said something is asked again. Whatever the two say, tell and remember must be the same.
/// </summary>
public sealed class TwinHost : ISimHost
{
    private const ulong Seed = 17;

    private readonly SimNetwork _network;
    private readonly byte[] _packet;
    private readonly byte[] _twinPacket;
    private int _runCount;

    public TwinHost(SimNetwork network, IpAddress address, in TcpSettings settings, int chunkCount, ulong seed)
    {
        _network = network;
        Port = network.AddPort();
        Address = address;
        Whims = new Whims(seed);
        TwinWhims = new Whims(seed);
        Tcp = NewStack(in settings, chunkCount, Whims);
        Twin = NewStack(in settings, chunkCount, TwinWhims);
        _packet = new byte[SimTcpPacket.PrefixSize + settings.Mtu - 20];
        _twinPacket = new byte[_packet.Length];
    }

    public int Port { get; }

    public int UsualPlanCount { get; private set; }

    public IpAddress Address { get; }

    public Whims Whims { get; }

    public Whims TwinWhims { get; }

    public TcpStack<ErraticApplication> Tcp { get; }

    public TcpStack<ErraticApplication> Twin { get; }

    public long NextTimerMicros => Math.Min(Tcp.NextTimerMicros, Twin.NextTimerMicros);

    public void Connect(IpAddress remote, ushort port, long nowMicros)
    {
        bool hasConnected = Tcp.TryConnect(Address, 0, remote, port, nowMicros, out _);
        Assert.Equal(hasConnected, Twin.TryConnect(Address, 0, remote, port, nowMicros, out _));
    }

    /// <summary>Lets the application do something to one of the connections, unasked.</summary>
    public void Stir()
    {
        Stir(Tcp, Whims);
        Stir(Twin, TwinWhims);
    }

    public void Run(long nowMicros)
    {
        if (NextTimerMicros <= nowMicros)
        {
            Tcp.AdvanceTimers(nowMicros);
            Twin.AdvanceTimers(nowMicros);
        }
        while (_network.TryReceive(Port, out Span<byte> packet, out int token))
        {
            SimTcpPacket.Read(packet, out IpAddress source, out IpAddress destination, out Span<byte> segment);
            Tcp.Arrives(source, destination, segment, isChecksumValid: true, nowMicros);
            if (TcpHeader.TryParse(segment, out TcpHeader header)) header.Flags |= TcpFlags.Urg;
            Twin.Arrives(source, destination, segment, isChecksumValid: true, nowMicros);
            _network.Recycle(token);
            if (Whims.Chance(1, 2) & TwinWhims.Chance(1, 2)) Emit(nowMicros);
        }
        Emit(nowMicros);
        Assert.Equal(Whims.Digest, TwinWhims.Digest);
        if (_runCount++ % 4 == 0) ExpectTheSame(nowMicros);
    }

    private void Emit(long nowMicros)
    {
        Span<byte> room = _packet.AsSpan(SimTcpPacket.PrefixSize);
        Span<byte> twinRoom = _twinPacket.AsSpan(SimTcpPacket.PrefixSize);
        bool hasEmitted;
        do
        {
            for (int i = 0; i < Tcp.Connections.Count; i++) ExpectTheSamePlan(Tcp.Connections[i], room.Length);
            hasEmitted = Tcp.TryEmit(room, nowMicros, out TcpOutput output);
            bool hasTwinEmitted = Twin.TryEmit(twinRoom, nowMicros, out TcpOutput twinOutput);
            Assert.Equal(hasEmitted, hasTwinEmitted);
            Assert.Equal(output.Length, twinOutput.Length);
            Assert.True(room.Slice(0, output.Length).SequenceEqual(twinRoom.Slice(0, output.Length)));
            if (!hasEmitted) break;
            AskAgain(room);
            SimTcpPacket.WritePrefix(_packet, output.Source, output.Destination);
            _network.Send(Port, _packet.AsSpan(0, SimTcpPacket.PrefixSize + output.Length));
        }
        while (hasEmitted);
    }

    private void AskAgain(Span<byte> segment)
    {
        Assert.True(TcpHeader.TryParse(segment, out TcpHeader header));
        for (int i = 0; i < Twin.Connections.Count; i++)
        {
            TcpConnection connection = Twin.Connections[i];
            if (connection.State == TcpState.Closed || connection.LocalPort != header.SourcePort) continue;
            if (connection.RemotePort == header.DestinationPort) connection.Flush();
        }
    }

    private void ExpectTheSame(long nowMicros)
    {
        for (int i = 0; i < Tcp.Connections.Count; i++)
        {
            if (Tcp.Connections[i].State == TcpState.Closed && Twin.Connections[i].State == TcpState.Closed) continue;
            string path = string.Create(CultureInfo.InvariantCulture, $"at {nowMicros} us: connection {i}");
            Compare(path, Tcp.Connections[i], Twin.Connections[i]);
        }
        Compare("counters", Tcp.Counters, Twin.Counters);
    }

    /// <summary>What is taken for the usual segment is what the connection would say anyway.</summary>
    private void ExpectTheSamePlan(TcpConnection connection, int room)
    {
        if (!connection.TryPlanUsual(room, out SegmentPlan usual)) return;
        Assert.True(connection.TryPlan(room - connection.HeaderSize, out SegmentPlan plan));
        Assert.Equal(plan, usual);
        UsualPlanCount++;
    }

    private static void Stir(TcpStack<ErraticApplication> tcp, Whims whims)
    {
        TcpConnection connection = tcp.Connections[whims.Below(tcp.Connections.Count)];
        if (connection.State is not (TcpState.Established or TcpState.CloseWait)) return;
        whims.Act(connection);
        connection.Flush();
    }

    /// <summary>Field by field; what belongs to the stack or to all connections is not followed.</summary>
    private static void Compare(string path, object? one, object? other)
    {
        if (one is null || other is null || one is ChunkPool || one is TcpContext)
        {
            Assert.Equal(one is null, other is null);
            return;
        }
        Type type = one.GetType();
        if (type.IsPrimitive || type.IsEnum)
        {
            Assert.True(one.Equals(other), path + ": " + one + ", the twin " + other);
            return;
        }
        if (one is IList list)
        {
            var twin = (IList)other;
            for (int i = 0; i < list.Count; i++) Compare(path + "[]", list[i], twin[i]);
            return;
        }
        foreach (FieldInfo field in FieldsOf(type))
        {
            Compare(path + "." + field.Name, field.GetValue(one), field.GetValue(other));
        }
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static TcpStack<ErraticApplication> NewStack(in TcpSettings settings, int chunkCount, Whims whims)
    {
        byte[] secret = new byte[TcpStack<ErraticApplication>.SecretSize];
        new SimEntropy(Seed).Fill(secret);
        var pool = new ChunkPool(HostMemory.Allocate(chunkCount * 1024L), 1024);
        return new TcpStack<ErraticApplication>(in settings, pool, new ErraticApplication(whims), secret);
    }
}
