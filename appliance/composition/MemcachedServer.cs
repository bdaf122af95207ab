using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Protocol.Text;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>
/// A session for every TCP connection there can be, at the connection's index. What TCP reports is passed on to the
/// session; what the session wants (more room, an end) is passed back.
/// </summary>
public sealed class MemcachedServer
{
    /// <summary>memcached's port.</summary>
    public const ushort Port = 11211;

    /// <summary>
    /// Slots beyond the connections that there may be: whoever comes then is told so, and does not wait in vain.
    /// </summary>
    public const int RefusalCountMax = 16;

    // Of the lines of those who watch, per round.
    private const int EventLinesPerRound = 256;

    // A pass over all sessions takes a second or two.
    private const int IdleLooksShare = 8;
    private const int IdleLooksMin = 64;

    private readonly TcpConnection?[] _open;
    private readonly bool[] _isInputOver;
    private readonly Statistics _statistics;
    private SessionContext? _context;
    private readonly int _connectionCountMax;
    private Connections? _connections;
    private EventLog? _events;
    private Watchers? _watchers;

    /// <param name="connectionCountMax">
    /// How many connections there may be; TCP has <see cref="RefusalCountMax"/> more.
    /// </param>
    /// <param name="statistics">The reactor's counters.</param>
    /// <param name="otherSlotCount">Connections that TCP has for others.</param>
    public MemcachedServer(int connectionCountMax, Statistics statistics, int otherSlotCount = 0)
    {
        _statistics = statistics;
        _connectionCountMax = connectionCountMax;
        int slotCount = SlotCountFor(connectionCountMax) + otherSlotCount;
        _open = new TcpConnection?[slotCount];
        _isInputOver = new bool[slotCount];
        statistics.MaxConnections = connectionCountMax;
        statistics.ConnectionStructures = slotCount;
    }

    /// <summary>What is served over UDP, if anything is.</summary>
    public DatagramServer? Datagrams { get; private set; }

    /// <summary>How many connections TCP has to have for so many to be served.</summary>
    public static int SlotCountFor(int connectionCountMax) => connectionCountMax + RefusalCountMax;

    /// <summary>
    /// Creates the sessions; once, before the first connection. Apart from construction, because TCP needs its
    /// application before the store can take the memory that TCP leaves.
    /// </summary>
    public void Open(Store store, ChunkPool chunks, ServerSettings settings)
    {
        _context = new SessionContext(store, chunks, _statistics, settings);
        _connections = new Connections(_open.Length, _context);
        _events = _context.Events;
        _watchers = _context.Watchers;
        if (settings.UdpPort != 0) Datagrams = new DatagramServer(_context, (ushort)settings.UdpPort);
    }

    /// <summary>What the sessions share, once <see cref="Open"/> was called.</summary>
    public SessionContext Context => _context!;

    /// <summary>The sessions, once <see cref="Open"/> was called.</summary>
    public Connections Sessions => _connections!;

    /// <summary>Whether a client has asked to end the machine, and may.</summary>
    public bool IsShutDown => _context != null && _context.IsShutDown;

    /// <summary>
    /// Nobody is served any more but those who are there. Who comes all the same, because his handshake had begun, is
    /// closed.
    /// </summary>
    public bool IsDraining { get; set; }

    /// <summary>A connection more; one too many is told so and closed.</summary>
    public void Accepted(TcpConnection connection)
    {
        if (IsDraining)
        {
            connection.Close();
            return;
        }
        if (_statistics.CurrConnections == _connectionCountMax)
        {
            _statistics.RejectedConnections++;
            _ = connection.Output.TryAppend(Replies.TooManyConnections);
            connection.Close();
            return;
        }
        _statistics.CurrConnections++;
        _statistics.TotalConnections++;
        _open[connection.Index] = connection;
        var peer = new Peer(
            connection.RemoteAddress.V4Bits, connection.RemotePort,
            connection.LocalAddress.V4Bits, connection.LocalPort);
        _connections![connection.Index].Opened(in peer);
    }

    /// <summary>Hot: once per segment with text.</summary>
    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        Session session = _connections![connection.Index];
        // What somebody says who was refused is not read.
        if (!session.IsOpen) return octets.Length;
        ChunkQueue output = connection.Output;
        int before = output.Length;
        int taken = session.Receive(octets, output);
        _statistics.BytesRead += taken;
        _statistics.BytesWritten += output.Length - before;
        if (session.HasStopped || _isInputOver[connection.Index]) StoppedSlow(connection, session);
        return taken;
    }

    public void Writable(TcpConnection connection)
    {
        Session session = _connections![connection.Index];
        if (!session.IsOpen) return;
        int before = connection.Output.Length;
        session.Resume(connection.Output);
        _statistics.BytesWritten += connection.Output.Length - before;
        StoppedSlow(connection, session);
    }

    /// <summary>
    /// The client will send no more. As memcached does, the connection is closed once everything that it has asked is
    /// answered.
    /// </summary>
    public void PeerClosed(TcpConnection connection)
    {
        Session session = _connections![connection.Index];
        if (!session.IsOpen) return;
        if (session.IsBlocked) _isInputOver[connection.Index] = true;
        else Close(connection, session, SessionEnd.Normal);
    }

    public void Closed(TcpConnection connection)
    {
        Session session = _connections![connection.Index];
        if (!session.IsOpen) return;
        End(session, SessionEnd.Error);
        _isInputOver[connection.Index] = false;
        _open[connection.Index] = null;
        session.Closed();
    }

    /// <summary>Hot: once a round.</summary>
    public bool IsWatched => _events!.IsWatched;

    /// <summary>What time the events from here on happen.</summary>
    public void SetEventTime(long nowMicros, long unixSeconds) => _events!.SetTime(nowMicros, unixSeconds);

    /// <summary>
    /// Gives those who watch some of what happened since the last round, and sends it; true if there was anything.
    /// </summary>
    public bool TellWatchers()
    {
        if (!_watchers!.Deliver(EventLinesPerRound)) return false;
        while (_watchers.TryTakeTold(out int number)) _open[Connections.IndexOf(number)]!.Flush();
        return true;
    }

    /// <summary>Closes some of those that were silent for too long: a few looks at a time.</summary>
    public void CloseIdle()
    {
        if (_context!.Settings.IdleTimeoutSeconds == 0) return;
        int budget = LooksPerTick;
        while (_connections!.TryFindIdle(ref budget, out int index))
        {
            _statistics.IdleKicks++;
            Close(_open[index]!, _connections[index], SessionEnd.IdleTimeout);
        }
    }

    private int LooksPerTick => Math.Min(_open.Length, Math.Max(_open.Length / IdleLooksShare, IdleLooksMin));

    /// <summary>Closes some of those that have nothing to finish, after what they were answered: a few looks at a time.</summary>
    /// <param name="isAny">Also those that have.</param>
    public void CloseFinished(bool isAny)
    {
        int budget = LooksPerTick;
        while (_connections!.TryFindFinished(isAny, ref budget, out int index))
        {
            Close(_open[index]!, _connections[index], SessionEnd.Normal);
        }
    }

    /// <summary>Ends a connection, if there is one of that number, after what it was answered already.</summary>
    /// <param name="number">As in stats conns.</param>
    public void Close(int number)
    {
        int index = Connections.IndexOf(number);
        if (_open[index] is TcpConnection connection) Close(connection, _connections![index], SessionEnd.Error);
    }

    /// <summary>Does what a session wants that has stopped, if it has.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StoppedSlow(TcpConnection connection, Session session)
    {
        if (session.IsBlocked)
        {
            if (session.WantsTurn) connection.Yield();
            else connection.RequestWritable();
        }
        else if (session.WantsClose || _isInputOver[connection.Index])
        {
            bool isNormal = session.HasQuit || _isInputOver[connection.Index];
            Close(connection, session, isNormal ? SessionEnd.Normal : SessionEnd.Error);
        }
    }

    private void Close(TcpConnection connection, Session session, SessionEnd end)
    {
        End(session, end);
        connection.Close();
    }

    /// <summary>
    /// As in memcached, what TCP still has to do for a connection is not counted: the next client may come.
    /// </summary>
    private void End(Session session, SessionEnd end)
    {
        if (session.HasEnded) return;
        Invariant.Holds(session.IsOpen);
        session.Ends(end);
        _statistics.CurrConnections--;
    }
}
