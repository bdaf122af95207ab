using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Server;
using Xunit;

namespace Memcachier.Appliance.Tests.Server;

/// <summary>A store, its pools and a clock, without a network: sessions are fed by hand.</summary>
internal sealed class TestServer : IDisposable
{
    public const long UnixStart = 1_700_000_000;

    private readonly Region _memory;
    private readonly Region _chunkMemory;
    private long _seconds;

    public TestServer(
        long memoryLength = 132 << 10, int segmentSize = 16 << 10, int chunkCount = 64, int chunkSize = 4096, int itemSizeMax = 0,
        bool tracksSizes = false, ServerSettings? settings = null, bool isWithoutCas = false,
        int eventLogLength = EventLog.LengthDefault)
    {
        _memory = TestMemory.Rent(memoryLength);
        _chunkMemory = TestMemory.Rent((long)chunkCount * chunkSize);
        Statistics = new Statistics();
        var options = new StoreOptions(secret: 42, segmentSize, itemSizeMax != 0 ? itemSizeMax : segmentSize);
        options.TracksSizes = tracksSizes;
        options.IsWithoutCas = isWithoutCas;
        options.Events = new EventLog(eventLogLength, Statistics);
        Store = new Store(_memory, in options, Statistics);
        Chunks = new ChunkPool(_chunkMemory, chunkSize);
        Context = new SessionContext(Store, Chunks, Statistics, settings ?? new ServerSettings(tcpPort: 11211));
        Store.Tick(0, UnixStart);
    }

    public Store Store { get; }

    public Statistics Statistics { get; }

    public ChunkPool Chunks { get; }

    public SessionContext Context { get; }

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);

    public Session NewSession(int number = 0) => new(Context, number);

    public void Sleep(int seconds)
    {
        _seconds += seconds;
        Store.Tick(_seconds * 1_000_000, UnixStart + _seconds);
    }

    /// <summary>A new connection that says all of this and is gone.</summary>
    public string Ask(string input, int outputCapacity = 1 << 16)
    {
        Session session = NewSession();
        string answer = Text(Talk(session, Bytes(input), input.Length, outputCapacity));
        session.Closed();
        return answer;
    }

    /// <summary>Feeds the input in pieces, drains the output whenever the session stops for it.</summary>
    public byte[] Talk(Session session, ReadOnlySpan<byte> input, int pieceLength, int outputCapacity)
    {
        var answer = new List<byte>();
        var output = new ChunkQueue(Chunks, outputCapacity);
        while (input.Length > 0)
        {
            ReadOnlySpan<byte> piece = input.Slice(0, Math.Min(pieceLength, input.Length));
            input = input.Slice(piece.Length);
            Offer(session, piece, output, answer);
        }
        Assert.Equal(0, output.Length);
        return answer.ToArray();
    }

    /// <summary>Feeds one piece until nothing of it is left.</summary>
    public static void Offer(Session session, ReadOnlySpan<byte> piece, ChunkQueue output, List<byte> answer)
    {
        while (true)
        {
            int consumed = session.Receive(piece, output);
            bool isStuck = consumed == 0 && output.Length == 0 && session.IsBlocked;
            Assert.False(isStuck, "blocked although the output is empty");
            Assert.True(consumed == piece.Length || session.IsBlocked, "input left although nothing is blocked");
            piece = piece.Slice(consumed);
            Drain(output, answer);
            while (session.IsBlocked && piece.Length == 0)
            {
                session.Resume(output);
                Assert.True(output.Length > 0 || !session.IsBlocked, "blocked although the output is empty");
                Drain(output, answer);
            }
            if (piece.Length == 0) return;
        }
    }

    /// <summary>After the last connection: nothing is kept.</summary>
    public void ExpectClean()
    {
        Assert.Equal(Chunks.Count, Chunks.FreeCount);
        Assert.Equal(0, Store.LeasedSegmentCount);
    }

    public void Dispose()
    {
        TestMemory.Return(_memory);
        TestMemory.Return(_chunkMemory);
    }

    /// <summary>Takes everything out of an output.</summary>
    public static void Drain(ChunkQueue output, List<byte> answer)
    {
        while (output.Length > 0)
        {
            Span<byte> part = output.Peek();
            answer.AddRange(part);
            output.Drop(part.Length);
        }
    }
}
