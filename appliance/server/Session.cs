using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// One connection's conversation: bytes in, bytes out, a store behind. It never waits and never buffers an answer:
/// a request is executed only when its answer has room, and a value that has not is held in the store until it has.
/// </summary>
/// <remarks>
/// Work per call is bounded by the bytes offered, the room for answers, and what append may copy. Everything it holds
/// (a chunk, a reservation, a lease) goes back in <see cref="Closed"/>, after which the object serves another
/// connection.
/// </remarks>
public sealed class Session
{
    /// <summary>An output that never has this much room never gets an answer.</summary>
    public const int OutputCapacityMin = TextSession.AnswerLengthMax;

    /// <summary>
    /// The first byte of a binary request. That protocol is not spoken here: a client that tries it learns so at once
    /// from a closed connection, not from silence. As in memcached a connection's first byte decides, and is asked
    /// before anything is executed: a binary request may contain what looks like lines.
    /// </summary>
    private const byte BinaryMagic = 0x80;

    private readonly TextSession _text;
    private bool _isFresh = true;

    public Session(SessionContext context) => _text = new TextSession(context);

    /// <summary>True once no further request will be answered: send what is in the output, then close.</summary>
    public bool WantsClose => _text.WantsClose;

    /// <summary>
    /// True if the last call stopped for want of room in the output: call <see cref="Resume"/> when there is some. If
    /// there is, the chunk pool is exhausted, or the call did as much as one may: go on a little later.
    /// </summary>
    public bool IsBlocked => _text.IsBlocked;

    /// <summary>Hot: once per batch of received bytes. Executes them and appends the answers.</summary>
    /// <returns>
    /// How many bytes were consumed: all of them, unless <see cref="IsBlocked"/>. The rest is to be offered again.
    /// </returns>
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        Invariant.Holds(output.Capacity >= OutputCapacityMin);
        if (_isFresh && input.Length > 0)
        {
            _isFresh = false;
            if (input[0] == BinaryMagic) _text.Refuse();
        }
        return _text.Receive(input, output);
    }

    /// <summary>Goes on where a full output stopped it.</summary>
    public void Resume(ChunkQueue output) => _ = Receive(default, output);

    /// <summary>The connection is gone: gives everything back and is as new.</summary>
    public void Closed()
    {
        _text.Closed();
        _isFresh = true;
    }
}
