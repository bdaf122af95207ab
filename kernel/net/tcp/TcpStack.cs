using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// A TCP: listeners, connections, and the application on top of them. It acts on nothing but its arguments: segments and
/// the time go in, segments come out.
/// </summary>
/// <remarks>
/// The loop around it: <see cref="Arrives"/> for each segment, <see cref="TryEmit"/> until it fails,
/// <see cref="AdvanceTimers"/> when <see cref="NextTimerMicros"/> has come. All memory is allocated by the constructor.
/// </remarks>
public sealed partial class TcpStack<TApplication>
    where TApplication : struct, ITcpApplication
{
    /// <summary>Size in bytes of the secret that the constructor wants.</summary>
    public const int SecretSize = SipHash.KeySize + FlowHash.SecretSize;

    private const int ListenerCountMax = 8;
    private const int MtuMin = 576;         // What every IPv4 host must be able to receive (RFC 791 §3.1).

    private readonly TcpContext _tcp;
    private readonly TcpConnection[] _connections;
    private readonly ConnectionTable _table;
    private readonly IsnGenerator _isns;
    private readonly TimerWheel _timers;
    private readonly IndexList _free;
    private readonly IndexList _halfOpen;
    private readonly IndexList _onlyWaiting;
    private readonly ushort[] _listeners = new ushort[ListenerCountMax];
    private TApplication _application;
    private TcpConnection _latest;
    private int _listenerCount;
    private ushort _nextEphemeralPort;

    /// <param name="settings">Sizes and times.</param>
    /// <param name="pool">Where the bytes of all connections are kept.</param>
    /// <param name="application">What is called back.</param>
    /// <param name="secret">At least <see cref="SecretSize"/> bytes that nobody can guess.</param>
    public TcpStack(in TcpSettings settings, ChunkPool pool, TApplication application, ReadOnlySpan<byte> secret)
    {
        Invariant.Holds(settings.SynReceivedCountMax >= 1);
        Invariant.Holds(settings.SynReceivedCountMax <= settings.ConnectionCountMax);
        Invariant.Holds(settings.ReceiveBufferSize < 1 << 30);
        Invariant.Holds(settings.Mtu >= MtuMin);
        int capacity = settings.ConnectionCountMax;
        _tcp = new TcpContext(in settings, pool);
        _application = application;
        _isns = new IsnGenerator(secret);
        _table = new ConnectionTable(capacity, secret.Slice(SipHash.KeySize));
        _nextEphemeralPort = BinaryPrimitives.ReadUInt16LittleEndian(secret);
        _timers = new TimerWheel(capacity);
        _free = new IndexList(capacity);
        _halfOpen = new IndexList(capacity);
        _onlyWaiting = new IndexList(capacity);
        _connections = new TcpConnection[capacity];
        for (int index = 0; index < capacity; index++)
        {
            _connections[index] = new TcpConnection(_tcp, index);
            _free.AddLast(index);
        }
        _latest = _connections[0];
        Connections = new TcpConnectionList(_connections);
    }

    public TcpCounters Counters => _tcp.Counters;

    /// <summary>The connections, to look at.</summary>
    public TcpConnectionList Connections { get; }

    /// <summary>
    /// The largest IP packet in bytes; from the settings until the network says otherwise. What connections announce
    /// follows from it when they begin.
    /// </summary>
    public int Mtu
    {
        get => _tcp.Mtu;
        set
        {
            Invariant.Holds(value >= MtuMin);
            _tcp.Mtu = value;
        }
    }

    /// <summary>When <see cref="AdvanceTimers"/> should be called; <see cref="long.MaxValue"/> if never.</summary>
    public long NextTimerMicros => _tcp.Yielded.First != IndexList.None ? _tcp.Now : _timers.NextMicros;

    /// <summary>Accepts connections to <paramref name="port"/> from now on; fails if there are too many listeners.</summary>
    public bool TryListen(ushort port)
    {
        Invariant.Holds(port != 0);
        if (IsListening(port)) return true;
        if (_listenerCount == ListenerCountMax) return false;
        _listeners[_listenerCount++] = port;
        return true;
    }

    /// <summary>
    /// Refuses connections to <paramref name="port"/> from now on. Those that were begun, be it by a SYN, stay.
    /// </summary>
    public void StopListening(ushort port)
    {
        for (int i = 0; i < _listenerCount; i++)
        {
            if (_listeners[i] != port) continue;
            _listeners[i] = _listeners[--_listenerCount];
            return;
        }
    }

    /// <summary>
    /// Begins an active open. Accept follows when the handshake is done; Closed follows in any case, unless Accept is
    /// answered with false. Fails if all connections are in use or no port is free.
    /// </summary>
    /// <param name="local">Our address.</param>
    /// <param name="localPort">Our port, or zero for an ephemeral one.</param>
    /// <param name="remote">The peer's address.</param>
    /// <param name="remotePort">The peer's port.</param>
    /// <param name="nowMicros">The time.</param>
    /// <param name="connection">The connection, in SYN-SENT.</param>
    public bool TryConnect(
        IpAddress local,
        ushort localPort,
        IpAddress remote,
        ushort remotePort,
        long nowMicros,
        [NotNullWhen(true)] out TcpConnection? connection)
    {
        _tcp.Now = nowMicros;
        connection = null;
        if (!TryChooseFlow(local, localPort, remote, remotePort, out Flow flow)) return false;
        if (!TryTakeSlot(out TcpConnection? slot)) return false;
        SeqNumber iss = _isns.Next(in flow, nowMicros, out uint timestampOffset);
        slot.OpenActive(in flow, iss, timestampOffset);
        slot.IsAttached = true;
        _table.Add(in flow, slot.Index);
        slot.Flush();
        SettleSlow(slot);
        connection = slot;
        return true;
    }

    /// <summary>SEGMENT ARRIVES (RFC 9293 §3.10.7). Hot: once per segment.</summary>
    /// <param name="source">The IP packet's source.</param>
    /// <param name="destination">The IP packet's destination: an address of ours.</param>
    /// <param name="segment">From the TCP header to the end of the IP payload.</param>
    /// <param name="isChecksumValid">True if somebody else vouches for the checksum.</param>
    /// <param name="nowMicros">The time.</param>
    public void Arrives(
        IpAddress source, IpAddress destination, Span<byte> segment, bool isChecksumValid, long nowMicros)
    {
        _tcp.Now = nowMicros;
        _tcp.Counters.SegmentsIn++;
        if (TcpHeader.TryParse(segment, out TcpHeader header))
        {
            isChecksumValid = isChecksumValid || IsIntact(source, destination, segment);
            if (isChecksumValid && IsKnown(source, destination, header.Ports))
            {
                TcpConnection connection = _latest;
                if (connection.Predicts(in header, out ReadOnlySpan<byte> text, out ulong timestamps))
                {
                    ArrivesAsPredicted(connection, in header, text, timestamps);
                    return;
                }
            }
        }
        ArrivesSlow(source, destination, segment, isChecksumValid);
    }

    /// <summary>False if <see cref="TryEmit"/> would have nothing to look at.</summary>
    public bool MayEmit
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !_tcp.Ready.IsEmpty || !_tcp.Replies.IsEmpty;
    }

    /// <summary>
    /// Writes the next segment to send, header and text, into <paramref name="room"/>. Its checksum field is zero: the
    /// caller computes or offloads it. Fails if there is nothing to send now.
    /// </summary>
    /// <param name="room">At least 60 bytes; the segment is as long as it and the peer's maximum segment size allow.</param>
    /// <param name="nowMicros">The time.</param>
    /// <param name="output">How long the segment is, and where it goes.</param>
    public bool TryEmit(Span<byte> room, long nowMicros, out TcpOutput output)
    {
        Invariant.Holds(room.Length >= TcpHeader.MaxSize);
        _tcp.Now = nowMicros;
        if (!_tcp.Replies.IsEmpty) return _tcp.Replies.TryEmit(room, out output);
        TurnQueue ready = _tcp.Ready;
        while (!ready.IsEmpty)
        {
            TcpConnection connection = _connections[ready.Take()];
            TellApplication(connection);
            int length = connection.Emit(room);
            // The rest is said after the others had their turn.
            if (length > 0 && connection.MayHaveMoreToSay) connection.Flush();
            Settle(connection);
            if (length == 0) continue;
            output = new TcpOutput(in connection.Flow, length);
            return true;
        }
        output = default;
        return false;
    }

    /// <summary>Runs every timer that is due, and gives those that yielded their turn. Once a round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AdvanceTimers(long nowMicros)
    {
        _tcp.Now = nowMicros;
        if (_tcp.Yielded.First != IndexList.None) TakeTurns();
        if (!_timers.IsQuiet(nowMicros)) ExpireTimersSlow(nowMicros);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ExpireTimersSlow(long nowMicros)
    {
        while (_timers.TryExpire(nowMicros, out int index))
        {
            TcpConnection connection = _connections[index];
            connection.AdvanceTimers();
            EndEventSlow(connection);
        }
    }

    private static bool IsIntact(IpAddress source, IpAddress destination, ReadOnlySpan<byte> segment)
    {
        uint pseudoHeader =
            InternetChecksum.PseudoHeaderSum(source, destination, TcpHeader.Protocol, segment.Length);
        return InternetChecksum.Compute(segment, pseudoHeader) == 0;
    }
}
