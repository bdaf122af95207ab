using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// Everybody at the other end of the cable: clients of the cache, who are never content, a scraper of metrics and the
/// reader of a capture. They answer without any delay.
/// </summary>
internal sealed class Crowd
{
    public const int KeyCount = 1000;
    public const int KeyLength = 16;
    public const int ValueLength = 100;

    private const int ConnectionCountMax = 128;
    private const int ChunkSize = 2048;
    private const int ChunkCount = 1024;
    private const ushort CachePort = 11211;
    private const ushort ApiPort = 8080;
    private const ulong NanosPerMicro = 1_000;

    private readonly Stopwatch _watch;
    private readonly CableEnd _end;
    private readonly TcpStack<CrowdApplication> _tcp;
    private readonly Client[] _clients = new Client[ConnectionCountMax];
    private readonly TcpConnection?[] _connections = new TcpConnection?[ConnectionCountMax];
    private Prng _random = new(1);
    private TcpConnection? _scraper;
    private TcpConnection? _reader;
    private int _depth;

    public Crowd(Cable cable, Stopwatch watch)
    {
        _watch = watch;
        _end = new CableEnd(cable);
        TcpSettings settings = TcpSettings.Default;
        settings.ConnectionCountMax = settings.SynReceivedCountMax = ConnectionCountMax;
        var chunks = new ChunkPool(BootArena.TakeUncleared(ChunkCount * ChunkSize, ChunkSize), ChunkSize);
        Span<byte> secret = stackalloc byte[TcpStack<CrowdApplication>.SecretSize];
        secret.Fill(1);
        _tcp = new TcpStack<CrowdApplication>(in settings, chunks, new CrowdApplication(this), secret);
        for (int i = 0; i < ConnectionCountMax; i++) _clients[i] = new Client();
    }

    /// <summary>How long the cache's clients waited for their answers.</summary>
    public LatencyTable Latencies { get; } = new();

    /// <summary>Clients of the cache.</summary>
    public int ClientCount { get; private set; }

    /// <summary>Bytes of scrapes and captures.</summary>
    public long ManagementBytes { get; private set; }

    private long NowMicros => (long)(_watch.Now / NanosPerMicro);

    public static void WriteKey(int number, Span<byte> key)
    {
        key.Fill((byte)'0');
        key[0] = (byte)'k';
        for (int i = KeyLength - 1; number > 0; i--)
        {
            key[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    public void Connect(int count, int depth)
    {
        _depth = depth;
        for (int i = 0; i < count; i++) _ = Connect(CachePort);
    }

    /// <summary>The cache's clients leave at once.</summary>
    public void Disconnect()
    {
        for (int i = 0; i < ConnectionCountMax; i++)
        {
            _connections[i]?.Abort();
            _connections[i] = null;
        }
        ClientCount = 0;
    }

    public void ConnectScraper() => _scraper = Connect(ApiPort);

    public void Scrape() => Say(_scraper!, "GET /metrics HTTP/1.1\r\nHost: 10.0.0.1:8080\r\n\r\n"u8);

    public void ConnectReader() => _reader = Connect(ApiPort);

    public void BeginCapture() =>
        Say(_reader!, "GET /api/v1/capture HTTP/1.1\r\nHost: 10.0.0.1:8080\r\nAuthorization: Bearer correct-horse-battery\r\n\r\n"u8);

    public void EndCapture() => _reader!.Abort();

    /// <summary>Hears what the appliance has sent, and answers.</summary>
    public void Run()
    {
        long nowMicros = NowMicros;
        while (_end.TryHear(out IpAddress source, out IpAddress destination, out Span<byte> segment))
        {
            _tcp.Arrives(source, destination, segment, isChecksumValid: true, nowMicros);
            _end.Heard();
        }
        _tcp.AdvanceTimers(nowMicros);
        while (_end.TryRent(out Span<byte> room) && _tcp.TryEmit(room, nowMicros, out TcpOutput output)) _end.Say(in output);
    }

    public void Accepted(TcpConnection connection)
    {
        if (connection.RemotePort != CachePort) return;
        ClientCount++;
        _connections[connection.Index] = connection;
        _clients[connection.Index].Begin(connection, _depth, ref _random, _watch.Now);
    }

    public void Received(TcpConnection connection, int length)
    {
        if (connection.RemotePort != CachePort) ManagementBytes += length;
        else _clients[connection.Index].Hear(length, Latencies, ref _random, _watch.Now);
    }

    private TcpConnection Connect(ushort port)
    {
        bool isBegun = _tcp.TryConnect(
            CableEnd.Address, 0, CableEnd.ApplianceAddress, port, NowMicros, out TcpConnection? connection);
        Invariant.Holds(isBegun);
        return connection!;
    }

    private static void Say(TcpConnection connection, ReadOnlySpan<byte> text)
    {
        bool isAppended = connection.Output.TryAppend(text);
        Invariant.Holds(isAppended);
        connection.Flush();
    }
}
