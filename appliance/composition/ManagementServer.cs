using System;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Management.Http;
using Memcachier.Management.Resources;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>
/// The management API's TCP connections. Requests are read as they arrive; of the answers one piece is written a round, of
/// all of them together, so that the cache never waits for longer than that takes.
/// </summary>
public sealed class ManagementServer
{
    /// <summary>The port if nobody says otherwise.</summary>
    public const ushort Port = 8080;

    /// <summary>Connections at a time. One more takes the place of one that is of no use.</summary>
    public const int ConnectionCount = HttpServer<ManagementSite>.ConnectionCountDefault;

    /// <summary>How many connections TCP has to have for this: some come before others are gone.</summary>
    public const int SlotCount = ConnectionCount + 8;

    /// <summary>
    /// The most bytes of answers that wait for a client, at least: what it can get in a round trip. Memcached's clients
    /// have the same chunks, so all of the connections together may have no more than a part of them.
    /// </summary>
    public const int OutputLengthMin = 8 * 1024;

    /// <summary>See <see cref="OutputLengthMin"/>; no more however many chunks there are.</summary>
    public const int OutputLengthMax = 64 * 1024;

    // The most bytes that wait for the answer to a request before them.
    private const int InputLengthMax = 4 * 1024;

    // Of the chunks, the share that the outputs of all connections together may have, but for the least of each.
    private const long OutputShare = 8;

    private const short None = -1;

    /// <summary>How often those are looked at who have nothing to say yet.</summary>
    private const long LookMicros = 1_000;

    private readonly HttpServer<ManagementSite> _http;
    private readonly ManagementApi _api;
    private readonly ApplianceControl _control;
    private readonly MemcachedServer _memcached;
    private readonly TcpConnection?[] _connections = new TcpConnection?[ConnectionCount];
    private readonly short[] _indices;
    private readonly int _outputLimit;
    private long _nowMicros;
    private int _turn;
    private long _nextLookMicros;

    /// <param name="api">What is served.</param>
    /// <param name="control">What it cannot do itself.</param>
    /// <param name="memcached">Whose connections it may ask to close.</param>
    /// <param name="slotCount">How many connections TCP has altogether.</param>
    /// <param name="chunkBytes">What all connections of the machine have for what is on its way, in bytes.</param>
    public ManagementServer(
        ManagementApi api, ApplianceControl control, MemcachedServer memcached, int slotCount, long chunkBytes)
    {
        _outputLimit = OutputLimitFor(chunkBytes);
        _api = api;
        _control = control;
        _memcached = memcached;
        _http = new HttpServer<ManagementSite>(new ManagementSite(api), ConnectionCount);
        api.Counters = _http.Counters;
        _indices = new short[slotCount];
        new Span<short>(_indices).Fill(None);
    }

    /// <summary>What is to become of the machine.</summary>
    public PowerRequest Power => _control.Power;

    /// <summary>How often the settings have changed while the machine served.</summary>
    public int SettingsChangeCount => _api.SettingsChangeCount;

    public HttpCounters Counters => _http.Counters;

    /// <summary>Hot, once a round: whether <see cref="Round"/> should be called in this one.</summary>
    public bool WantsRound(long nowMicros) => nowMicros >= _nextLookMicros && _http.OpenCount > 0;

    /// <summary>The most bytes of answers that wait for a client on a machine with so many bytes of chunks.</summary>
    public static int OutputLimitFor(long chunkBytes) =>
        (int)Math.Clamp(chunkBytes / OutputShare / ConnectionCount, OutputLengthMin, OutputLengthMax);

    /// <summary>A connection begins.</summary>
    public void Accepted(TcpConnection connection)
    {
        connection.LimitBuffers(_outputLimit, InputLengthMax);
        HttpAdmission admission = _http.Open(_nowMicros, out int index);
        if (admission == HttpAdmission.Refused)
        {
            _http.Refuse(connection.Output);
            connection.Close();
            return;
        }
        if (admission == HttpAdmission.Replaces) LetGo(index);
        _connections[index] = connection;
        _indices[connection.Index] = (short)index;
        var peer = new Peer(
            connection.RemoteAddress.V4Bits, connection.RemotePort,
            connection.LocalAddress.V4Bits, connection.LocalPort);
        _api.SetPeer(index, in peer);
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        int index = _indices[connection.Index];
        // What somebody says who was refused is not read.
        if (index == None) return octets.Length;
        int taken = _http.Receive(index, octets, connection.Output, _nowMicros);
        Settle(index);
        EndEvicted();
        return taken;
    }

    /// <summary>There is room in the output: who was waiting for it goes on.</summary>
    public void Writable(TcpConnection connection)
    {
        if (_indices[connection.Index] != None) connection.Resume();
    }

    public void PeerClosed(TcpConnection connection)
    {
        int index = _indices[connection.Index];
        if (index == None) return;
        _http.PeerClosed(index, _nowMicros);
        Settle(index);
    }

    public void Closed(TcpConnection connection)
    {
        int index = _indices[connection.Index];
        if (index == None) return;
        Forget(index);
        _http.Closed(index);
    }

    /// <summary>
    /// In each round that <see cref="WantsRound"/>, and now and then: writes a piece of somebody's answer. True if
    /// there was something to do.
    /// </summary>
    public bool Round(long nowMicros, long unixSeconds)
    {
        _nowMicros = nowMicros;
        _http.SetTime(unixSeconds);
        _api.SetTime(nowMicros, unixSeconds);
        _api.OpenConnectionCount = _http.OpenCount;
        if (_control.TryTakeClose(out int number)) _memcached.Close(number);
        return Work();
    }

    /// <summary>Ends connections whose time is over.</summary>
    public void Tick()
    {
        while (_http.TryExpired(_nowMicros, out int index))
        {
            long deadline = _http[index].DeadlineMicros;
            TcpConnection connection = _connections[index]!;
            _http.TimedOut(index, connection.Output, _nowMicros);
            connection.Flush();
            Settle(index);
            // What it wants now is done by TCP; if that takes too long it has another deadline.
            if (_connections[index] != null && _http[index].DeadlineMicros == deadline) Abort(index);
        }
        EndEvicted();
    }

    /// <summary>One piece of one answer; they take turns.</summary>
    private bool Work()
    {
        bool isBlocked = false;
        for (int count = 0; count < ConnectionCount; count++)
        {
            int index = _turn;
            _turn = _turn + 1 < ConnectionCount ? _turn + 1 : 0;
            if (!_http[index].IsAnswering) continue;
            TcpConnection connection = _connections[index]!;
            if (!TryWrite(index, connection))
            {
                isBlocked |= connection.Output.Length > 0;
                continue;
            }
            connection.Flush();
            Settle(index);
            return true;
        }
        if (!isBlocked) _nextLookMicros = _nowMicros + LookMicros;
        return false;
    }

    /// <summary>A piece, or as many small ones as make one.</summary>
    private bool TryWrite(int index, TcpConnection connection)
    {
        int before = connection.Output.Length;
        bool hasWritten = false;
        while (connection.Output.Length - before < HttpExchange.PieceLength && _http[index].IsAnswering)
        {
            if (!_http.Work(index, connection.Output, _nowMicros)) break;
            hasWritten = true;
        }
        return hasWritten;
    }

    private void Settle(int index)
    {
        HttpConnection<ManagementSite> http = _http[index];
        TcpConnection connection = _connections[index]!;
        if (http.WantsAbort) Abort(index);
        else if (http.WantsClose) connection.Close();
        else if (http.IsBlocked) connection.RequestWritable();
        else if (http.IsAnswering) _nextLookMicros = _nowMicros;
        // A request that came with the one just answered was left with TCP.
        else connection.Resume();
    }

    private void EndEvicted()
    {
        while (_http.TryTakeEvicted(out int index)) Abort(index);
    }

    private void Abort(int index)
    {
        LetGo(index);
        _http.Closed(index);
    }

    /// <summary>TCP forgets the connection; the HTTP server has done so, or will.</summary>
    private void LetGo(int index)
    {
        TcpConnection connection = _connections[index]!;
        Forget(index);
        connection.Abort();
    }

    private void Forget(int index)
    {
        _indices[_connections[index]!.Index] = None;
        _connections[index] = null;
    }
}
