using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// A connection's conversation in the text protocol, classic and meta: see <see cref="Session"/>, whose part it is.
/// </summary>
internal sealed partial class TextSession
{
    /// <summary>No answer is longer, values and the tables of stats not counted.</summary>
    public const int AnswerLengthMax = MetaReply.LengthMax;

    /// <summary>memcached looks past this many leading spaces for the get of an over-long line.</summary>
    private const int LeadingSpacesMax = 100;

    private readonly Store _store;
    private readonly Statistics _statistics;
    private readonly StatsReport _report;
    private readonly PrefixStatistics _prefixes;
    private readonly EventLog _events;
    private readonly int _number;
    private int _requestsLeft;
    private LineBuffer _line;
    private TextSessionState _state;

    /// <param name="context">What the sessions share.</param>
    /// <param name="number">What watch and stats conns call the connection.</param>
    public TextSession(SessionContext context, int number)
    {
        _number = number;
        _events = context.Events;
        _context = context;
        _prefixes = context.Prefixes;
        _store = context.Store;
        _statistics = context.Statistics;
        _report = context.Report;
        _line = new LineBuffer(context.Chunks);
    }

    public bool WantsClose => _state == TextSessionState.Closing;

    public bool IsBlocked { get; private set; }

    public bool HasStopped => IsBlocked || WantsClose;

    public bool WantsTurn { get; private set; }

    /// <summary>Whether the next byte is the first of a line.</summary>
    private bool IsAtLine => _state == TextSessionState.Line && _line.IsEmpty;

    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        IsBlocked = false;
        WantsTurn = false;
        _requestsLeft = _context.Settings.RequestsPerTurn;
        ReadOnlySpan<byte> rest = input;
        if (IsAtLine)
        {
            // Mostly, that is all.
            AnswerGets(ref rest, output);
            if (rest.Length == 0 && IsAtLine) return input.Length;
        }
        _joinedOctetLimit = Upload.JoinedOctetLimit(_store);
        while (_state != TextSessionState.Closing)
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
        return _state == TextSessionState.Closing ? input.Length : input.Length - rest.Length;
    }

    public void Closed()
    {
        _line.Clear();
        _store.Release(ref _lease);
        _store.Abandon(ref _reservation);
        EndDump();
        if (_state == TextSessionState.Watching) _context.Watchers.Remove(_number);
        _state = TextSessionState.Line;
        IsBlocked = false;
        HasQuit = false;
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
        if (_state != TextSessionState.Keys) return end;
        int space = (end < 0 ? input : input.Slice(0, end)).IndexOf((byte)' ');
        return space < 0 ? end : space;
    }

    /// <summary>
    /// The line buffer is full and the line goes on. Only the keys of a retrieval may be that many: they are answered
    /// as they come.
    /// </summary>
    private void Overflow()
    {
        if (_state == TextSessionState.Keys)
        {
            _line.Clear();
            Fail(RequestError.BadFormat);
            return;
        }

        ReadOnlySpan<byte> line = _line.Octets;
        if (line.StartsWith("gat "u8) || line.StartsWith("gats "u8))
        {
            BeginLongGat(line);
            return;
        }
        int spaces = 0;
        while (spaces < LeadingSpacesMax && line[spaces] == ' ') spaces++;
        ReadOnlySpan<byte> command = line.Slice(spaces);
        int wordLength = command.StartsWith("get "u8) ? 3 : command.StartsWith("gets "u8) ? 4 : 0;
        if (wordLength == 0)
        {
            _line.Clear();
            _state = TextSessionState.Closing;
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

    /// <summary>
    /// memcached closes such a connection if the line comes in pieces, and answers if it comes at once, as it does
    /// where no network is between: clients with a gat of many keys rely on that.
    /// </summary>
    private void BeginLongGat(ReadOnlySpan<byte> line)
    {
        if (RequestParser.ParseLine(line, out Request request) == ParseStatus.Done)
        {
            BeginKeys(request.IsWithCas, isTouching: true, request.Exptime, isKeyKnown: false);
            _line.Drop(request.KeyOffset);
            _line.CompleteAsIs();
        }
        else
        {
            _line.Clear();
            Fail(request.Error);
        }
    }

    /// <summary>Ignores the rest of the line, then answers the error.</summary>
    private void Fail(RequestError error)
    {
        _isNoReply = false;
        _error = error;
        _state = TextSessionState.Skipping;
    }

    private void FailForMemory(ChunkQueue output)
    {
        _statistics.ReadBufOom++;
        _ = output.TryAppend(Replies.OutOfMemoryReading);
        _state = TextSessionState.Closing;
    }

    /// <summary>Executes as much of the source as can be.</summary>
    private void Run(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        Step step = Step.Next;
        while (step == Step.Next)
        {
            switch (_state)
            {
                case TextSessionState.Line:
                    step = ExecuteLine(ref source, output);
                    break;
                case TextSessionState.Keys:
                    step = AnswerKeys(ref source, output);
                    break;
                case TextSessionState.Sending:
                    step = SendValue(output);
                    break;
                case TextSessionState.Data:
                case TextSessionState.MetaData:
                    step = FillValue(ref source, output);
                    break;
                case TextSessionState.Swallowing:
                    step = Swallow(ref source);
                    break;
                case TextSessionState.Skipping:
                    step = SkipLine(ref source, output);
                    break;
                case TextSessionState.Stats:
                    step = SendStats(output);
                    break;
                case TextSessionState.Dump:
                    step = SendDump(output);
                    break;
                case TextSessionState.Cachedump:
                    step = SendCachedump(output);
                    break;
                case TextSessionState.Cluster:
                    step = SendCluster(output);
                    break;
                case TextSessionState.Watching:
                case TextSessionState.Closing:
                    source = default;
                    step = Step.NeedsInput;
                    break;
                default:
                    Invariant.Unreachable();
                    break;
            }
        }
        WantsTurn = step == Step.NeedsTurn;
        IsBlocked = WantsTurn || step == Step.NeedsOutput;
    }
}
