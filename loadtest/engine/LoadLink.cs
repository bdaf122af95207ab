using System;
using System.Net.Sockets;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// A connection's socket to one of the servers. It never blocks: here are the requests on their way, in order, and the
/// bytes in either direction.
/// </summary>
internal sealed class LoadLink : IDisposable
{
    private const int InputLength = 64 * 1024;

    private readonly ServerAddress _server;
    private readonly Login? _login;
    private readonly Datagrams? _datagrams;
    private PendingConnect? _pendingConnect;
    private readonly int _keysPerRequest;
    private readonly Pending[] _pending;
    private readonly long[] _keys;
    private Socket _socket;
    private byte[] _input = new byte[InputLength];
    private int _start;
    private int _end;
    private int _head;
    private bool _isLoggingIn;

    /// <param name="connection">Whose it is.</param>
    /// <param name="token">By which epoll knows it.</param>
    /// <param name="server">Where it leads.</param>
    /// <param name="login">What is said first, if anything.</param>
    /// <param name="greeting">What is said instead, but only the first time; null for nothing.</param>
    /// <param name="depthMax">Requests on their way at most.</param>
    /// <param name="keysPerRequest">Keys of a request at most.</param>
    /// <param name="isUdp">True if it is to speak UDP instead of TCP; then <paramref name="depthMax"/> is 1.</param>
    public LoadLink(
        LoadConnection connection, int token, ServerAddress server, Login? login, Greeting? greeting, int depthMax,
        int keysPerRequest, bool isUdp)
    {
        if (isUdp) _datagrams = new Datagrams();
        Connection = connection;
        Token = token;
        _server = server;
        _login = login;
        _keysPerRequest = keysPerRequest;
        _pending = new Pending[depthMax];
        _keys = new long[depthMax * keysPerRequest];
        _socket = Connected(login != null ? login : greeting);
    }

    public LoadConnection Connection { get; }

    public int Token { get; }

    /// <summary>True until the connection is there, and the login done.</summary>
    public bool IsConnecting { get; private set; }

    /// <summary>Since when.</summary>
    public long ConnectStart { get; private set; }

    public OutputBuffer Output { get; } = new();

    public nint Handle => _socket.Handle;

    /// <summary>Requests, or parts of them, on their way.</summary>
    public int Count { get; private set; }

    /// <summary>True if the socket was full, so that the rest waits for room.</summary>
    public bool IsBlocked { get; set; }

    public ReadOnlySpan<byte> Input => _input.AsSpan(_start, _end - _start);

    /// <summary>The oldest request on its way; there is one.</summary>
    public ref Pending Head => ref _pending[_head];

    public ReadOnlySpan<long> HeadKeys => _keys.AsSpan(_head * _keysPerRequest, _pending[_head].KeyCount);

    /// <summary>Hot: once per request. It is now behind the others.</summary>
    public ref Pending Add(in Pending request, ReadOnlySpan<long> keys)
    {
        int slot = _head + Count;
        if (slot >= _pending.Length) slot -= _pending.Length;
        Count++;
        keys.CopyTo(_keys.AsSpan(slot * _keysPerRequest, _keysPerRequest));
        _pending[slot] = request;
        _datagrams?.Begin(Output);
        return ref _pending[slot];
    }

    public void RemoveHead()
    {
        _head++;
        if (_head == _pending.Length) _head = 0;
        Count--;
    }

    public void Consume(int length)
    {
        _start += length;
        if (_start == _end) _start = _end = 0;
    }

    /// <summary>Hot: once per batch. Fails if the connection is broken.</summary>
    public bool TrySend()
    {
        IsBlocked = false;
        while (Output.Count > 0)
        {
            int length = _socket.Send(Output.Waiting, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                IsBlocked = true;
                return true;
            }
            if (error == SocketError.MessageSize)
                throw new LoadTestException($"a request of {Output.Count} bytes does not fit into a datagram");
            if (error != SocketError.Success) return false;
            Output.Sent(length);
        }
        return true;
    }

    /// <summary>Hot: once per batch. Fails if the connection is at its end, or broken.</summary>
    /// <param name="isMore">True if more may be there.</param>
    public bool TryReceive(out bool isMore)
    {
        if (_datagrams != null) return TryReceiveDatagram(_datagrams, out isMore);
        isMore = false;
        if (_end == _input.Length) MakeRoomSlow();
        int length = _socket.Receive(_input.AsSpan(_end), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock) return true;
        if (error != SocketError.Success || length == 0) return false;
        _end += length;
        isMore = _end == _input.Length;
        return true;
    }

    private bool TryReceiveDatagram(Datagrams datagrams, out bool isMore)
    {
        SocketError error = datagrams.Receive(_socket, out ReadOnlySpan<byte> message);
        isMore = error == SocketError.Success && datagrams.IsWithinMessage;
        while (_input.Length - _end < message.Length) MakeRoomSlow();
        message.CopyTo(_input.AsSpan(_end));
        _end += message.Length;
        return error is SocketError.Success or SocketError.WouldBlock;
    }

    /// <summary>Closes the connection and begins to connect again, without waiting.</summary>
    public void BeginConnect(long now)
    {
        _pendingConnect ??= new PendingConnect(_socket, _server);
        _socket.Dispose();
        Clear();
        _socket = _pendingConnect.Begin();
        IsConnecting = true;
        ConnectStart = now;
        _isLoggingIn = false;
    }

    /// <summary>Something happened to the socket that connects. True if the link can be used now.</summary>
    public bool TryEndConnect()
    {
        if (!_isLoggingIn)
        {
            _pendingConnect!.End(_socket);
            if (_login == null) return IsReady();
            _isLoggingIn = true;
            Output.Append(_login.Request);
        }
        if (!TrySend() || !TryReceive(out _)) throw _login!.Refused(_server, "it closes the connection");
        if (!_login!.IsDone(Input, _server)) return false;
        Consume(Input.Length);
        return IsReady();
    }

    public LoadTestException ConnectTimedOut(TimeSpan timeout) =>
        new($"cannot connect to {_server}: no answer for {timeout.TotalSeconds:0.###} s");

    /// <summary>Forgets all, and begins again on a new connection.</summary>
    public void Reconnect()
    {
        _socket.Dispose();
        Clear();
        _socket = Connected(_login);
    }

    public void Dispose() => _socket.Dispose();

    private bool IsReady()
    {
        IsConnecting = false;
        return true;
    }

    private void Clear()
    {
        _start = _end = _head = Count = 0;
        Output.Clear();
        IsBlocked = false;
    }

    private Socket Connected(Opening? opening)
    {
        Socket socket = _datagrams == null ? _server.Connect() : _server.ConnectUdp();
        try
        {
            // While it blocks: a socket that did not, and waits all the same, is watched by .NET's own thread from then on.
            opening?.Run(socket, _server);
            socket.Blocking = false;
            return socket;
        }
        catch (LoadTestException)
        {
            socket.Dispose();
            throw;
        }
    }

    private void MakeRoomSlow()
    {
        byte[] target = _start > 0 ? _input : new byte[2 * _input.Length];
        Input.CopyTo(target);
        _end -= _start;
        _start = 0;
        _input = target;
    }
}
