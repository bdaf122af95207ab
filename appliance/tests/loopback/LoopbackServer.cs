using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Server;

namespace Memcachier.Appliance.Tests.Loopback;

/// <summary>
/// The sessions behind real sockets of this machine, so that real clients can try them without a virtual machine. A
/// thread per connection and one lock: what is tested are the sessions, not this.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    private const int OutputCapacity = 16 << 10;
    private const int ReceiveSize = 4096;
    private const int ChunkCount = 4096;

    private readonly Lock _lock = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Stopwatch _uptime = Stopwatch.StartNew();
    private readonly Region _memory;
    private readonly Region _chunkMemory;
    private readonly Store _store;
    private readonly ChunkPool _chunks;
    private readonly SessionContext _context;
    private readonly Statistics _statistics = new();
    private readonly CountdownEvent _running = new(1);
    private volatile bool _isStopping;

    public LoopbackServer(long memoryLength = 64 << 20, ServerSettings? settings = null)
    {
        _memory = TestMemory.Rent(memoryLength);
        _chunkMemory = TestMemory.Rent((long)ChunkCount * 2048);
        _store = new Store(_memory, new StoreOptions(secret: 42), _statistics);
        _chunks = new ChunkPool(_chunkMemory, 2048);
        _listener.Start();
        _context = new SessionContext(_store, _chunks, _statistics, settings ?? new ServerSettings(Port));
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>True once every connection has ended and given back what it had.</summary>
    public bool IsClean => _chunks.FreeCount == _chunks.Count && _store.LeasedSegmentCount == 0;

    public void Dispose()
    {
        _isStopping = true;
        _listener.Stop();
        _ = _running.Signal();
        _running.Wait();
        _running.Dispose();
        TestMemory.Return(_memory);
        TestMemory.Return(_chunkMemory);
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket socket = _listener.AcceptSocket();
                if (!_running.TryAddCount()) return;
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException) when (_isStopping)
        {
            // Stopped.
        }
        catch (InvalidOperationException) when (_isStopping)
        {
            // Stopped before it began to wait.
        }
    }

    private void Serve(Socket socket)
    {
        var session = new Session(_context);
        var output = new ChunkQueue(_chunks, OutputCapacity);
        try
        {
            socket.NoDelay = true;
            socket.ReceiveTimeout = 200;
            Count(1);
            Converse(socket, session, output);
        }
        catch (SocketException)
        {
            // The client is gone.
        }
        finally
        {
            lock (_lock)
            {
                session.Closed();
                output.Clear();
            }
            Count(-1);
            socket.Dispose();
            _ = _running.Signal();
        }
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            _statistics.CurrConnections += change;
            if (change > 0) _statistics.TotalConnections++;
        }
    }

    private void Converse(Socket socket, Session session, ChunkQueue output)
    {
        byte[] received = new byte[ReceiveSize];
        byte[] answer = new byte[OutputCapacity];
        while (!session.WantsClose)
        {
            int length;
            try
            {
                length = socket.Receive(received);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut && !_isStopping)
            {
                continue;
            }
            if (length == 0) return;
            int offset = 0;
            bool isDone;
            do
            {
                int answerLength;
                lock (_lock)
                {
                    _store.Tick(
                        _uptime.ElapsedTicks * 1_000_000 / Stopwatch.Frequency,
                        DateTimeOffset.UtcNow.ToUnixTimeSeconds());
                    offset += session.Receive(received.AsSpan(offset, length - offset), output);
                    answerLength = output.Length;
                    output.CopyTo(0, answer.AsSpan(0, answerLength));
                    output.Drop(answerLength);
                    _statistics.BytesWritten += answerLength;
                    isDone = offset == length && !session.IsBlocked;
                    if (isDone) _statistics.BytesRead += length;
                }
                for (int sent = 0; sent < answerLength;)
                {
                    sent += socket.Send(answer, sent, answerLength - sent, SocketFlags.None);
                }
            }
            while (!isDone);
        }
    }
}
