using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Memcachier.Bench.Instructions;
using Memcachier.Bench.Peer;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest;

namespace Memcachier.Bench.Guest;

/// <summary>
/// A guest that runs one round at a time, each with exactly the frames that were sent before. QEMU is started by
/// whoever makes this, with <see cref="NetworkSocket"/> and <see cref="GateSocket"/>.
/// </summary>
public sealed class GuestUnderTest : IDisposable
{
    private const ushort CachePort = 11211;
    private const ushort ApiPort = 8080;

    /// <summary>Rounds without a frame. A guest that halts in them needs a tenth of a second for each.</summary>
    private const int IdleRoundsMax = 200;

    private const int ReadsWanted = 1024;
    private const int ReadBatchesMax = 256;

    /// <summary>A store makes room a segment at a time: what that takes is an average of many writes.</summary>
    private const int WritesWanted = 16 * 1024;
    private const int WriteBatchesMax = 4096;
    private const int LargeWritesWanted = 128;
    private const int LargeValueMin = 16 * 1024;
    private const int BatchesMin = 12;
    private const int WarmUpBatches = 12;
    private const int ReadCount = 3;
    private const int UnansweredMax = 512 * 1024;
    private const double NanosPerSecond = 1e9;
    private const string Metrics = "/metrics";
    private const string WorkCounter = "memcachier_work_seconds_total";
    private const int SettledDepth = 32;
    private const int SettledConnections = 16;

    private readonly GuestCable _cable;
    private readonly GuestGate _gate;
    private readonly PeerStation _peer;
    private QmpConnection? _qmp;
    private Prng _random = new(1);

    /// <param name="directory">For the sockets. Its path is short.</param>
    public GuestUnderTest(string directory)
    {
        NetworkSocket = Path.Combine(directory, "cable");
        GateSocket = Path.Combine(directory, "gate");
        _cable = new GuestCable(NetworkSocket);
        _gate = new GuestGate(GateSocket);
        _peer = new PeerStation(_cable);
    }

    /// <summary>For <c>-netdev stream</c>, which connects to it.</summary>
    public string NetworkSocket { get; }

    /// <summary>For the plug-in, which connects to it.</summary>
    public string GateSocket { get; }

    /// <summary>What to tell the guest, so that it has the address under which it is asked.</summary>
    public static string AddressSetting => "ip=10.0.0.15/24,gw=10.0.0.2";

    /// <summary>Waits until the guest has booted and is to be found.</summary>
    public void Begin(string qmpSocket)
    {
        _qmp = new QmpConnection(qmpSocket);
        _cable.Accept(_qmp);
        _gate.Stop();
        for (int i = 0; i < IdleRoundsMax && !_peer.IsResolved; i++)
        {
            _peer.Resolve();
            _ = RunRound();
        }
        if (!_peer.IsResolved) throw new LoadTestException("the guest does not answer ARP");
    }

    /// <summary>Stores <paramref name="count"/> values of different keys, from <paramref name="first"/> on.</summary>
    public void Store(int first, int count, int valueSize)
    {
        List<PeerConnection> connections = Connect(SettledConnections);
        var text = new RequestText(valueSize);
        int depth = Math.Clamp(256 * 1024 / SettledConnections / valueSize, 1, SettledDepth);
        for (int key = 0; key < count;)
        {
            foreach (PeerConnection each in connections)
            {
                for (int i = 0; i < depth && key < count; i++, key++)
                {
                    text.Set(first + key);
                    each.Write(text.Request);
                    each.Expect(text.Answer);
                }
            }
            _ = Answer(connections);
        }
        _gate.Drop();
        _peer.Reset();
    }

    /// <summary>Reads all keys, often enough for all the credit that reads earn.</summary>
    public void Read(int keyCount, int valueSize)
    {
        List<PeerConnection> connections = Connect(1);
        var text = new RequestText(valueSize);
        for (int key = 0; key < ReadCount * keyCount; key++)
        {
            text.Get([key % keyCount]);
            connections[0].Write(text.Request);
            connections[0].Expect(text.Answer);
            if (key % SettledDepth == 0 || connections[0].ExpectedCount > UnansweredMax) _ = Answer(connections);
        }
        _ = Answer(connections);
        _peer.Reset();
    }

    /// <summary>Measures batches of requests of keys below <paramref name="keyCount"/>.</summary>
    /// <param name="workload">What to ask.</param>
    /// <param name="keyCount">Of how many keys.</param>
    public Measured Measure(Workload workload, int keyCount)
    {
        List<PeerConnection> connections = Connect(workload.Connections);
        var text = new RequestText(workload.ValueSize);
        _random = new Prng(1);
        for (int i = 0; i < WarmUpBatches; i++) _ = RunBatch(connections, workload, text, keyCount);
        string before = Fetch(Metrics);
        _gate.Drop();
        _gate.Clear();
        var measured = new Measured();
        int batches = BatchesOf(workload);
        for (int i = 0; i < batches; i++)
        {
            long sent = _cable.SentCount, received = _cable.ReceivedCount;
            (int rounds, bool isMarked) = RunBatch(connections, workload, text, keyCount);
            // Ten times a second the guest looks at what is not looked at each round. That is not a request's.
            if (isMarked)
            {
                _gate.Drop();
                continue;
            }
            _gate.Keep();
            measured.Requests += workload.RequestsPerBatch;
            measured.Rounds += rounds;
            measured.FramesIn += _cable.SentCount - sent;
            measured.FramesOut += _cable.ReceivedCount - received;
        }
        measured.Blocks = _gate.Read();
        string after = Fetch(Metrics);
        string again = Fetch(Metrics);
        double requests = (double)batches * workload.RequestsPerBatch;
        // To ask for the counters takes some of what they count, too.
        GuestCounters asked = GuestCounters.Of(again) - GuestCounters.Of(after);
        GuestCounters grown = GuestCounters.Of(after) - GuestCounters.Of(before) - asked;
        measured.NotificationsPerRequest = grown.Notifications / requests;
        measured.InterruptsPerRequest = grown.Interrupts / requests;
        measured.CopiedBytesPerRequest = grown.CopiedBytes / requests;
        measured.WorkNanosPerRequest = Growth(WorkCounter) * NanosPerSecond / requests;
        _peer.Reset();
        return measured;

        double Growth(string counter) =>
            (2 * Counter(after, counter)) - Counter(before, counter) - Counter(again, counter);
    }

    /// <summary>A number of <c>/metrics</c>.</summary>
    /// <param name="sample">Its name, with labels if it has some.</param>
    public double ReadCounter(string sample) => Counter(Fetch(Metrics), sample);

    /// <summary>The management API's answer, head and body.</summary>
    public string Fetch(string path)
    {
        PeerConnection connection = _peer.Connect(ApiPort);
        connection.Unexpected = [];
        connection.Write(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: 10.0.0.15:{ApiPort}\r\nConnection: close\r\n\r\n"));
        for (int idle = 0; idle < IdleRoundsMax && !connection.IsEnded;) idle = RunRound().IsIdle ? idle + 1 : 0;
        string answer = Encoding.UTF8.GetString(connection.Unexpected.ToArray());
        _peer.Forget(connection);
        return answer;
    }

    public void Dispose()
    {
        _cable.Dispose();
        _gate.Dispose();
        _qmp?.Dispose();
    }

    private static double Counter(string metrics, string sample)
    {
        foreach (string line in metrics.Split('\n'))
        {
            if (line.StartsWith(sample + " ", StringComparison.Ordinal))
                return double.Parse(line[(sample.Length + 1)..], CultureInfo.InvariantCulture);
        }
        throw new LoadTestException($"the guest's /metrics has no {sample}: {metrics.Split('\r')[0]}");
    }

    private static int BatchesOf(Workload workload)
    {
        bool isWrite = workload.Operation == Operation.Set;
        int wanted = !isWrite ? ReadsWanted : workload.ValueSize < LargeValueMin ? WritesWanted : LargeWritesWanted;
        return Math.Clamp(wanted / workload.RequestsPerBatch, BatchesMin, isWrite ? WriteBatchesMax : ReadBatchesMax);
    }

    private List<PeerConnection> Connect(int count)
    {
        var connections = new List<PeerConnection>();
        for (int i = 0; i < count; i++)
        {
            PeerConnection connection = _peer.Connect(CachePort);
            connections.Add(connection);
            for (int idle = 0; !connection.IsOpen; idle++)
            {
                if (idle == IdleRoundsMax) throw new LoadTestException("the guest takes no connections");
                _ = RunRound();
            }
        }
        return connections;
    }

    private (int Rounds, bool IsMarked) RunBatch(
        List<PeerConnection> connections, Workload workload, RequestText text, int keyCount)
    {
        Span<int> keys = stackalloc int[workload.Operation == Operation.MultiGet ? Workload.KeysPerMultiGet : 1];
        foreach (PeerConnection each in connections)
        {
            for (int i = 0; i < workload.Depth; i++)
            {
                foreach (ref int key in keys) key = (int)_random.Below((uint)keyCount);
                if (workload.Operation == Operation.Set) text.Set(keys[0]);
                else text.Get(keys);
                each.Write(text.Request);
                each.Expect(text.Answer);
            }
        }
        return Answer(connections);
    }

    /// <summary>Runs rounds until everything has been answered.</summary>
    private (int Rounds, bool IsMarked) Answer(List<PeerConnection> connections)
    {
        int rounds = 0;
        bool isMarked = false;
        for (int idle = 0; connections.Exists(each => each.ExpectedCount > 0); rounds++)
        {
            (bool isRoundMarked, bool isIdle) = RunRound();
            isMarked |= isRoundMarked;
            idle = isIdle ? idle + 1 : 0;
            if (idle == 0) continue;
            if (idle == IdleRoundsMax) throw new LoadTestException("the guest does not answer any more");
            // It may wait for what a client would acknowledge a little later.
            connections.ForEach(each => each.AcknowledgeNow());
        }
        return (rounds, isMarked);
    }

    private (bool IsMarked, bool IsIdle) RunRound()
    {
        long before = _cable.SentCount;
        _peer.Send();
        _cable.Deliver();
        bool isMarked = _gate.RunRound();
        _cable.Collect();
        int heard = _peer.Hear();
        return (isMarked, heard == 0 && _cable.SentCount == before);
    }
}
