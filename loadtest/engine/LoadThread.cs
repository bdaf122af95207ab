using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
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

    private readonly LoadSettings _settings;
    private readonly MixEntry[] _mix;
    private readonly KeyDistribution _keys;
    private readonly KeyDistribution _allKeys;
    private readonly Dialect _dialect;
    private readonly EventPoll _poll = new();
    private readonly LoadConnection[] _connections;
    private readonly List<LoadConnection> _dirty = [];
    private readonly int _depthMax;
    private readonly CounterLedger? _ledger;
    private Prng _prng;

    // Of the phase that runs.
    private LoadPhase _phase = null!;
    private ThreadOutcome _outcome = null!;
    private Measurement _current;
    private Measurement _unmeasured;
    private int _second;
    private long _nextSecond;
    private long _issued;
    private long _answered;
    private int _inFlight;
    private double _due;
    private int _nextConnection;
    private long _roomSince;
    private bool _isDraining;
    private long _nextTimeoutCheck;
    private long _cpuStart;
    private long _allocatedStart;

    /// <param name="settings">What to do.</param>
    /// <param name="lane">Which of the threads it is, from 0.</param>
    /// <param name="depthMax">The deepest of the phases.</param>
    /// <param name="ledger">Where updates of counters are entered, if they are checked.</param>
    public LoadThread(LoadSettings settings, int lane, int depthMax, CounterLedger? ledger)
    {
        _ledger = ledger;
        _settings = settings;
        _mix = [.. settings.Mix.Entries];
        _keys = KeyDistribution.Parse(settings.KeyDistribution, settings.KeyCount, lane, settings.ThreadCount);
        _allKeys = KeyDistribution.Parse("sequential", settings.KeyCount, lane, settings.ThreadCount);
        _dialect = Dialect.Create(settings, lane);
        _prng = new Prng(settings.Seed + ((ulong)lane << 32));
        _current = new Measurement(_mix.Length);
        _unmeasured = new Measurement(_mix.Length);
        int count = (settings.ConnectionCount - lane + settings.ThreadCount - 1) / settings.ThreadCount;
        _connections = new LoadConnection[count];
        _depthMax = depthMax;
    }

    /// <summary>Connects; before <see cref="Run"/>.</summary>
    public void Connect()
    {
        Login? login = _settings.Credentials == null
            ? null
            : new Login(_settings.Credentials, _settings.Protocol, _settings.Timeout);
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = new LoadConnection(
                _settings.Server, login, _depthMax, _settings.Mix.KeysPerRequestMax);
            _poll.Watch(_connections[i].Handle, i, alsoOut: false);
        }
    }

    /// <summary>What was measured, second by second; the last one ends with the phase.</summary>
    public ConcurrentQueue<(int Second, Measurement Counts)> Samples { get; } = [];

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
            if (now >= _nextSecond) EndSeconds(now);
            if (now >= _nextTimeoutCheck) CheckTimeouts(now);
            if (!_isDraining && IsAtEnd(now)) BeginDraining();
            if (_isDraining && _inFlight == 0) break;
            if (phase.Cancel.IsCancellationRequested) break;
            long wait = _isDraining ? WaitNanosMax : Issue(now);
            int count = _poll.Wait(wait);
            for (int i = 0; i < count; i++) Serve(_connections[_poll.TokenOf(i)], _poll.FlagsOf(i));
        }
        End();
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
        _outcome = new ThreadOutcome { LastAnswer = phase.MeasureStart };
        _current = new Measurement(_mix.Length);
        _second = -1;
        _nextSecond = phase.MeasureStart;
        _issued = _answered = _inFlight = 0;
        _isDraining = false;
        _roomSince = phase.Start;
        // Threads take turns, so that together they are as regular as one would be.
        _due = phase.Start;
        _nextTimeoutCheck = phase.Start + WaitNanosMax;
    }

    /// <summary>What is due shortly before the end is sent behind it, if it had to wait.</summary>
    private bool IsAtEnd(long now) => _issued >= _phase.RequestCountMax ||
        (_phase.Interval == 0 ? now >= _phase.End : _due >= _phase.End || now - _phase.End >= LatenessNanosMax);

    private void BeginDraining()
    {
        _isDraining = true;
        if (_phase.Interval == 0 || _issued >= _phase.RequestCountMax) return;
        // What is due in the time that was asked for and could not be sent is not forgotten.
        for (; _due < _phase.End; _due += _phase.Interval)
        {
            if (_due >= _phase.MeasureStart) _outcome.Unsent++;
        }
    }

    private void End()
    {
        Samples.Enqueue((Math.Max(_second, 0), _current));
        // A thread without a share of the requests is over before the measurement begins.
        if (_second < 0) return;
        _outcome.CpuNanos = LoadClock.ThreadCpu() - _cpuStart;
        _outcome.WallNanos = LoadClock.Now() - _phase.MeasureStart;
        _outcome.AllocatedBytes = GC.GetAllocatedBytesForCurrentThread() - _allocatedStart;
    }

    /// <summary>Hands over what was measured in the seconds that are over.</summary>
    private void EndSeconds(long now)
    {
        if (_second < 0)
        {
            _cpuStart = LoadClock.ThreadCpu();
            _allocatedStart = GC.GetAllocatedBytesForCurrentThread();
            _second = 0;
            _nextSecond += NanosPerSecond;
        }
        // What comes in after the end belongs to the last second.
        while (now >= _nextSecond && _nextSecond < _phase.End)
        {
            Samples.Enqueue((_second, _current));
            _current = new Measurement(_mix.Length);
            _second++;
            _nextSecond += NanosPerSecond;
        }
        if (_nextSecond >= _phase.End && now >= _nextSecond) _nextSecond = long.MaxValue;
    }

    /// <summary>Sends what is due. Returns how long there is nothing to do but to wait for answers.</summary>
    private long Issue(long now)
    {
        if (now < _phase.Start) return Math.Min(_phase.Start - now, WaitNanosMax);
        if (_phase.Interval == 0)
        {
            // After this, every connection is filled again when it has been served.
            if (_inFlight == 0) Array.ForEach(_connections, connection => Fill(connection, now));
            return WaitNanosMax;
        }
        double limit = Math.Min(now, _phase.End - 1);
        while (_due <= limit && _issued < _phase.RequestCountMax && TryNextFree(out LoadConnection connection))
        {
            long due = (long)_due;
            if (due >= _phase.MeasureStart) _current.Lag.Record(now - Math.Max(due, _roomSince));
            Write(connection, due, now);
            _due += _phase.Interval;
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
        return _due > now ? Math.Min((long)_due - now, WaitNanosMax) : WaitNanosMax;
    }

    private bool TryNextFree(out LoadConnection connection)
    {
        for (int i = 0; i < _connections.Length; i++)
        {
            connection = _connections[_nextConnection];
            if (++_nextConnection == _connections.Length) _nextConnection = 0;
            if (connection.IsFree(_phase.Depth)) return true;
        }
        // The next answer makes room.
        _roomSince = long.MaxValue;
        connection = null!;
        return false;
    }

    private void Fill(LoadConnection connection, long now)
    {
        while (connection.IsFree(_phase.Depth) && _issued < _phase.RequestCountMax) Write(connection, now, now);
        Flush(connection);
    }

    /// <summary>Hot: once per request.</summary>
    private void Write(LoadConnection connection, long due, long now)
    {
        ref Pending request = ref connection.Add(out Span<long> keys);
        request.Start = due;
        request.Sent = now;
        _inFlight++;
        if (due >= _phase.MeasureStart) _issued++;
        if (_phase.Kind == PhaseKind.Load)
        {
            request.Entry = _settings.Mix.Draw(ref _prng);
            request.Operation = _mix[request.Entry].Operation;
            request.KeyCount = _mix[request.Entry].KeyCount;
            request.KeyKind = Operations.KeyKindOf(request.Operation);
            if (request.Operation == Operation.Cas) request.Step = RequestStep.Fetch;
            for (int i = 0; i < request.KeyCount; i++) keys[i] = _keys.Draw(ref _prng);
            _dialect.Write(connection.Output, ref request, keys[..request.KeyCount]);
            return;
        }
        bool isRead = _phase.Kind is PhaseKind.ReadCounters or PhaseKind.CheckCounters;
        request.Operation = isRead ? Operation.Get : Operation.Set;
        request.KeyKind = _phase.Kind switch
        {
            PhaseKind.PreloadValues => KeyKind.Value,
            PhaseKind.PreloadGrowing => KeyKind.Growing,
            _ => KeyKind.Counter,
        };
        request.Number = _settings.CounterStart;
        request.KeyCount = 1;
        keys[0] = _allKeys.Draw(ref _prng);
        _dialect.Write(connection.Output, ref request, keys[..1]);
    }

    /// <summary>Writes the second command of a request whose first one is answered, behind the others.</summary>
    private void Continue(LoadConnection connection, long now)
    {
        Pending request = connection.Head;
        long key = connection.HeadKeys[0];
        connection.RemoveHead();
        request.Sent = now;
        request.Step = RequestStep.Store;
        request.Number++;
        ref Pending next = ref connection.Add(out Span<long> keys);
        next = request;
        keys[0] = key;
        _dialect.Write(connection.Output, ref next, keys[..1]);
    }

    private void Flush(LoadConnection connection)
    {
        bool wasBlocked = connection.IsBlocked;
        if (!connection.TrySend())
        {
            Break(connection, ErrorKind.ConnectionLost, "the connection broke while sending");
            return;
        }
        if (wasBlocked != connection.IsBlocked)
            _poll.Change(connection.Handle, Array.IndexOf(_connections, connection), connection.IsBlocked);
    }

    /// <summary>Hot: once per batch of answers.</summary>
    private void Serve(LoadConnection connection, uint flags)
    {
        // Errors and the end show when it is read.
        if ((flags & ~EventPoll.Out) != 0) Read(connection);
        if (_phase.Interval == 0 && !_isDraining)
        {
            long now = LoadClock.Now();
            if (now < _phase.End) Fill(connection, now);
        }
        // What waited for room, and what follows an answer.
        if (connection.Output.Count > 0) Flush(connection);
    }

    private void Read(LoadConnection connection)
    {
        bool isMore = true;
        while (isMore)
        {
            if (!connection.TryReceive(out isMore))
            {
                if (connection.Input.Length > 0)
                    Break(connection, ErrorKind.TruncatedReply, "the connection ended within a reply");
                else Break(connection, ErrorKind.ConnectionLost, "the server closed the connection");
                return;
            }
            if (!TryTakeReplies(connection, LoadClock.Now())) return;
        }
    }

    /// <summary>Fails if the connection had to be given up.</summary>
    private bool TryTakeReplies(LoadConnection connection, long now)
    {
        while (connection.Input.Length > 0)
        {
            if (connection.Count == 0)
            {
                Break(connection, ErrorKind.SwappedReply, $"a reply that nobody asked for: {ShownInput(connection)}");
                return false;
            }
            ref Pending request = ref connection.Head;
            switch (_dialect.Take(
                connection.Input, ref request, connection.HeadKeys, _current.Errors, out int consumed))
            {
                case AnswerProgress.NeedMoreData:
                    return true;
                case AnswerProgress.More:
                    break;
                case AnswerProgress.Done:
                    Complete(connection, now);
                    break;
                case AnswerProgress.Continue:
                    Continue(connection, now);
                    break;
                case AnswerProgress.OutOfStep:
                    Break(connection, ErrorKind.SwappedReply,
                        $"a {_mix[request.Entry].Name} was answered {ShownInput(connection)}");
                    return false;
                case AnswerProgress.Truncated:
                    Break(connection, ErrorKind.TruncatedReply,
                        $"no line's end follows the value of {ShownInput(connection)}");
                    return false;
                case AnswerProgress.Malformed:
                default:
                    Break(connection, ErrorKind.MalformedReply, $"the server answers {ShownInput(connection)}");
                    return false;
            }
            connection.Consume(consumed);
        }
        return true;
    }

    /// <summary>Hot: once per request. The oldest one is over.</summary>
    private void Complete(LoadConnection connection, long now)
    {
        ref Pending request = ref connection.Head;
        Count(in request, now);
        if (_ledger != null && request.KeyKind == KeyKind.Counter) Settle(_ledger, in request, connection.HeadKeys[0]);
        connection.RemoveHead();
    }

    private void Count(in Pending request, long now)
    {
        _inFlight--;
        _roomSince = Math.Min(_roomSince, now);
        _outcome.LastAnswer = now;
        Volatile.Write(ref _answered, _answered + 1);
        Measurement measurement = request.Start >= _phase.MeasureStart ? _current : _unmeasured;
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

    /// <summary>Enters into the ledger what became of a request for a counter.</summary>
    private void Settle(CounterLedger ledger, in Pending request, long key)
    {
        int delta = request.Operation == Operation.Decr ? -1 : 1;
        switch (_phase.Kind)
        {
            case PhaseKind.Load when request.IsFailed:
                if (request.Step != RequestStep.Fetch) ledger.Doubt(key, delta);
                break;
            case PhaseKind.Load:
                if (request.Hits > 0 && !request.IsRefused) ledger.Acknowledge(key, delta);
                break;
            case PhaseKind.CheckCounters when request.Hits == 0 && !request.IsFailed:
                ledger.Miss(key);
                break;
            case PhaseKind.CheckCounters when !request.IsFailed:
                if (ledger.Check(key, request.Number) is not { } kind) break;
                string name = new KeyFormat(_settings.KeySize).ToText(key, KeyKind.Counter);
                _current.Errors.Count(kind,
                    $"the counter {name} is {request.Number}, and its updates make {ledger.Describe(key)}");
                break;
            default:
                bool isKnown = request.Hits > 0 || request.Operation == Operation.Set;
                if (isKnown && !request.IsFailed) ledger.Begin(key, request.Number);
                break;
        }
    }

    /// <summary>
    /// Counts the error for the oldest request and a lost connection for those behind it, which count as answered only
    /// now: a request that is never answered must not make the percentiles look better. Then it connects again.
    /// </summary>
    private void Break(LoadConnection connection, ErrorKind kind, string example)
    {
        long now = LoadClock.Now();
        if (connection.Count == 0) _current.Errors.Count(kind, example);
        for (bool isFirst = true; connection.Count > 0; isFirst = false)
        {
            ref Pending request = ref connection.Head;
            request.IsFailed = true;
            _current.Errors.Count(isFirst ? kind : ErrorKind.ConnectionLost, example);
            Complete(connection, now);
        }
        connection.Reconnect();
        _poll.Watch(connection.Handle, Array.IndexOf(_connections, connection), alsoOut: false);
    }

    private void CheckTimeouts(long now)
    {
        _nextTimeoutCheck = now + WaitNanosMax;
        long limit = now - (long)_settings.Timeout.TotalNanoseconds;
        bool isClosedLoop = _phase.Interval == 0 && now >= _phase.Start && !_isDraining;
        foreach (LoadConnection connection in _connections)
        {
            // One that broke while it was filled has nothing on its way that could wake it.
            if (connection.Count == 0 && isClosedLoop) Fill(connection, now);
            if (connection.Count == 0 || connection.Head.Sent > limit) continue;
            ErrorKind kind = connection.Input.Length > 0 ? ErrorKind.TruncatedReply : ErrorKind.NoAnswer;
            Break(connection, kind, kind == ErrorKind.NoAnswer
                ? $"no answer for {_settings.Timeout.TotalSeconds:0.###} s"
                : $"the rest of a reply did not come for {_settings.Timeout.TotalSeconds:0.###} s");
            if (isClosedLoop) Fill(connection, now);
        }
    }

    private string ShownInput(LoadConnection connection) => _dialect.Describe(connection.Input);
}
