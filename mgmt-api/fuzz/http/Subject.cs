using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>
/// A server in this process. How its input is cut and its output drained is chance; without that it gets the same input
/// in one piece. Nothing is allocated while it talks.
/// </summary>
public sealed class Subject
{
    public const long UnixSeconds = 784_111_777;

    private const int ChunkCount = 64;
    private const int ChunkSize = 1024;

    private readonly ChunkPool _chunks;
    private readonly ChunkQueue _output;
    private readonly byte[] _answer = new byte[1 << 20];
    private int _answerLength;
    private Prng _random;

    /// <param name="seed">For the cuts.</param>
    /// <param name="outputCapacity">Of the connection, in bytes.</param>
    public Subject(ulong seed, int outputCapacity = 1 << 15)
    {
        _random = new Prng(seed);
        _chunks = new ChunkPool(HostMemory.Allocate(ChunkCount * ChunkSize), ChunkSize);
        _output = new ChunkQueue(_chunks, outputCapacity);
        Server = new HttpServer<EchoSite>(new EchoSite(Log), connectionCount: 1, bufferCount: 1);
        Server.SetTime(UnixSeconds);
    }

    public SiteLog Log { get; } = new();

    public HttpServer<EchoSite> Server { get; }

    /// <summary>What the last connection was answered.</summary>
    public ReadOnlySpan<byte> Answer => _answer.AsSpan(0, _answerLength);

    /// <summary>It was the server that ended the last connection.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>The server did so without having said all.</summary>
    public bool HasAborted { get; private set; }

    /// <summary>A new connection says all of it and is gone.</summary>
    /// <param name="pieceLength">The most bytes of a piece; 0: chance.</param>
    public void Converse(ReadOnlySpan<byte> input, int pieceLength = 0)
    {
        _answerLength = 0;
        Log.Clear();
        HttpAdmission admission = Server.Open(0, out int index);
        if (admission != HttpAdmission.Admitted) throw new FuzzFailure("no place");
        HttpConnection<EchoSite> connection = Server[index];
        while (input.Length > 0 && !connection.WantsClose)
        {
            int length = Math.Min(input.Length, pieceLength > 0 ? pieceLength : PieceLength());
            int taken = Server.Receive(index, input.Slice(0, length), _output, 0);
            if (taken < 0 || taken > length) throw new FuzzFailure($"{taken} bytes taken of {length}");
            if (taken == 0 && !connection.IsAnswering && !connection.IsBlocked) throw new FuzzFailure("nothing is taken");
            input = input.Slice(taken);
            AnswerAll(index, connection);
        }
        HasClosed = connection.WantsClose;
        HasAborted = connection.WantsAbort;
        Server.PeerClosed(index, 0);
        Server.Closed(index);
        Drain(_output.Length);
        if (_chunks.FreeCount != _chunks.Count) throw new FuzzFailure("chunks are not back");
        if (Server.Buffers.FreeCount != Server.Buffers.Count) throw new FuzzFailure("buffers are not back");
        if (Log.BegunCount != Log.EndedCount) throw new FuzzFailure("an exchange was not ended, or more than once");
    }

    private void AnswerAll(int index, HttpConnection<EchoSite> connection)
    {
        while (connection.IsAnswering || connection.IsBlocked)
        {
            int before = _output.Length;
            bool isDone = Server.Work(index, _output, 0);
            if (_output.Length - before > HttpExchange.PieceLength + 16) throw new FuzzFailure("a piece is too long");
            if (!isDone && _output.Length == 0 && connection.IsAnswering) throw new FuzzFailure("stuck");
            if (!isDone || _random.Chance(1, 2)) Drain((int)_random.Below((uint)_output.Length + 1));
            if (connection.IsBlocked && !connection.IsAnswering)
            {
                Drain(_output.Length);
                return;
            }
        }
    }

    private int PieceLength() => 1 + (int)_random.Below(_random.Below(4) switch { 0 => 1u, 1 => 8, 2 => 64, _ => 3000 });

    private void Drain(int count)
    {
        if (count > _answer.Length - _answerLength) throw new FuzzFailure("an endless answer");
        _output.CopyTo(0, _answer.AsSpan(_answerLength, count));
        _output.Drop(count);
        _answerLength += count;
    }
}
