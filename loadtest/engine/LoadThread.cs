using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// One thread and its share of the connections. A request that is due goes to the next connection with room; if none
/// has, it waits, and its latency counts from when it was due all the same.
/// </summary>
internal sealed class LoadThread : IDisposable
{
    private const long NanosPerSecond = 1_000_000_000;
    private const long WaitNanosMax = NanosPerSecond / 20;
    private const long LatenessNanosMax = NanosPerSecond;

    /// <summary>Whoever ends a run early does not want to wait for long.</summary>
    private const long CutTimeoutNanosMax = 5 * NanosPerSecond;

    private readonly LoadSettings _settings;
    private readonly MixEntry[] _mix;
    private readonly Dialect _dialect;
    private readonly RequestSource _source;
    private readonly SecondRecorder _recorder;
    private readonly EventPoll _poll = new();
    private readonly AlarmClock _alarm;
    private readonly LoadConnection[] _connections;
    private readonly LoadLink[] _links;
    private readonly List<LoadConnection> _dirty = [];
    private readonly int _depthMax;
    private readonly CounterLedger? _ledger;
    private readonly int _lane;

    // Of the phase that runs.
    private LoadPhase _phase = null!;
    private ThreadOutcome _outcome = null!;
    private Pacer _pacer = null!;
    private long _issued;
    private long _answered;
    private int _inFlight;
    private int _filled;
    private int _nextConnection;
    private long _roomSince;
    private bool _isDraining;
    private long _nextTimeoutCheck;
    private long _timeoutNanos;

    /// <param name="settings">What to do.</param>
    /// <param name="lane">Which of the threads it is, from 0.</param>
    /// <param name="depthMax">The deepest of the phases.</param>
    /// <param name="ledger">Where updates of counters are entered, if they are checked.</param>
    public LoadThread(LoadSettings settings, int lane, int depthMax, CounterLedger? ledger)
    {
        _ledger = ledger;
        _settings = settings;
        _mix = [.. settings.Mix.Entries];
        _dialect = Dialect.Create(settings, lane);
        _source = new RequestSource(settings, lane, _dialect);
        _alarm = new AlarmClock(_poll);
        _recorder = new SecondRecorder(_mix.Length, _alarm);
        int count = (settings.ConnectionCount - lane + settings.ThreadCount - 1) / settings.ThreadCount;
        _connections = new LoadConnection[count];
        _links = new LoadLink[count * settings.Servers.Count];
        _depthMax = depthMax;
        _lane = lane;
    }

    /// <summary>Connects, and waits for an answer on each connection; before <see cref="Run"/>.</summary>
    public void Connect()
    {
        Login? login = _settings.Credentials == null
            ? null
            : new Login(_settings.Credentials, _settings.Protocol, _settings.Timeout);
        // Who logs in is answered, too; a datagram finds its server or is lost.
        Greeting? greeting = _settings.IsUdp ? null : new Greeting(_settings.Protocol, _settings.Timeout);
        for (int i = 0; i < _connections.Length; i++)
        {
            int firstToken = i * _settings.Servers.Count;
            _connections[i] = new LoadConnection(
                i, _settings.Servers, login, greeting, firstToken, _depthMax, _settings.Mix.KeysPerRequestMax, _settings.IsUdp);
            // They are not to be made anew all at once.
            _connections[i].Written = _settings.Churn * i / _connections.Length;
            foreach (LoadLink link in _connections[i].Links)
            {
                _links[link.Token] = link;
                _poll.Watch(link.Handle, link.Token, alsoOut: false);
            }
        }
    }

    /// <summary>What was measured, second by second; the last one ends with the phase.</summary>
    public ConcurrentQueue<(int Second, int Simulation, Measurement Counts)> Samples => _recorder.Samples;

    /// <summary>Requests of the phase that were answered so far. May be read from elsewhere.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Runs a phase to its end.</summary>
    public ThreadOutcome Run(LoadPhase phase)
    {
        EventPoll.SharpenTimer();
        Begin(phase);
        while (true)
        {
            long now = LoadClock.Now();
            if (now >= _recorder.NextSecond) _recorder.MoveTo(now, _phase.End, _pacer);
            if (now >= _nextTimeoutCheck) CheckTimeouts(now);
            if (!_isDraining && IsAtEnd(now)) BeginDraining();
            if (_isDraining && _inFlight == 0) break;
            if (phase.Cancel.IsCancellationRequested && !_outcome.IsCut && !TryCutShort(now)) break;
            long wake = _isDraining ? now + WaitNanosMax : Issue(now);
            int count = _alarm.Wait(wake);
            for (int i = 0; i < count; i++) Serve(_links[_poll.TokenOf(i)], _poll.FlagsOf(i));
        }
        _recorder.End(_outcome, _phase.MeasureStart, _pacer.Simulation);
        return _outcome;
    }

    public void Dispose()
    {
        foreach (LoadConnection connection in _connections) connection?.Dispose();
        _poll.Dispose();
    }

    private void Begin(LoadPhase phase)
    {
        _phase = phase;
        int simulationCount = phase.Schedule.Simulations.Count;
        _outcome = new ThreadOutcome { LastAnswer = phase.MeasureStart, Unsent = new long[simulationCount] };
        _pacer = new Pacer(phase.Schedule, phase.Start, _lane, _settings.ThreadCount);
        _recorder.Begin(simulationCount, phase.MeasureStart, _pacer.Simulation);
        _issued = _answered = 0;
        _inFlight = _filled = 0;
        _isDraining = false;
        _roomSince = phase.Start;
        _nextTimeoutCheck = phase.Start + WaitNanosMax;
        _timeoutNanos = (long)_settings.Timeout.TotalNanoseconds;
    }

    /// <summary>What is due shortly before the end is sent behind it, if it had to wait.</summary>
    private bool IsAtEnd(long now) => _issued >= _phase.RequestCountMax ||
        (now >= _phase.End && (_pacer.Due >= _phase.End || now - _phase.End >= LatenessNanosMax));

    /// <summary>
    /// Makes this the end of the measurement, as if so much time had been asked for: what is on its way is waited for, since
    /// the slowest must not be forgotten. Fails if nothing has been measured yet.
    /// </summary>
    private bool TryCutShort(long now)
    {
        if (_phase.Kind != PhaseKind.Load || !_recorder.HasBegun)
        {
            _outcome.IsAbandoned = true;
            return false;
        }
        _outcome.IsCut = true;
        if (now < _phase.End) _phase = _phase with { End = now };
        _outcome.End = _phase.End;
        _timeoutNanos = Math.Min(_timeoutNanos, CutTimeoutNanosMax);
        return true;
    }

    private void BeginDraining()
    {
        _isDraining = true;
        if (_issued >= _phase.RequestCountMax) return;
        // What is due in the time that was asked for and could not be sent is not forgotten.
        _pacer.Drop(_phase.End, _outcome.Unsent);
    }

    /// <summary>Sends what is due. Returns until when there is nothing to do but to wait for answers.</summary>
    private long Issue(long now)
    {
        if (now < _phase.Start) return Math.Min(_phase.Start, now + WaitNanosMax);
        _pacer.MoveTo(now);
        if (_pacer.Due <= now) SendDue(now);
        FillActive(now);
        // With something left that is due, the next answer makes room.
        long next = _pacer.Due <= now ? _pacer.NextChange : Math.Min(_pacer.Due, _pacer.NextChange);
        return Math.Min(next, now + WaitNanosMax);
    }

    /// <summary>What an open loop has left over at its end is sent first, for a while.</summary>
    private void SendDue(long now)
    {
        if (!_pacer.IsOpenLoop && now < _phase.End && now - _pacer.SegmentStart >= LatenessNanosMax)
            _pacer.Drop(_pacer.SegmentStart, _outcome.Unsent);
        long limit = Math.Min(now, _phase.End - 1);
        while (_pacer.Due <= limit && _issued < _phase.RequestCountMax && TryNextFree(out LoadConnection connection))
        {
            long due = _pacer.Due;
            if (due >= _phase.MeasureStart)
                _recorder.Of(_pacer.DueSimulation).Lag.Record(now - Math.Max(due, _roomSince));
            Write(connection, due, now, _pacer.DueSimulation);
            _pacer.Advance();
            if (connection.IsDirty) continue;
            connection.IsDirty = true;
            _dirty.Add(connection);
        }
        foreach (LoadConnection connection in _dirty)
        {
            connection.IsDirty = false;
            Flush(connection);
        }
        _dirty.Clear();
    }

    /// <summary>True if a closed loop is to have requests on their way on the connection.</summary>
    private bool IsActive(LoadConnection connection, long now) =>
        connection.Index < _pacer.Active && _pacer.Due > now && now >= _phase.Start;

    /// <summary>Begins a closed loop; after that, every connection is filled again when it has been served.</summary>
    private void FillActive(long now)
    {
        int count = _pacer.Due > now ? _pacer.Active : 0;
        if (_filled == count && _inFlight > 0) return;
        for (int i = _inFlight > 0 ? _filled : 0; i < count; i++) Fill(_connections[i], now);
        _filled = count;
    }

    private bool IsFree(LoadConnection connection) =>
        connection.IsFree(_phase.Depth) && connection.ConnectingCount == 0 && !IsSpent(connection);

    private bool IsSpent(LoadConnection connection) => _settings.Churn > 0 && connection.Written >= _settings.Churn;

    /// <summary>Closes a connection that was used often enough, and begins to connect again.</summary>
    private void Renew(LoadConnection connection)
    {
        if (!IsSpent(connection) || connection.Count > 0 || connection.ConnectingCount > 0) return;
        long now = LoadClock.Now();
        connection.Written = 0;
        connection.ConnectingCount = connection.Links.Length;
        foreach (LoadLink link in connection.Links)
        {
            link.BeginConnect(now);
            _poll.Watch(link.Handle, link.Token, alsoOut: true);
        }
    }

    private void EndConnect(LoadLink link)
    {
        if (!link.TryEndConnect())
        {
            // What comes next is the answer to the login.
            _poll.Change(link.Handle, link.Token, link.IsBlocked);
            return;
        }
        _poll.Change(link.Handle, link.Token, alsoOut: false);
        link.Connection.ConnectingCount--;
        long now = LoadClock.Now();
        _roomSince = Math.Min(_roomSince, now);
        if (link.ConnectStart < _phase.MeasureStart) return;
        (_recorder.Of(_pacer.Simulation).Connects ??= new Histogram()).Record(now - link.ConnectStart);
    }

    private bool TryNextFree(out LoadConnection connection)
    {
        for (int i = 0; i < _connections.Length; i++)
        {
            connection = _connections[_nextConnection];
            if (++_nextConnection == _connections.Length) _nextConnection = 0;
            if (IsFree(connection)) return true;
        }
        // The next answer makes room.
        _roomSince = long.MaxValue;
        connection = null!;
        return false;
    }

    private void Fill(LoadConnection connection, long now)
    {
        while (IsFree(connection) && _issued < _phase.RequestCountMax) Write(connection, now, now, _pacer.Simulation);
        Flush(connection);
    }

    /// <summary>Hot: once per request.</summary>
    private void Write(LoadConnection connection, long due, long now, int simulation)
    {
        _inFlight++;
        connection.Count++;
        if (due >= _phase.MeasureStart) _issued++;
        if (_phase.Kind == PhaseKind.Load) connection.Written++;
        _source.Write(connection, _phase.Kind, new Pending { Start = due, Sent = now, Simulation = simulation });
    }

    private void Flush(LoadConnection connection)
    {
        foreach (LoadLink link in connection.Links)
        {
            if (link.Output.Count > 0) Flush(link);
        }
    }

    private void Flush(LoadLink link)
    {
        bool wasBlocked = link.IsBlocked;
        if (!link.TrySend())
        {
            Break(link, ErrorKind.ConnectionLost, "the connection broke while sending");
            return;
        }
        if (wasBlocked != link.IsBlocked) _poll.Change(link.Handle, link.Token, link.IsBlocked);
    }

    /// <summary>Hot: once per batch of answers.</summary>
    private void Serve(LoadLink link, uint flags)
    {
        // Errors and the end show when it is read.
        if (link.IsConnecting) EndConnect(link);
        else if ((flags & ~EventPoll.Out) != 0) Read(link);
        Renew(link.Connection);
        if (_pacer.Active > 0 && !_isDraining)
        {
            long now = LoadClock.Now();
            _pacer.MoveTo(now);
            if (IsActive(link.Connection, now)) Fill(link.Connection, now);
        }
        // What waited for room, and what follows an answer.
        if (link.Output.Count > 0 && !link.IsConnecting) Flush(link);
    }

    private void Read(LoadLink link)
    {
        bool isMore = true;
        while (isMore)
        {
            if (!link.TryReceive(out isMore))
            {
                if (link.Input.Length > 0)
                    Break(link, ErrorKind.TruncatedReply, "the connection ended within a reply");
                else Break(link, ErrorKind.ConnectionLost, "the server closed the connection");
                return;
            }
            if (!TryTakeReplies(link, LoadClock.Now())) return;
        }
    }

    /// <summary>Fails if the connection had to be given up.</summary>
    private bool TryTakeReplies(LoadLink link, long now)
    {
        while (link.Input.Length > 0)
        {
            if (link.Count == 0)
            {
                Break(link, ErrorKind.SwappedReply, $"a reply that nobody asked for: {ShownInput(link)}");
                return false;
            }
            ref Pending request = ref link.Head;
            switch (_dialect.Take(
                link.Input, ref request, link.HeadKeys, _recorder.Of(request.Simulation).Errors, out int consumed))
            {
                case AnswerProgress.NeedMoreData:
                    return true;
                case AnswerProgress.More:
                    break;
                case AnswerProgress.Done:
                    Complete(link, now);
                    break;
                case AnswerProgress.Continue:
                    _source.Continue(link, now);
                    break;
                case AnswerProgress.OutOfStep:
                    Break(link, ErrorKind.SwappedReply,
                        $"a {_mix[request.Entry].Name} was answered {ShownInput(link)}");
                    return false;
                case AnswerProgress.Truncated:
                    Break(link, ErrorKind.TruncatedReply,
                        $"no line's end follows the value of {ShownInput(link)}");
                    return false;
                case AnswerProgress.Malformed:
                default:
                    Break(link, ErrorKind.MalformedReply, $"the server answers {ShownInput(link)}");
                    return false;
            }
            link.Consume(consumed);
        }
        return true;
    }

    /// <summary>Hot: once per request. The oldest one is over.</summary>
    private void Complete(LoadLink link, long now)
    {
        ref Pending request = ref link.Head;
        if (request.Split == 0) Finish(link.Connection, in request, now);
        else if (link.Connection.TryJoin(in request, out Pending whole)) Finish(link.Connection, in whole, now);
        if (_ledger != null && request.KeyKind == KeyKind.Counter)
            _ledger.Settle(_phase.Kind, in request, link.HeadKeys[0], _recorder.Of(request.Simulation).Errors);
        link.RemoveHead();
    }

    private void Finish(LoadConnection connection, in Pending request, long now)
    {
        connection.Count--;
        _inFlight--;
        _roomSince = Math.Min(_roomSince, now);
        _outcome.LastAnswer = now;
        Volatile.Write(ref _answered, _answered + 1);
        Measurement measurement = request.Start >= _phase.MeasureStart ? _recorder.Of(request.Simulation) : _recorder.Unmeasured;
        OperationCounts counts = measurement.Operations[request.Entry];
        counts.Latency.Record(now - request.Start);
        if (request.IsFailed) return;
        counts.BytesRead += request.BytesRead;
        if (request.IsRefused) counts.NotStored++;
        else counts.BytesWritten += request.BytesWritten;
        if (!Operations.IsLookup(request.Operation)) return;
        counts.Hits += request.Hits;
        counts.Misses += request.KeyCount - request.Hits;
    }

    /// <summary>
    /// Counts the error for the oldest request and a lost connection for those behind it, which count as answered only
    /// now: a request that is never answered must not make the percentiles look better. Then it connects again.
    /// </summary>
    private void Break(LoadLink link, ErrorKind kind, string example)
    {
        long now = LoadClock.Now();
        if (link.Count == 0) _recorder.Of(_pacer.Simulation).Errors.Count(kind, example);
        for (bool isFirst = true; link.Count > 0; isFirst = false)
        {
            ref Pending request = ref link.Head;
            request.IsFailed = true;
            _recorder.Of(request.Simulation).Errors.Count(isFirst ? kind : ErrorKind.ConnectionLost, example);
            Complete(link, now);
        }
        link.Reconnect();
        _poll.Watch(link.Handle, link.Token, alsoOut: false);
    }

    private void CheckTimeouts(long now)
    {
        _nextTimeoutCheck = now + WaitNanosMax;
        long limit = now - _timeoutNanos;
        _pacer.MoveTo(now);
        foreach (LoadLink link in _links)
        {
            if (link.IsConnecting && link.ConnectStart <= limit) throw link.ConnectTimedOut(_settings.Timeout);
            Renew(link.Connection);
            bool isActive = !_isDraining && IsActive(link.Connection, now);
            // One that broke while it was filled has nothing on its way that could wake it.
            if (link.Connection.Count == 0 && isActive) Fill(link.Connection, now);
            if (link.Count == 0 || link.Head.Sent > limit) continue;
            bool isWithinReply = link.Input.Length > 0 && !_settings.IsUdp;
            ErrorKind kind = isWithinReply ? ErrorKind.TruncatedReply : ErrorKind.NoAnswer;
            Break(link, kind, kind == ErrorKind.NoAnswer
                ? $"no answer for {_timeoutNanos / 1e9:0.###} s"
                : $"the rest of a reply did not come for {_timeoutNanos / 1e9:0.###} s");
            if (isActive) Fill(link.Connection, now);
        }
    }

    private string ShownInput(LoadLink link) => _dialect.Describe(link.Input);
}
