using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Kernel.Net.Tcp;
using Memcachier.Kernel.Net.Udp;
using Memcachier.Kernel.Platform;

namespace Memcachier.Composition;

/// <summary>
/// The loop of one processor: it polls its device, runs every packet to its end, and halts when there has been nothing
/// to do for a while. Whoever drives it calls <see cref="Round"/> for ever.
/// </summary>
public sealed class Reactor<TClock, TDevice, TIdle, TTcpApplication, TUdpApplication>
    where TClock : struct, IClock
    where TDevice : struct, INetDevice
    where TIdle : struct, IIdle
    where TTcpApplication : struct, ITcpApplication
    where TUdpApplication : struct, IUdpApplication
{
    /// <summary>How long to poll in vain before halting: about what an interrupt costs to take.</summary>
    public const long IdlePollMicros = 50;

    /// <summary>
    /// No halt is longer. A lost notification or interrupt then costs this much, not a hung client; ten wake-ups a
    /// second are nothing.
    /// </summary>
    public const long HaltMicrosMax = 100_000;

    private const long TickMicros = 100_000;

    private readonly TClock _clock;
    private readonly TDevice _device;
    private readonly TIdle _idle;
    private readonly MemcachedServer _server;
    private readonly Store _store;
    private readonly Statistics _statistics;
    private long _lastWorkMicros;
    private long _lastTickMicros = -TickMicros;
    private long _operations;
    private bool _hasWorked;

    public Reactor(
        TClock clock,
        TDevice device,
        TIdle idle,
        NetStack<TClock, TDevice, TTcpApplication, TUdpApplication> net,
        MemcachedServer server,
        Store store,
        Statistics statistics)
    {
        _clock = clock;
        _device = device;
        _idle = idle;
        Net = net;
        _server = server;
        _store = store;
        _statistics = statistics;
    }

    public NetStack<TClock, TDevice, TTcpApplication, TUdpApplication> Net { get; }

    /// <summary>The management API, if it has a port. To be set before the first round.</summary>
    public ManagementServer? Management { get; set; }

    /// <summary>Whether clients of the cache are wanted, if somebody may say so. To be set before the first round.</summary>
    public Drain? Drain { get; set; }

    /// <summary>Microseconds since boot.</summary>
    public long NowMicros => _clock.NowMicros;

    /// <summary>When it looked last at what is not looked at each round, some ten times a second.</summary>
    public long LastTickMicros => _lastTickMicros;

    /// <summary>What the rounds did, and how long they took.</summary>
    public RoundCounters Counters { get; } = new();

    /// <summary>Hot: one poll round, and a halt if it is time for one. True if there was something to do.</summary>
    public bool Round()
    {
        long nowMicros = _clock.NowMicros;
        Counters.Rounds++;
        if (_hasWorked) RoundEnded(nowMicros - _lastWorkMicros);
        if (nowMicros - _lastTickMicros >= TickMicros) Tick(nowMicros);
        bool isTelling = _server.IsWatched && TellWatchers(nowMicros);
        bool isManaging = Management is not null && Management.WantsRound(nowMicros) && Management.Round(nowMicros, _clock.UnixSeconds);
        _hasWorked = Net.Poll(nowMicros) || isTelling || isManaging;
        if (_hasWorked)
        {
            _lastWorkMicros = nowMicros;
            return true;
        }
        if (nowMicros - _lastWorkMicros >= IdlePollMicros) Sleep();
        return false;
    }

    /// <summary>
    /// Where one round ends the next begins, so the clock is not read for this. Each request took at most as long as
    /// the round that executed it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RoundEnded(long micros)
    {
        Counters.RoundsWithWork++;
        Counters.WorkMicros += micros;
        if (micros > Counters.LongestRoundMicros) Counters.LongestRoundMicros = micros;
        long operations = _statistics.Operations;
        long executed = operations - _operations;
        _operations = operations;
        // There are fewer than before after stats reset.
        if (executed > 0) Counters.RequestTimes.Record(micros, executed);
    }

    /// <summary>What happened in the last round leaves with this one's segments.</summary>
    private bool TellWatchers(long nowMicros)
    {
        _server.SetEventTime(nowMicros, _clock.UnixSeconds);
        return _server.TellWatchers();
    }

    // The store's clock counts whole seconds; it is looked at more often so that one does not last for nearly two.
    private void Tick(long nowMicros)
    {
        _lastTickMicros = nowMicros;
        _store.Tick(nowMicros, _clock.UnixSeconds);
        _server.SetEventTime(nowMicros, _clock.UnixSeconds);
        _server.CloseIdle();
        if (Drain is not null) TickDrain(Drain, nowMicros);
        if (Management is not null)
        {
            _ = Management.Round(nowMicros, _clock.UnixSeconds);
            Management.Tick();
        }
        _device.Recheck(nowMicros);
        TcpCounters tcp = Net.Tcp.Counters;
        _statistics.BusyMicros = nowMicros - Counters.HaltedMicros;
        _statistics.Halts = Counters.Halts;
        _statistics.TcpRetransmissions = tcp.Retransmissions;
        _statistics.TcpTimeouts = tcp.ConnectionsTimedOut;
        _statistics.TcpResetsSent = tcp.ResetsSent;
        _statistics.TcpResetsReceived = tcp.ResetsReceived;
        _statistics.TcpMalformed = tcp.MalformedSegments + tcp.ChecksumErrors;
    }

    private void TickDrain(Drain drain, long nowMicros)
    {
        if (drain.WantsClients == _server.IsDraining)
        {
            ushort port = (ushort)_server.Context.Settings.TcpPort;
            bool isListening = !drain.WantsClients || Net.Tcp.TryListen(port);
            Invariant.Holds(isListening);
            if (!drain.WantsClients) Net.Tcp.StopListening(port);
        }
        drain.Tick(nowMicros);
    }

    private void Sleep()
    {
        long before = _clock.NowMicros;
        long micros = Math.Min(Net.NextTimerMicros - before, Math.Min(_device.RecheckMicros, HaltMicrosMax));
        // Arming looks at the rings once more after asking for the interrupt: what arrives before the halt ends it.
        if (micros < 1 || !_device.TryArm()) return;
        Interrupts interrupts = _idle.Halt(micros);
        long after = _clock.NowMicros;
        // Before disarming, so that a frame that no interrupt announced is counted as what it is.
        if (interrupts.OfDevices == 0) _device.Recheck(after);
        _device.Disarm();
        Counters.Halts++;
        Counters.HaltedMicros += after - before;
        Counters.DeviceInterrupts += interrupts.OfDevices;
        Counters.TimerInterrupts += interrupts.OfTimer;
    }
}
