using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

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
public sealed partial class Session
{
    /// <summary>An output that never has this much room never gets an answer.</summary>
    public const int OutputCapacityMin = AnswerLengthMax;

    /// <summary>No answer is longer, values and the tables of stats not counted.</summary>
    private const int AnswerLengthMax = MetaReply.LengthMax;

    /// <summary>memcached looks past this many leading spaces for the get of an over-long line.</summary>
    private const int LeadingSpacesMax = 100;

    /// <summary>
    /// The first byte of a binary request. That protocol is not spoken here: a client that tries it learns so at once
    /// from a closed connection, not from silence. As in memcached a connection's first byte decides, and is asked
    /// before anything is executed: a binary request may contain what looks like lines.
    /// </summary>
    private const byte BinaryMagic = 0x80;

    private readonly Store _store;
    private readonly Statistics _statistics;
    private readonly StatsReport _report;
    private LineBuffer _line;
    private SessionState _state;
    private bool _isFresh = true;

    /// <param name="store">Shared by the sessions of a reactor.</param>
    /// <param name="chunks">Lends a chunk for a line that arrives in pieces.</param>
    public Session(Store store, ChunkPool chunks, Statistics statistics, StatsReport report)
    {
        _store = store;
        _statistics = statistics;
        _report = report;
        _line = new LineBuffer(chunks);
    }

    /// <summary>True once no further request will be answered: send what is in the output, then close.</summary>
    public bool WantsClose => _state == SessionState.Closing;

    /// <summary>
    /// True if the last call stopped for want of room in the output: call <see cref="Resume"/> when there is some. If
    /// there is, the chunk pool is exhausted, or the call did as much as one may: go on a little later.
    /// </summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Hot: once per batch of received bytes. Executes them and appends the answers.</summary>
    /// <returns>
    /// How many bytes were consumed: all of them, unless <see cref="IsBlocked"/>. The rest is to be offered again.
    /// </returns>
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        Invariant.Holds(output.Capacity >= OutputCapacityMin);
        IsBlocked = false;
        _joinedOctetLimit = _store.JoinedOctetCount + JoinedOctetsMax;
        if (_isFresh && input.Length > 0)
        {
            _isFresh = false;
            if (input[0] == BinaryMagic) _state = SessionState.Closing;
        }
        ReadOnlySpan<byte> rest = input;
        while (_state != SessionState.Closing)
        {
            if (_line.IsComplete)
            {
                RunLine(output);
                if (IsBlocked) break;
                continue;
            }
            if (!_line.IsEmpty)
            {
                if (!TryContinueLine(ref rest)) break;
                continue;
            }
            Run(ref rest, output);
            if (IsBlocked || rest.Length == 0) break;
            if (!_line.TryOpen()) FailForMemory(output);
            else if (!TryContinueLine(ref rest)) break;
        }
        return _state == SessionState.Closing ? input.Length : input.Length - rest.Length;
    }

    /// <summary>Goes on where a full output stopped it.</summary>
    public void Resume(ChunkQueue output) => _ = Receive(default, output);

    /// <summary>The connection is gone: gives everything back and is as new.</summary>
    public void Closed()
    {
        _line.Clear();
        _store.Release(ref _lease);
        _store.Abandon(ref _reservation);
        _state = SessionState.Line;
        _isFresh = true;
        IsBlocked = false;
    }

    /// <summary>Executes what the line buffer holds.</summary>
    private void RunLine(ChunkQueue output)
    {
        ReadOnlySpan<byte> kept = _line.Octets;
        ReadOnlySpan<byte> rest = kept;
        Run(ref rest, output);
        _line.Drop(kept.Length - rest.Length);
        // What is left of an over-long line is the beginning of a key.
        if (!IsBlocked && !_line.IsEmpty) _line.Reopen();
    }

    /// <summary>
    /// Moves bytes to the line buffer up to the end of the line, or, among the keys of a long one, of the key. True if
    /// there is something to execute.
    /// </summary>
    private bool TryContinueLine(ref ReadOnlySpan<byte> input)
    {
        int end = EndOfUnit(input);
        int wanted = end < 0 ? input.Length : end;
        int taken = Math.Min(wanted, _line.Room);
        _line.Add(input.Slice(0, taken));
        input = input.Slice(taken);
        if (taken == wanted)
        {
            if (end < 0) return false;
            if (_line.TryComplete(input[0]))
            {
                input = input.Slice(1);
                return true;
            }
        }
        Overflow();
        return true;
    }

    private int EndOfUnit(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf((byte)'\n');
        if (_state != SessionState.Keys) return end;
        int space = (end < 0 ? input : input.Slice(0, end)).IndexOf((byte)' ');
        return space < 0 ? end : space;
    }

    /// <summary>
    /// The line buffer is full and the line goes on. Only the keys of get and gets may be that many: they are answered
    /// as they come.
    /// </summary>
    private void Overflow()
    {
        if (_state == SessionState.Keys)
        {
            _line.Clear();
            Fail(RequestError.BadFormat);
            return;
        }

        ReadOnlySpan<byte> line = _line.Octets;
        int spaces = 0;
        while (spaces < LeadingSpacesMax && line[spaces] == ' ') spaces++;
        ReadOnlySpan<byte> command = line.Slice(spaces);
        int wordLength = command.StartsWith("get "u8) ? 3 : command.StartsWith("gets "u8) ? 4 : 0;
        if (wordLength == 0)
        {
            _line.Clear();
            _state = SessionState.Closing;
        }
        else if (spaces > 0)
        {
            // Not closed like the others, but no command either: commands begin lines.
            _line.Clear();
            Fail(RequestError.UnknownCommand);
        }
        else
        {
            BeginKeys(isWithCas: wordLength == 4, isTouching: false, exptime: 0, isKeyKnown: false);
            _line.Drop(wordLength);
            _line.CompleteAsIs();
        }
    }

    /// <summary>Ignores the rest of the line, then answers the error.</summary>
    private void Fail(RequestError error)
    {
        _isNoReply = false;
        _error = error;
        _state = SessionState.Skipping;
    }

    private void FailForMemory(ChunkQueue output)
    {
        _statistics.ReadBufOom++;
        _ = output.TryAppend(Replies.OutOfMemoryReading);
        _state = SessionState.Closing;
    }

    /// <summary>Executes as much of the source as can be.</summary>
    private void Run(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        Step step = Step.Next;
        while (step == Step.Next)
        {
            switch (_state)
            {
                case SessionState.Line:
                    step = ExecuteLine(ref source, output);
                    break;
                case SessionState.Keys:
                    step = AnswerKeys(ref source, output);
                    break;
                case SessionState.Sending:
                    step = SendValue(output);
                    break;
                case SessionState.Data:
                case SessionState.MetaData:
                    step = FillValue(ref source, output);
                    break;
                case SessionState.Swallowing:
                    step = Swallow(ref source);
                    break;
                case SessionState.Skipping:
                    step = SkipLine(ref source, output);
                    break;
                case SessionState.Stats:
                    step = SendStats(output);
                    break;
                case SessionState.Closing:
                    source = default;
                    step = Step.NeedsInput;
                    break;
                default:
                    Invariant.Unreachable();
                    break;
            }
        }
        IsBlocked = step is Step.NeedsOutput or Step.NeedsTurn;
    }
}
