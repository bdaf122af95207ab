using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Server;

/// <summary>
/// The sessions of a reactor, one for each connection there can be: stats conns, and who has been silent for too long.
/// </summary>
public sealed class Connections
{
    /// <summary>What stats conns calls the listener; the connections follow.</summary>
    public const int ListenerNumber = 1;

    private const int LinesPerConnection = 4;

    private readonly Session[] _sessions;
    private readonly SessionContext _context;
    private int _idleCursor;

    public Connections(int count, SessionContext context)
    {
        _context = context;
        _sessions = new Session[count];
        for (int i = 0; i < count; i++) _sessions[i] = new Session(context, NumberOf(i));
        context.Report.Connections = this;
    }

    public int Count => _sessions.Length;

    public Session this[int index] => _sessions[index];

    /// <summary>What stats conns and watch call the connection of an index.</summary>
    public static int NumberOf(int index) => ListenerNumber + 1 + index;

    /// <summary>The index of the connection that they call so.</summary>
    public static int IndexOf(int number) => number - ListenerNumber - 1;

    /// <summary>
    /// Looks at the next few sessions for one that was silent for longer than may be, and takes note of how far it got.
    /// </summary>
    /// <param name="budget">How many may still be looked at; less what it took.</param>
    public bool TryFindIdle(ref int budget, out int index)
    {
        long limit = _context.Settings.IdleTimeoutSeconds;
        uint now = _context.Store.Lifetime.Now;
        while (budget-- > 0)
        {
            index = _idleCursor;
            _idleCursor = index + 1 < _sessions.Length ? index + 1 : 0;
            Session session = _sessions[index];
            if (session.IsOpen && session.IsIdle && now - session.HeardAt > limit) return true;
        }
        index = -1;
        return false;
    }

    /// <summary>
    /// Looks at the next few sessions for one that can end, or for one that has not, and takes note of how far it got.
    /// </summary>
    /// <param name="isAny">Whatever it is in the middle of.</param>
    /// <param name="budget">How many may still be looked at; less what it took.</param>
    public bool TryFindFinished(bool isAny, ref int budget, out int index)
    {
        while (budget-- > 0)
        {
            index = _idleCursor;
            _idleCursor = index + 1 < _sessions.Length ? index + 1 : 0;
            Session session = _sessions[index];
            if (session.IsOpen && !session.HasEnded && (isAny || session.IsFinished)) return true;
        }
        index = -1;
        return false;
    }

    /// <summary>Writes a line of stats conns; returns its length, or 0 past the last one.</summary>
    /// <param name="position">Where the line is, from 0; then where the next one is.</param>
    internal int FormatLine(ref int position, Span<byte> line)
    {
        if (position < LinesPerConnection)
        {
            int length = FormatListener(position, line);
            // It has no listen_addr, and so a line less.
            position += position == 0 ? 2 : 1;
            return length;
        }
        while (position / LinesPerConnection <= _sessions.Length)
        {
            int index = (position / LinesPerConnection) - 1;
            Session session = _sessions[index];
            if (session.IsOpen) return FormatConnection(session, position++ % LinesPerConnection, line);
            position += LinesPerConnection - (position % LinesPerConnection);
        }
        return 0;
    }

    private int FormatListener(int position, Span<byte> line)
    {
        var builder = new LineBuilder(line);
        BeginLine(ref builder, ListenerNumber);
        switch (position)
        {
            case 0:
                builder.Append("addr "u8);
                PeerText.AppendEnd(ref builder, 0, (ushort)_context.Settings.TcpPort);
                break;
            case 2:
                builder.Append("state conn_listening"u8);
                break;
            default:
                builder.Append("secs_since_last_cmd "u8);
                builder.AppendDecimal(_context.Store.Lifetime.Uptime);
                break;
        }
        builder.Append("\r\n"u8);
        return builder.Octets.Length;
    }

    private int FormatConnection(Session session, int field, Span<byte> line)
    {
        Peer peer = session.Peer;
        var builder = new LineBuilder(line);
        BeginLine(ref builder, session.Number);
        switch (field)
        {
            case 0:
                builder.Append("addr "u8);
                PeerText.AppendEnd(ref builder, peer.Address, peer.Port);
                break;
            case 1:
                builder.Append("listen_addr "u8);
                PeerText.AppendEnd(ref builder, peer.LocalAddress, peer.LocalPort);
                break;
            case 2:
                builder.Append("state "u8);
                builder.Append(session.StateName);
                break;
            default:
                builder.Append("secs_since_last_cmd "u8);
                builder.AppendDecimal(_context.Store.Lifetime.Now - session.HeardAt);
                break;
        }
        builder.Append("\r\n"u8);
        return builder.Octets.Length;
    }

    private static void BeginLine(ref LineBuilder line, int number)
    {
        line.Append("STAT "u8);
        line.AppendDecimal((ulong)number);
        line.Append(":"u8);
    }
}
