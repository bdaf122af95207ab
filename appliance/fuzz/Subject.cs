using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Server;

namespace Memcachier.Appliance.Fuzz;

/// <summary>
/// A server in this process, with a connection for what is tried out and one that behaves. How its input is cut and its
/// output drained is chance; with the same requests two of them must say the same.
/// </summary>
internal sealed class Subject
{
    private const long UnixStart = 1_700_000_000;
    private const int MemoryLength = 2 << 20;
    private const int SegmentSize = 32 << 10;
    private const int ChunkCount = 256;
    private const int ChunkSize = 2048;

    private readonly Store _store;
    private readonly ChunkPool _chunks;
    private readonly Session _session;
    private readonly Session _witness;
    private readonly ChunkQueue _large;
    private readonly ChunkQueue _small;
    private readonly byte[] _drained = new byte[ChunkSize];
    private byte[] _answer = new byte[1 << 16];
    private int _answerLength;
    private Prng _random;
    private long _seconds;

    /// <param name="seed">For the cuts; everything else is the same in each of them.</param>
    public Subject(ulong seed)
    {
        _random = new Prng(seed);
        var statistics = new Statistics();
        _store = new Store(
            HostMemory.Allocate(MemoryLength), new StoreOptions(secret: 42, SegmentSize, itemSizeMax: 64 << 10), statistics);
        _chunks = new ChunkPool(HostMemory.Allocate(ChunkCount * ChunkSize), ChunkSize);
        var context = new SessionContext(_store, _chunks, statistics, new ServerSettings(tcpPort: 11211));
        _session = new Session(context);
        _witness = new Session(context);
        _large = new ChunkQueue(_chunks, 1 << 17);
        _small = new ChunkQueue(_chunks, Session.OutputCapacityMin);
        _store.Tick(0, UnixStart);
    }

    /// <summary>What the last connection was answered.</summary>
    public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _answerLength);

    /// <summary>A new connection says all of it, in one piece or in many, and is gone.</summary>
    public void Converse(ReadOnlySpan<byte> input, bool isWhole) => Converse(_session, input, isWhole);

    /// <summary>The same for the connection that behaves.</summary>
    public void Witness(ReadOnlySpan<byte> input) => Converse(_witness, input, isWhole: true);

    public void Sleep(int seconds)
    {
        _seconds += seconds;
        _store.Tick(_seconds * 1_000_000, UnixStart + _seconds);
    }

    private void Converse(Session session, ReadOnlySpan<byte> input, bool isWhole)
    {
        _answerLength = 0;
        ChunkQueue output = isWhole ? _large : _small;
        while (input.Length > 0 && !session.WantsClose)
        {
            int length = isWhole ? input.Length : PieceLength(input);
            Offer(session, input.Slice(0, length), output, isWhole);
            input = input.Slice(length);
        }
        Drain(output, output.Length);
        session.Closed();
        if (_chunks.FreeCount != _chunks.Count) throw new FuzzFailure($"{_chunks.Count - _chunks.FreeCount} chunks are not back");
        if (_store.LeasedSegmentCount != 0) throw new FuzzFailure($"{_store.LeasedSegmentCount} segments are still held");
    }

    /// <summary>A few bytes, or as many as a packet has; often such that a CR is the last of them.</summary>
    private int PieceLength(ReadOnlySpan<byte> input)
    {
        int lengthMax = _random.Below(4) switch { 0 => 1, 1 => 8, 2 => 64, _ => 1460 };
        int length = 1 + (int)_random.Below((uint)Math.Min(input.Length, lengthMax));
        if (_random.Chance(2, 3)) return length;
        int end = input.Slice(length - 1).IndexOf((byte)'\r');
        return end < 0 ? length : length + end;
    }

    private void Offer(Session session, ReadOnlySpan<byte> piece, ChunkQueue output, bool isWhole)
    {
        while (true)
        {
            int before = output.Length;
            int taken = session.Receive(piece, output);
            if (taken < 0 || taken > piece.Length) throw new FuzzFailure($"{taken} bytes taken of {piece.Length}");
            if (taken < piece.Length && !session.IsBlocked) throw new FuzzFailure("input left although nothing is blocked");
            bool isStuck = taken == 0 && before == 0 && output.Length == 0 && session.IsBlocked;
            if (isStuck) throw new FuzzFailure("blocked although the output is empty");
            piece = piece.Slice(taken);
            if (!session.IsBlocked) break;
            // All of it at last, or there would be no end.
            bool isPartly = !isWhole && output.Length > 0 && _random.Chance(3, 4);
            Drain(output, isPartly ? 1 + (int)_random.Below((uint)output.Length) : output.Length);
        }
        if (isWhole || _random.Chance(1, 2)) Drain(output, output.Length);
    }

    private void Drain(ChunkQueue output, int count)
    {
        while (count > 0)
        {
            int length = Math.Min(count, _drained.Length);
            output.CopyTo(0, _drained.AsSpan(0, length));
            output.Drop(length);
            count -= length;
            if (_answer.Length - _answerLength < length) Array.Resize(ref _answer, 2 * _answer.Length);
            _drained.AsSpan(0, length).CopyTo(_answer.AsSpan(_answerLength));
            _answerLength += length;
        }
    }
}
