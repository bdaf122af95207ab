using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Wire;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>A stack with one connection, seen from its peer.</summary>
public sealed class Tcb
{
    public const ushort LocalPort = 11211;
    public const ushort RemotePort = 40000;

    public static readonly IpAddress Local = IpAddress.FromV4(10, 0, 0, 2);
    public static readonly IpAddress Remote = IpAddress.FromV4(10, 0, 0, 1);

    private readonly byte[] _room;
    private readonly uint _una;
    private uint _offset;
    private bool _isOffsetKnown;
    private TcpConnection? _connection;

    public Tcb(TcpSettings settings, uint una, int chunkCount = 256)
    {
        _una = una;
        _room = new byte[settings.Mtu - 20];
        Pool = new ChunkPool(HostMemory.Allocate(chunkCount * 1024L), 1024);
        byte[] secret = new byte[TcpStack<RecordingApplication>.SecretSize];
        for (int i = 0; i < secret.Length; i++) secret[i] = (byte)(i * 7);
        Tcp = new TcpStack<RecordingApplication>(
            in settings, Pool, new RecordingApplication(Application), secret);
        Assert.True(Tcp.TryListen(LocalPort));
    }

    public ChunkPool Pool { get; }

    public TcpStack<RecordingApplication> Tcp { get; }

    public Recording Application { get; } = new();

    public TcpConnection Connection => _connection ?? Application.Connection!;

    public TcpCounters Counters => Tcp.Counters;

    public long Now { get; private set; } = 5_000_000;

    /// <summary>What the application was told since the last time, joined by commas.</summary>
    public string Events
    {
        get
        {
            string events = string.Join(", ", Application.Events);
            Application.Events.Clear();
            return events;
        }
    }

    public void Is(TcpState state)
    {
        if (state == TcpState.Closed) Assert.Equal(0, Counters.ConnectionCount);
        else Assert.Equal(1, Counters.Connections(state));
    }

    public void Connect()
    {
        Assert.True(Tcp.TryConnect(Local, LocalPort, Remote, RemotePort, Now, out _connection));
        SendsExactly(Segments.Syn(_una - 1));
    }

    public void Arrives(Seg segment, ushort remotePort = RemotePort)
    {
        Seg real = (segment.Flags & TcpFlags.Ack) != 0 ? segment with { Ack = segment.Ack + _offset } : segment;
        byte[] octets = real.ToOctets(remotePort, LocalPort);
        Tcp.Arrives(Remote, Local, octets, isChecksumValid: true, Now);
    }

    /// <summary>Appends to the output, from outside of a callback.</summary>
    public void Write(string text)
    {
        Assert.True(Connection.Output.TryAppend(Encoding.Latin1.GetBytes(text)));
        Connection.Flush();
    }

    /// <summary>Everything that is sent now, in the test's numbers.</summary>
    public List<Seg> TakeAll()
    {
        var segments = new List<Seg>();
        while (TryTake(out Seg? segment)) segments.Add(segment!);
        return segments;
    }

    public bool TryTake(out Seg? segment)
    {
        segment = null;
        Array.Fill(_room, (byte)0xA5);
        if (!Tcp.TryEmit(_room, Now, out TcpOutput output)) return false;
        Assert.Equal(Local, output.Source);
        Assert.Equal(Remote, output.Destination);
        segment = Translate(Seg.Parse(_room[..output.Length]));
        return true;
    }

    /// <summary>Sends whatever there is, unseen.</summary>
    public void Drain()
    {
        while (Tcp.TryEmit(_room, Now, out _))
        {
        }
    }

    public void SendsExactly(params Seg[] expected)
    {
        List<Seg> actual = TakeAll();
        bool isSame = actual.Count == expected.Length;
        for (int i = 0; isSame && i < expected.Length; i++) isSame = expected[i].Describes(actual[i]);
        Assert.True(isSame, "expected:\n" + Lines(expected) + "\nsent:\n" + Lines(actual));
    }

    public void SendsNothing() => SendsExactly();

    /// <summary>Lets time pass, to the tick after it, and runs the timers.</summary>
    public void Passes(long micros)
    {
        Now += micros + 1024;
        Tcp.AdvanceTimers(Now);
    }

    /// <summary>Jumps to the next timer and runs it; fails if that is later than <paramref name="limitMicros"/> from now.</summary>
    public bool TryRunNextTimer(long limitMicros = long.MaxValue)
    {
        long next = Tcp.NextTimerMicros;
        if (next == long.MaxValue || next - Now > limitMicros) return false;
        Now = Math.Max(Now, next);
        Tcp.AdvanceTimers(Now);
        return true;
    }

    public void HoldsNothing()
    {
        Is(TcpState.Closed);
        Assert.Equal(Pool.Count, Pool.FreeCount);
        Assert.Equal(long.MaxValue, Tcp.NextTimerMicros);
    }

    private Seg Translate(Seg real)
    {
        if (!_isOffsetKnown && (real.Flags & TcpFlags.Syn) != 0)
        {
            _offset = real.Seq + 1 - _una;
            _isOffsetKnown = true;
        }
        // A reset for nobody carries the peer's own acknowledgment number, or zero.
        bool isForNobody = real.Flags == (TcpFlags.Rst | TcpFlags.Ack) && real.Seq == 0;
        return isForNobody ? real : real with { Seq = real.Seq - _offset };
    }

    private static string Lines(IEnumerable<Seg> segments) =>
        string.Join('\n', segments.Select(s => "  " + s.ToString()).DefaultIfEmpty("  nothing"));
}
