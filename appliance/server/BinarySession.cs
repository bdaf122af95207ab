using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>
/// A connection's conversation in the binary protocol: see <see cref="Session"/>, whose part it is.
/// </summary>
internal sealed partial class BinarySession
{
    /// <summary>No answer is longer, values and the packets of stat but the one at hand not counted.</summary>
    public const int AnswerLengthMax = ResponseHeader.Size + Protocol.Text.Replies.LineLengthMax;

    /// <summary>The longest that has to be there at once to be executed is a login.</summary>
    private const int UnitLengthMax = RequestParser.HeadLengthMax + LoginLengthMax;

    private readonly SessionContext _context;
    private readonly Store _store;
    private readonly Statistics _statistics;
    private readonly StatsReport _report;
    private readonly PrefixStatistics _prefixes;
    private readonly LoginGate? _gate;
    private readonly LoginTurn? _turn;
    private OctetBuffer _head;
    private ulong _cas;
    private int _ignoredLength;
    private uint _opaque;
    private Opcode _opcode;
    private BinarySessionState _state;

    /// <param name="context">What the sessions share.</param>
    /// <param name="turn">The connection's place before the gate; null if nobody has to log in.</param>
    /// <param name="number">What watch and stats conns call the connection.</param>
    public BinarySession(SessionContext context, LoginTurn? turn, int number)
    {
        _number = number;
        Invariant.Holds(context.Chunks.ChunkSize >= UnitLengthMax);
        _context = context;
        _store = context.Store;
        _statistics = context.Statistics;
        _report = context.Report;
        _prefixes = context.Prefixes;
        _gate = context.Settings.IsSaslEnabled ? context.Gate : null;
        _turn = turn;
        _head = new OctetBuffer(context.Chunks);
    }

    public bool WantsClose => _state == BinarySessionState.Closing;

    public bool IsBlocked { get; private set; }

    /// <summary>Executes as much of the input as can be.</summary>
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        _joinedOctetLimit = Upload.JoinedOctetLimit(_store);
        _requestsLeft = _context.Settings.RequestsPerTurn;
        ReadOnlySpan<byte> rest = input;
        Step step = Step.Next;
        IsBlocked = false;
        while (step == Step.Next)
        {
            switch (_state)
            {
                case BinarySessionState.Head:
                    step = TakeRequest(ref rest, output);
                    break;
                case BinarySessionState.Value:
                    step = FillValue(ref rest, output);
                    break;
                case BinarySessionState.Swallowing:
                    step = Swallow(ref rest);
                    break;
                case BinarySessionState.Sending:
                    step = SendValue(output);
                    break;
                case BinarySessionState.Stats:
                    step = SendStats(output);
                    break;
                case BinarySessionState.Closing:
                    rest = default;
                    step = Step.NeedsInput;
                    break;
                default:
                    Invariant.Unreachable();
                    break;
            }
        }
        IsBlocked = step is Step.NeedsOutput or Step.NeedsTurn;
        return input.Length - rest.Length;
    }

    public void Closed()
    {
        _head.Clear();
        _store.Release(ref _lease);
        _store.Abandon(ref _reservation);
        if (_turn != null) _gate?.Leave(_turn);
        _isLoggedIn = false;
        _isLoginBegun = false;
        _state = BinarySessionState.Head;
        IsBlocked = false;
        HasQuit = false;
    }

    /// <summary>Hot: once per request.</summary>
    private Step TakeRequest(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        if (!_head.IsEmpty) return ContinueRequest(ref source, output);
        if (source.Length == 0) return Step.NeedsInput;
        if (_requestsLeft-- == 0) return YieldSlow();
        Step step = ExecuteFirst(source, output, out int consumed);
        if (step == Step.NeedsInput) return KeepRequest(ref source, output);
        source = source.Slice(consumed);
        return step;
    }

    /// <summary>A request that has not yet arrived as far as it has to: the rest of it is added as it comes.</summary>
    private Step ContinueRequest(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        while (true)
        {
            ReadOnlySpan<byte> kept = _head.Octets;
            Step step = ExecuteFirst(kept, output, out int consumed);
            if (step is Step.NeedsOutput or Step.NeedsTurn) return step;
            if (step == Step.Next)
            {
                Invariant.Holds(consumed == kept.Length);
                _head.Clear();
                return step;
            }
            if (source.Length == 0) return Step.NeedsInput;
            int count = Math.Min(source.Length, UnitLengthOf(kept) - kept.Length);
            _head.Add(source.Slice(0, count));
            source = source.Slice(count);
        }
    }

    private Step KeepRequest(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        if (!_head.TryOpen())
        {
            _statistics.ReadBufOom++;
            if (output.HasSpace(AnswerLengthMax)) Refuse(Status.OutOfMemory, StatusText.OutOfMemoryBuffering, output);
            _state = BinarySessionState.Closing;
            return Step.Next;
        }
        _head.Add(source);
        source = default;
        return Step.NeedsInput;
    }

    /// <summary>
    /// How many bytes of a request have to be there before it can be executed, as far as can be told: those of its
    /// header first.
    /// </summary>
    private int UnitLengthOf(ReadOnlySpan<byte> octets)
    {
        if (!RequestHeader.TryParse(octets, out RequestHeader header)) return RequestHeader.Size;
        int headLength = header.ExtrasLength + header.KeyLength;
        bool isWhole = IsTakenWhole(header.Opcode, header.KeyLength, header.BodyLength - headLength);
        return RequestHeader.Size + (isWhole ? (int)header.BodyLength : headLength);
    }

    /// <summary>
    /// Executes the first request of the source. That may take more input, or room in the output, or a turn: then
    /// nothing has been done.
    /// </summary>
    private Step ExecuteFirst(ReadOnlySpan<byte> source, ChunkQueue output, out int consumed)
    {
        consumed = 0;
        if (source[0] != RequestHeader.Magic)
        {
            // Whoever speaks another protocol learns so at once from a closed connection, not from silence.
            consumed = source.Length;
            _state = BinarySessionState.Closing;
            return Step.Next;
        }
        if (!RequestHeader.TryParse(source, out RequestHeader header)) return Step.NeedsInput;
        if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;
        RequestFault fault = RequestParser.Check(in header);
        Begin(in header);
        bool isRefused = fault is RequestFault.KeyBeyondBody or RequestFault.BodyTooLong;
        if (isRefused || !IsPermitted(header.Opcode) || fault != RequestFault.None)
        {
            consumed = RequestHeader.Size;
            RefuseHeader(isRefused, fault, header.BodyLength, output);
            return Step.Next;
        }
        if (RequestParser.ParseHead(in header, source, out Request request, out consumed) != ParseStatus.Done)
        {
            return Step.NeedsInput;
        }
        if (IsLogin(header.Opcode)) return LogIn(in request, source, ref consumed, output);
        Execute(in request, output);
        return Step.Next;
    }

    /// <summary>From here on answers are those to this request.</summary>
    private void Begin(in RequestHeader header)
    {
        _opcode = header.Opcode;
        _opaque = header.Opaque;
        _cas = header.Cas;
    }

    /// <summary>The order is memcached's: who is not logged in learns less.</summary>
    private void RefuseHeader(bool isBeyondRepair, RequestFault fault, uint bodyLength, ChunkQueue output)
    {
        _state = BinarySessionState.Closing;
        if (fault == RequestFault.KeyBeyondBody) Refuse(Status.UnknownCommand, output);
        else if (!isBeyondRepair && !IsPermitted(_opcode)) Refuse(Status.AuthError, output);
        else if (fault != RequestFault.UnknownOpcode) Refuse(Status.InvalidArguments, output);
        else
        {
            Refuse(Status.UnknownCommand, output);
            BeginSwallowing((int)bodyLength);
        }
    }

    private void BeginSwallowing(int length)
    {
        _ignoredLength = length;
        _state = BinarySessionState.Swallowing;
    }

    private Step Swallow(ref ReadOnlySpan<byte> source)
    {
        int count = Math.Min(source.Length, _ignoredLength);
        source = source.Slice(count);
        _ignoredLength -= count;
        if (_ignoredLength > 0) return Step.NeedsInput;
        _state = BinarySessionState.Head;
        return Step.Next;
    }
}
