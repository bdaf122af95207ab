using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Replay;

/// <summary>
/// Replays a trace: get; on a miss, set. Each connection has a thread, and each key a connection, so that the requests
/// of a key stay in the trace's order however many connections there are.
/// </summary>
public sealed class Replayer
{
    /// <summary>How far the trace is read ahead of a connection.</summary>
    private const int BatchCountMax = 16;

    private readonly ReplaySettings _settings;
    private readonly SizeDistribution _sizes;
    private readonly List<Lane> _lanes = [];

    /// <summary>Why the first connection failed; the others then fail because of it.</summary>
    private LoadTestException? _failure;

    private Replayer(ReplaySettings settings)
    {
        _settings = settings;
        _sizes = settings.Sizes ?? SizeDistribution.Parse(SizeDistribution.Etc);
    }

    /// <summary>Blocks until the trace is at its end.</summary>
    public static ReplayResult Run(ReplaySettings settings, CancellationToken cancel)
    {
        using TraceReader trace = TraceReader.Open(settings.Trace, settings.Format);
        var replayer = new Replayer(settings);
        try
        {
            return replayer.Run(trace, cancel);
        }
        finally
        {
            foreach (Lane lane in replayer._lanes) lane.Dispose();
        }
    }

    private ReplayResult Run(TraceReader trace, CancellationToken cancel)
    {
        for (int i = 0; i < _settings.ConnectionCount; i++) _lanes.Add(new Lane(_settings));
        if (_settings.IsFlushing) _lanes[0].FlushAll();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        // A connection that waits for its server is not interrupted otherwise.
        using CancellationTokenRegistration cut = stop.Token.Register(() => _lanes.ForEach(lane => lane.Cut()));
        long start = Stopwatch.GetTimestamp();
        foreach (Lane lane in _lanes) lane.Start(failure => Fail(failure, stop), stop.Token);
        try
        {
            Distribute(trace, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // One of the connections failed and says why below, or the user interrupts.
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            foreach (Lane lane in _lanes) lane.Join();
        }
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        cancel.ThrowIfCancellationRequested();
        if (_failure != null) throw _failure;
        var counts = new ReplayCounts(_settings.Interval);
        foreach (Lane lane in _lanes) counts.Add(lane.Counts);
        return new ReplayResult(counts, trace.Format, elapsed);
    }

    private void Fail(LoadTestException failure, CancellationTokenSource stop)
    {
        _ = Interlocked.CompareExchange(ref _failure, failure, null);
        stop.Cancel();
    }

    private void Distribute(TraceReader trace, CancellationToken cancel)
    {
        long position = 0;
        while (position < _settings.RequestCountMax && trace.TryRead(out TraceRequest request))
        {
            ulong hash = KeyHash.Of(request.Key);
            int size = request.Size == TraceRequest.NoSize || _settings.Sizes != null
                ? _sizes.Draw(hash)
                : Math.Min(request.Size, SizeDistribution.SizeMax);
            // The sizes are drawn from the upper bits.
            Lane lane = _lanes[(int)((uint)hash % (uint)_lanes.Count)];
            lane.Add(request.Key, hash, size, position, cancel);
            position++;
        }
        foreach (Lane lane in _lanes) lane.Complete(cancel);
    }

    /// <summary>A connection, its thread, and the requests that wait for it.</summary>
    private sealed class Lane : IDisposable
    {
        private readonly ServerConnection _connection;
        private readonly ReplayClient _client;
        private readonly BlockingCollection<ReplayBatch> _batches = new(BatchCountMax);
        private ReplayBatch _filling = new();
        private Thread? _thread;

        public Lane(ReplaySettings settings)
        {
            Counts = new ReplayCounts(settings.Interval);
            _connection = new ServerConnection(settings.Server);
            _client = new ReplayClient(_connection, Counts, settings.Window);
        }

        public ReplayCounts Counts { get; }

        public void FlushAll()
        {
            _connection.QueueFlushAll();
            _connection.Send();
            Reply reply = _connection.TakeReply();
            if (reply.Kind != ReplyKind.Ok) throw _connection.Unexpected(reply.Kind.ToString());
        }

        public void Start(Action<LoadTestException> onFailure, CancellationToken stop)
        {
            _thread = new Thread(() => Work(onFailure, stop));
            _thread.Start();
        }

        public void Add(ReadOnlySpan<byte> key, ulong hash, int size, long position, CancellationToken cancel)
        {
            _filling.Add(key, hash, size, position);
            if (!_filling.IsFull) return;
            _batches.Add(_filling, cancel);
            _filling = new ReplayBatch();
        }

        public void Complete(CancellationToken cancel)
        {
            _batches.Add(_filling, cancel);
            _batches.CompleteAdding();
        }

        public void Join() => _thread?.Join();

        public void Cut() => _connection.Dispose();

        public void Dispose()
        {
            _connection.Dispose();
            _batches.Dispose();
        }

        private void Work(Action<LoadTestException> onFailure, CancellationToken stop)
        {
            try
            {
                foreach (ReplayBatch batch in _batches.GetConsumingEnumerable(stop))
                {
                    for (int i = 0; i < batch.Count; i++) _client.Add(batch.Key(in batch[i]), in batch[i]);
                }
                _client.RunWindow();
            }
            catch (OperationCanceledException)
            {
                // Another connection failed, or the user interrupts.
            }
            catch (LoadTestException problem)
            {
                onFailure(problem);
            }
        }
    }
}
