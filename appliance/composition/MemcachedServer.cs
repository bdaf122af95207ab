using System;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
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

    private readonly Session[] _sessions;
    private readonly bool[] _isInputOver;
    private readonly Statistics _statistics;
    private SessionContext? _context;

    /// <param name="connectionCountMax">How many connections TCP has.</param>
    /// <param name="statistics">The reactor's counters.</param>
    public MemcachedServer(int connectionCountMax, Statistics statistics)
    {
        _statistics = statistics;
        _sessions = new Session[connectionCountMax];
        _isInputOver = new bool[connectionCountMax];
        statistics.MaxConnections = connectionCountMax;
        statistics.ConnectionStructures = connectionCountMax;
    }

    /// <summary>What is served over UDP, if anything is.</summary>
    public DatagramServer? Datagrams { get; private set; }

    /// <summary>
    /// Creates the sessions; once, before the first connection. Apart from construction, because TCP needs its
    /// application before the store can take the memory that TCP leaves.
    /// </summary>
    public void Open(Store store, ChunkPool chunks, in ServerSettings settings)
    {
        _context = new SessionContext(store, chunks, _statistics, in settings);
        for (int i = 0; i < _sessions.Length; i++) _sessions[i] = new Session(_context);
        if (settings.UdpPort != 0) Datagrams = new DatagramServer(_context, (ushort)settings.UdpPort);
    }

    /// <summary>Whether a client has asked to end the machine, and may.</summary>
    public bool IsShutDown => _context != null && _context.IsShutDown;

    public void Accepted()
    {
        _statistics.CurrConnections++;
        _statistics.TotalConnections++;
    }

    /// <summary>Hot: once per segment with text.</summary>
    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        Session session = _sessions[connection.Index];
        int before = connection.Output.Length;
        int taken = session.Receive(octets, connection.Output);
        _statistics.BytesRead += taken;
        Answered(connection, session, before);
        return taken;
    }

    public void Writable(TcpConnection connection)
    {
        Session session = _sessions[connection.Index];
        int before = connection.Output.Length;
        session.Resume(connection.Output);
        Answered(connection, session, before);
    }

    /// <summary>
    /// The client will send no more. As memcached does, the connection is closed once everything that it has asked is
    /// answered.
    /// </summary>
    public void PeerClosed(TcpConnection connection)
    {
        if (_sessions[connection.Index].IsBlocked) _isInputOver[connection.Index] = true;
        else connection.Close();
    }

    public void Closed(TcpConnection connection)
    {
        _isInputOver[connection.Index] = false;
        _sessions[connection.Index].Closed();
        _statistics.CurrConnections--;
    }

    private void Answered(TcpConnection connection, Session session, int outputBefore)
    {
        _statistics.BytesWritten += connection.Output.Length - outputBefore;
        if (session.IsBlocked) connection.RequestWritable();
        else if (session.WantsClose || _isInputOver[connection.Index]) connection.Close();
    }
}
