using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Metrics;
using Memcachier.LoadTest.Report.Live;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Engine;

/// <summary>Connects, stores the keys, warms up, measures: and tells how it goes, a line each second.</summary>
public sealed class LoadRunner : IDisposable
{
    /// <summary>
    /// The keys are stored with many requests on their way, whatever the load is to be, but not with so many that the last
    /// one waits for seconds.
    /// </summary>
    private const int PreloadInFlightMax = 4096;

    private const int PreloadDepthMax = 64;

    /// <summary>How often the views are told how it goes: each time takes a moment from a load on the same processor.</summary>
    private const int PollMillis = 250;

    private const long NanosPerSecond = 1_000_000_000;

    /// <summary>The threads begin together, so a little later.</summary>
    private const long StartDelayNanos = 10_000_000;

    private readonly LoadSettings _settings;
    private readonly IRunView _view;
    private readonly LoadThread[] _threads;
    private readonly int _preloadDepth;
    private readonly CounterLedger? _ledger;
    private LoadTestException? _failure;

    private LoadRunner(LoadSettings settings, IRunView view)
    {
        _settings = settings;
        _view = view;
        _threads = new LoadThread[settings.ThreadCount];
        _preloadDepth = settings.IsUdp
            ? 1
            : Math.Clamp(PreloadInFlightMax / settings.ConnectionCount, 1, PreloadDepthMax);
        if (settings.IsVerifying && settings.Mix.Has(KeyKind.Counter))
            _ledger = new CounterLedger(settings.KeyCount, settings.Mix.Has(Operation.Decr), settings.KeyFormat);
    }

    /// <summary>Blocks until the load is over.</summary>
    /// <param name="settings">Which load.</param>
    /// <param name="progress">Where to tell how it goes.</param>
    /// <param name="cancel">Ends it early, with a result of what has been measured.</param>
    /// <exception cref="OperationCanceledException">It was ended before the measurement had begun.</exception>
    public static LoadResult Run(LoadSettings settings, TextWriter progress, CancellationToken cancel) =>
        Run(settings, new PlainView(progress), cancel);

    /// <inheritdoc cref="Run(LoadSettings, TextWriter, CancellationToken)"/>
    /// <param name="settings">Which load.</param>
    /// <param name="view">What shows how it goes.</param>
    /// <param name="cancel">Ends it early, with a result of what has been measured.</param>
    public static LoadResult Run(LoadSettings settings, IRunView view, CancellationToken cancel)
    {
        if (settings.ThreadCount > settings.ConnectionCount)
            throw new LoadTestException(
                $"{settings.ConnectionCount} connections are too few for {settings.ThreadCount} threads");
        if (settings.IsUdp && settings.Depth > 1)
            throw new LoadTestException("with --udp, --depth is 1: take more --connections instead");
        if (settings.IsUdp && settings.Churn > 0)
            throw new LoadTestException("there are no connections over UDP, so --churn and --udp do not go together");
        if (settings.IsUdp && settings.Credentials != null)
            throw new LoadTestException("there is no login over UDP");
        if ((long)settings.ConnectionCount * settings.Servers.Count > LoadSettings.ConnectionCountMax)
            throw new LoadTestException(
                $"{settings.ConnectionCount} connections to each of {settings.Servers.Count} servers are more than " +
                $"{LoadSettings.ConnectionCountMax}");
        if (settings.IsVerifying && settings.Mix.Has(KeyKind.Counter) && settings.KeyCount > CounterLedger.CountMax)
            throw new LoadTestException(
                $"{settings.KeyCount} counters are too many to verify: with incr, decr or cas in the mix, --verify " +
                $"takes up to {CounterLedger.CountMax} keys");
        if (settings.IsVerifying && settings.Mix.Has(Operation.Decr) && !settings.IsPreloading)
            throw new LoadTestException("decr stops at 0, so to verify it, the counters have to be preloaded");
        CheckNumbered(settings, KeyKind.Counter, "a counter: with incr, decr or cas");
        CheckNumbered(settings, KeyKind.Growing, "a value that grows: with append or prepend");
        if (settings.Simulations.FirstOrDefault(each => each.Copies > settings.ConnectionCount) is { } wide)
            throw new LoadTestException(
                $"{settings.ConnectionCount} connections are too few for the {wide.Copies} copies of '{wide.Name}'");
        using var runner = new LoadRunner(settings, view);
        return runner.Run(cancel);
    }

    public void Dispose()
    {
        foreach (LoadThread thread in _threads) thread?.Dispose();
    }

    /// <summary>What has two meanings would be neither.</summary>
    private static void CheckNumbered(LoadSettings settings, KeyKind kind, string whose)
    {
        if (!settings.Mix.Has(kind) || settings.KeyFormat.FirstClash(kind) is not { } index) return;
        throw new LoadTestException(
            $"{settings.KeyFile!.Path}, line {index + 1}: {settings.KeyFormat.ToText(index, KeyKind.Value)} is the key of " +
            $"{whose} in the mix, write another");
    }

    private LoadResult Run(CancellationToken cancel)
    {
        for (int i = 0; i < _threads.Length; i++)
            _threads[i] = new LoadThread(_settings, i, Math.Max(_settings.Depth, _preloadDepth), _ledger);
        foreach (LoadThread thread in _threads) thread.Connect();
        var preloadErrors = new ErrorCounts();
        if (_settings.IsPreloading) preloadErrors = Preload(cancel);
        else if (_ledger != null) _ = ForEachKey(PhaseKind.ReadCounters, _view.Checking, "counters", cancel);
        LoadResult result = Load(preloadErrors, cancel);
        return _ledger == null || result.IsInterrupted ? result : CheckCounters(result, _ledger, cancel);
    }

    private ErrorCounts Preload(CancellationToken cancel)
    {
        var errors = new ErrorCounts();
        if (_settings.Mix.Has(KeyKind.Value)) errors.Add(Preload(PhaseKind.PreloadValues, "keys", cancel));
        if (_settings.Mix.Has(KeyKind.Counter)) errors.Add(Preload(PhaseKind.PreloadCounters, "counters", cancel));
        if (_settings.Mix.Has(KeyKind.Growing))
            errors.Add(Preload(PhaseKind.PreloadGrowing, "keys that grow", cancel));
        if (errors.Total > 0)
        {
            string? example = ErrorKinds.All.Select(errors.ExampleOf).FirstOrDefault(text => text != null);
            _view.Note($"{errors.Total} of them failed: {example}");
        }
        return errors;
    }

    private ErrorCounts Preload(PhaseKind kind, string what, CancellationToken cancel)
    {
        long start = LoadClock.Now();
        ErrorCounts errors = ForEachKey(kind, _view.Preloading, what, cancel);
        _view.Preloaded(_settings.KeyCount, what, TimeSpan.FromMicroseconds((LoadClock.Now() - start) / 1000.0));
        return errors;
    }

    /// <summary>Reads the counters once more; what they should be is known. That shows lost updates.</summary>
    private LoadResult CheckCounters(LoadResult result, CounterLedger ledger, CancellationToken cancel)
    {
        result.Total.Errors.Add(ForEachKey(PhaseKind.CheckCounters, _view.Checking, "counters", cancel));
        return result with { CountersChecked = ledger.Checked, CountersGone = ledger.Gone };
    }

    /// <summary>A request for each key.</summary>
    private ErrorCounts ForEachKey(PhaseKind kind, Action<long, long, string> show, string what, CancellationToken cancel)
    {
        long start = LoadClock.Now();
        var everyConnection = Schedule.Endless(_settings.ConnectionCount);
        _ = RunPhase(lane => new LoadPhase
        {
            Kind = kind,
            Depth = _preloadDepth,
            Start = start,
            MeasureStart = start,
            Schedule = everyConnection,
            RequestCountMax = Share(_settings.KeyCount, lane),
            Cancel = cancel,
        }, () => show(_threads.Sum(thread => thread.Answered), _settings.KeyCount, what), cancel);
        var errors = new ErrorCounts();
        foreach (LoadThread thread in _threads)
        {
            while (thread.Samples.TryDequeue(out (int Second, int Simulation, Measurement Counts) sample))
                errors.Add(sample.Counts.Errors);
        }
        return errors;
    }

    private LoadResult Load(ErrorCounts preloadErrors, CancellationToken cancel)
    {
        var schedule = Schedule.Of(_settings);
        Rehearse(schedule);
        long start = LoadClock.Now() + StartDelayNanos;
        long measureStart = start + schedule.WarmUp;
        bool isEndless = schedule.Length == long.MaxValue;
        long end = isEndless ? long.MaxValue : start + schedule.Length;
        DateTimeOffset started = DateTimeOffset.UtcNow.AddMicroseconds((measureStart - LoadClock.Now()) / 1000.0);
        using ServerScraper? scraper = _settings.Metrics is { } url
            ? new ServerScraper(url, _settings.MetricsToken, measureStart)
            : null;
        var board = new SecondBoard(_settings.Mix.Entries.Count, _threads.Length, schedule);
        ThreadOutcome[] outcomes = RunPhase(lane => new LoadPhase
        {
            Kind = PhaseKind.Load,
            Depth = _settings.Depth,
            Start = start,
            MeasureStart = measureStart,
            End = end,
            RequestCountMax = _settings.RequestCount > 0 ? Share(_settings.RequestCount, lane) : long.MaxValue,
            Schedule = schedule,
            Cancel = cancel,
        }, () =>
        {
            CollectSamples(board);
            _view.Running(
                TimeSpan.FromMicroseconds((LoadClock.Now() - measureStart) / 1000.0), _threads.Sum(thread => thread.Answered));
        }, cancel);
        ServerFigures? server = scraper?.Finish();
        CollectSamples(board);
        board.Finish(_view.Second);
        bool isInterrupted = outcomes.Any(outcome => outcome.IsCut);
        if (isInterrupted) end = outcomes.Where(outcome => outcome.IsCut).Max(outcome => outcome.End);
        long stop = outcomes.Max(outcome => outcome.LastAnswer);
        if (!isEndless) stop = Math.Max(stop, end);
        return new LoadResult
        {
            Total = board.Total,
            Seconds = board.Seconds,
            Started = started,
            IsInterrupted = isInterrupted,
            Elapsed = Span(measureStart, stop),
            Unsent = outcomes.Sum(outcome => outcome.Unsent.Sum()),
            Simulations = [.. schedule.Simulations.Select((each, i) => new SimulationResult(
                each,
                Span(0, schedule.StartOf(i)),
                Span(schedule.StartOf(i), Math.Min(schedule.EndOf(i), stop - measureStart)),
                board.Simulations[i],
                outcomes.Sum(outcome => outcome.Unsent[i])))],
            ClientCpu = [.. outcomes.Select(outcome => (double)outcome.CpuNanos / Math.Max(outcome.WallNanos, 1))],
            ClientAllocatedBytes = outcomes.Sum(outcome => outcome.AllocatedBytes),
            PreloadErrors = preloadErrors,
            Server = server,
        };
    }

    /// <summary>
    /// A second is measured and shown before there is one. What is done for the first time is compiled, which takes
    /// milliseconds that a load on the same processor would see.
    /// </summary>
    private void Rehearse(Schedule schedule)
    {
        int operationCount = _settings.Mix.Entries.Count;
        var board = new SecondBoard(operationCount, threadCount: 1, schedule);
        Collect(SecondRecorder.Rehearse(operationCount, schedule), thread: 0, board);
        board.Publish(_view.Rehearse);
    }

    private void CollectSamples(SecondBoard board)
    {
        for (int i = 0; i < _threads.Length; i++) Collect(_threads[i].Samples, i, board);
        board.Publish(_view.Second);
    }

    private static void Collect(
        ConcurrentQueue<(int Second, int Simulation, Measurement Counts)> samples, int thread, SecondBoard board)
    {
        while (samples.TryDequeue(out (int Second, int Simulation, Measurement Counts) sample))
            board.Add(thread, sample.Second, sample.Simulation, sample.Counts);
    }

    /// <summary>
    /// Runs a phase on all threads; in the meantime, does <paramref name="whileRunning"/> again and again.
    /// </summary>
    private ThreadOutcome[] RunPhase(Func<int, LoadPhase> phaseOf, Action whileRunning, CancellationToken cancel)
    {
        var outcomes = new ThreadOutcome[_threads.Length];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var workers = new Thread[_threads.Length];
        for (int i = 0; i < workers.Length; i++)
        {
            int lane = i;
            workers[lane] = new Thread(() => Work(lane, phaseOf(lane) with { Cancel = stop.Token }, outcomes, stop));
            workers[lane].Start();
        }
        foreach (Thread worker in workers)
        {
            while (!worker.Join(PollMillis)) whileRunning();
        }
        if (_failure != null) throw _failure;
        if (outcomes.Any(outcome => outcome.IsAbandoned)) cancel.ThrowIfCancellationRequested();
        return outcomes;
    }

    private void Work(int lane, LoadPhase phase, ThreadOutcome[] outcomes, CancellationTokenSource stop)
    {
        try
        {
            outcomes[lane] = _threads[lane].Run(phase);
        }
        catch (LoadTestException problem)
        {
            _ = Interlocked.CompareExchange(ref _failure, problem, null);
            stop.Cancel();
        }
    }

    /// <summary>None, if a run was ended before something began.</summary>
    private static TimeSpan Span(long from, long to) => TimeSpan.FromMicroseconds(Math.Max(to - from, 0) / 1000.0);

    /// <summary>What of a number is one thread's: the first ones take the rest of the division.</summary>
    private long Share(long count, int lane) => (count - lane + _threads.Length - 1) / _threads.Length;
}
