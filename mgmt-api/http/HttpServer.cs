using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Management.Http;

/// <summary>
/// A fixed number of connections, and who has to go when one too many comes. It knows them by their index, from 0, and
/// nothing of TCP: whoever owns both tells it what happened, and does what <see cref="IsWaitingForWork"/>,
/// <see cref="HttpConnection{TSite}.WantsClose"/> and <see cref="TryTakeEvicted"/> say.
/// </summary>
/// <typeparam name="TSite">The resources.</typeparam>
public sealed class HttpServer<TSite>
    where TSite : struct, IHttpSite
{
    /// <summary>Connections at a time, if nobody says otherwise.</summary>
    public const int ConnectionCountDefault = 32;

    /// <summary>Buffers for requests that come in several pieces, if nobody says otherwise.</summary>
    public const int BufferCountDefault = 8;

    private const int None = -1;

    private readonly HttpEnvironment _environment;
    private readonly HttpConnection<TSite>[] _connections;
    private int _openCount;

    /// <param name="bufferSize">
    /// In bytes, at least <see cref="HttpLimits.HeadLengthMax"/>; a longer body is answered 413.
    /// </param>
    public HttpServer(
        TSite site,
        int connectionCount = ConnectionCountDefault,
        int bufferCount = BufferCountDefault,
        int bufferSize = HttpLimits.HeadLengthMax)
    {
        Invariant.Holds(connectionCount >= 1);
        _environment = new HttpEnvironment(bufferCount, bufferSize);
        _connections = new HttpConnection<TSite>[connectionCount];
        for (int i = 0; i < connectionCount; i++) _connections[i] = new HttpConnection<TSite>(_environment, site, i);
    }

    public HttpCounters Counters => _environment.Counters;

    public HttpBufferPool Buffers => _environment.Buffers;

    /// <summary>How many connections there may be.</summary>
    public int ConnectionCount => _connections.Length;

    /// <summary>How many there are.</summary>
    public int OpenCount => _openCount;

    /// <summary>At least one answer is being written: <see cref="Work"/> has something to do.</summary>
    public bool IsWaitingForWork
    {
        get
        {
            if (_openCount == 0) return false;
            for (int i = 0; i < _connections.Length; i++)
            {
                if (_connections[i].IsAnswering) return true;
            }
            return false;
        }
    }

    /// <summary>When the next connection has waited long enough: call <see cref="TryExpired"/> then.</summary>
    public long DeadlineMicros
    {
        get
        {
            long deadline = long.MaxValue;
            if (_openCount == 0) return deadline;
            for (int i = 0; i < _connections.Length; i++) deadline = Math.Min(deadline, _connections[i].DeadlineMicros);
            return deadline;
        }
    }

    /// <summary>The connection at <paramref name="index"/>, to look at.</summary>
    public HttpConnection<TSite> this[int index] => _connections[index];

    /// <summary>Sets the wall clock, in seconds since 1970, for the Date field.</summary>
    public void SetTime(long unixSeconds) => _environment.Composer.SetTime(unixSeconds);

    /// <summary>A connection begins.</summary>
    /// <param name="index">Its index from now on, unless it is refused.</param>
    public HttpAdmission Open(long nowMicros, out int index)
    {
        index = None;
        HttpAdmission admission = HttpAdmission.Admitted;
        for (int i = 0; i < _connections.Length && index == None; i++)
        {
            if (_connections[i].State == HttpConnectionState.Closed) index = i;
        }
        if (index == None)
        {
            index = Dispensable();
            if (index == None)
            {
                Counters.ConnectionsRefused++;
                return HttpAdmission.Refused;
            }
            Counters.ConnectionsEvicted++;
            Closed(index);
            admission = HttpAdmission.Replaces;
        }
        _openCount++;
        _connections[index].Opened(nowMicros);
        return admission;
    }

    /// <summary>Writes the answer for a connection that got no place, if the output has space for it.</summary>
    public void Refuse(ChunkQueue output)
    {
        if (!output.HasSpace(HttpConnection<TSite>.OutputSpaceMin)) return;
        Span<byte> json = stackalloc byte[ProblemDetails.LengthMax];
        int length = ProblemDetails.Format(503, "All connections are busy."u8, json);
        ResponseComposer composer = _environment.Composer;
        composer.Begin(503);
        composer.Field("Content-Type"u8, ProblemDetails.MediaType);
        composer.LengthField(length);
        composer.Field("Connection"u8, "close"u8);
        composer.Field("Retry-After"u8, "1"u8);
        composer.Body(json.Slice(0, length));
        Counters.CountStatus(503);
        Counters.BytesSent += composer.Send(output);
    }

    /// <summary>
    /// Offers a connection its input; see <see cref="HttpConnection{TSite}.Receive"/>. Ask <see cref="TryTakeEvicted"/>
    /// afterwards.
    /// </summary>
    public int Receive(int index, ReadOnlySpan<byte> input, ChunkQueue output, long nowMicros)
    {
        int taken = _connections[index].Receive(input, output, nowMicros);
        if (_environment.Buffers.TryTakeEvicted(out int evicted)) _connections[evicted].Evicted(nowMicros);
        return taken;
    }

    /// <summary>Writes at most one piece of a connection's answer; returns whether something was done.</summary>
    public bool Work(int index, ChunkQueue output, long nowMicros) => _connections[index].Work(output, nowMicros);

    /// <summary>Finds a connection that has to be aborted; say <see cref="Closed"/> of it then.</summary>
    public bool TryTakeEvicted(out int index)
    {
        for (index = 0; _openCount > 0 && index < _connections.Length; index++)
        {
            if (_connections[index].WantsAbort) return true;
        }
        return false;
    }

    /// <summary>Finds a connection whose time is over, to call <see cref="TimedOut"/> of it.</summary>
    public bool TryExpired(long nowMicros, out int index)
    {
        for (index = 0; _openCount > 0 && index < _connections.Length; index++)
        {
            if (!_connections[index].WantsAbort && _connections[index].DeadlineMicros <= nowMicros) return true;
        }
        return false;
    }

    /// <summary>A connection's time is over; see what it wants afterwards.</summary>
    public void TimedOut(int index, ChunkQueue output, long nowMicros) => _connections[index].TimedOut(output, nowMicros);

    /// <summary>A client has sent its last byte, and all were taken.</summary>
    public void PeerClosed(int index, long nowMicros) => _connections[index].PeerClosed(nowMicros);

    /// <summary>A connection is gone; its index may be given to another one.</summary>
    public void Closed(int index)
    {
        _openCount--;
        _connections[index].Closed();
    }

    /// <summary>
    /// Who is missed least: of those that were never answered anything the oldest, then of those between two requests, or
    /// at their end. Who is being answered stays. So those that only open connections take places from each other.
    /// </summary>
    private int Dispensable()
    {
        int found = None;
        for (int i = 0; i < _connections.Length; i++)
        {
            if (RankOf(i) == 0) continue;
            if (found == None || RankOf(i) > RankOf(found)) found = i;
            else if (RankOf(i) == RankOf(found) && _connections[i].SinceMicros < _connections[found].SinceMicros) found = i;
        }
        return found;
    }

    private int RankOf(int index) => _connections[index].State switch
    {
        HttpConnectionState.Idle or HttpConnectionState.Head => _connections[index].HasServed ? 2 : 3,
        HttpConnectionState.Body => 1,
        HttpConnectionState.Closing or HttpConnectionState.Draining => 1,
        _ => 0,
    };
}
