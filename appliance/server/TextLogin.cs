using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// What comes before a <see cref="TextSession"/> if clients have to log in: a set whose data block is the name, a
/// space, and the password. See <see cref="Session"/>, whose part it is.
/// </summary>
internal sealed class TextLogin
{
    /// <summary>More of a data block cannot be a name and a password, and is not kept.</summary>
    private const int KeptLengthMax = 512;

    private readonly Statistics _statistics;
    private readonly LoginGate _gate;
    private readonly LoginTurn _turn;
    private OctetBuffer _kept;
    private TextLoginState _state;
    private bool _hasSpace;
    private int _dataLength;
    private int _arrivedLength;
    private ushort _lastTwo;

    public TextLogin(SessionContext context, LoginGate gate, LoginTurn turn)
    {
        Invariant.Holds(context.Chunks.ChunkSize >= Limits.LineLengthMax);
        _statistics = context.Statistics;
        _gate = gate;
        _turn = turn;
        _kept = new OctetBuffer(context.Chunks);
    }

    public bool WantsClose => _state == TextLoginState.Closing;

    public bool IsDone => _state == TextLoginState.Done;

    public bool IsBlocked { get; private set; }

    /// <summary>Takes the input up to the end of a login that succeeds.</summary>
    public int Receive(ReadOnlySpan<byte> input, ChunkQueue output)
    {
        ReadOnlySpan<byte> rest = input;
        Step step = Step.Next;
        while (step == Step.Next)
        {
            switch (_state)
            {
                case TextLoginState.Line:
                    step = TakeLine(ref rest, output);
                    break;
                case TextLoginState.Data:
                    step = TakeData(ref rest, output);
                    break;
                case TextLoginState.Complete:
                    step = Decide(output);
                    break;
                case TextLoginState.Closing:
                    rest = default;
                    step = Step.NeedsInput;
                    break;
                default:
                    Invariant.Holds(_state == TextLoginState.Done);
                    step = Step.NeedsInput;
                    break;
            }
        }
        IsBlocked = step is Step.NeedsOutput or Step.NeedsTurn;
        return input.Length - rest.Length;
    }

    public void Closed()
    {
        _kept.Clear();
        _gate.Leave(_turn);
        _state = TextLoginState.Line;
        IsBlocked = false;
    }

    private Step TakeLine(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        int end = source.IndexOf((byte)'\n');
        int count = end < 0 ? source.Length : end;
        if (count > Limits.LineLengthMax - _kept.Octets.Length)
        {
            _state = TextLoginState.Closing;
            return Step.Next;
        }
        if (!output.HasSpace(LoginReplies.LengthMax)) return Step.NeedsOutput;
        if (count > 0 && !TryKeep(source.Slice(0, count), output)) return Step.Next;
        source = source.Slice(count);
        if (end < 0) return Step.NeedsInput;
        source = source.Slice(1);
        BeginData(_kept.Octets, output);
        _kept.Clear();
        return Step.Next;
    }

    private void BeginData(ReadOnlySpan<byte> line, ChunkQueue output)
    {
        if (line.Length < LoginLine.LengthMin)
        {
            _state = TextLoginState.Closing;
        }
        else if (!LoginLine.TryParse(line, out uint length))
        {
            Append(LoginReplies.Unauthenticated, output);
        }
        else if (length > LoginLine.DataLengthMax)
        {
            // What follows is taken for lines, as memcached has it.
            Append(LoginReplies.TokenTooLong, output);
        }
        else
        {
            _dataLength = (int)length + Limits.LineEndLength;
            _arrivedLength = 0;
            _hasSpace = false;
            _state = TextLoginState.Data;
        }
    }

    private Step TakeData(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        int count = Math.Min(source.Length, _dataLength - _arrivedLength);
        if (count > 0)
        {
            if (!output.HasSpace(LoginReplies.LengthMax)) return Step.NeedsOutput;
            ReadOnlySpan<byte> octets = source.Slice(0, count);
            int room = Math.Max(KeptLengthMax - _arrivedLength, 0);
            if (room > 0 && !TryKeep(octets.Slice(0, Math.Min(count, room)), output)) return Step.Next;
            _hasSpace |= octets.IndexOf((byte)' ') >= 0;
            if (count > 1) _lastTwo = octets[count - 2];
            _lastTwo = (ushort)(_lastTwo << 8 | octets[count - 1]);
            _arrivedLength += count;
            source = source.Slice(count);
        }
        if (_arrivedLength < _dataLength) return Step.NeedsInput;
        _state = TextLoginState.Complete;
        return Step.Next;
    }

    /// <summary>Looks at the data block; nothing is said of it before it may be.</summary>
    private Step Decide(ChunkQueue output)
    {
        if (!output.HasSpace(LoginReplies.LengthMax)) return Step.NeedsOutput;
        if (_lastTwo != ('\r' << 8 | '\n'))
        {
            Append(LoginReplies.BadTermination, output);
        }
        else if (!_hasSpace)
        {
            Append(LoginReplies.BadFormat, output);
        }
        else
        {
            if (!_gate.TryEnter(_turn)) return Step.NeedsTurn;
            if (IsRight())
            {
                Append(Replies.Stored, output);
                _kept.Clear();
                _state = TextLoginState.Done;
                return Step.Next;
            }
            Append(LoginReplies.Failure, output);
        }
        _kept.Clear();
        _state = TextLoginState.Line;
        return Step.Next;
    }

    private bool IsRight()
    {
        if (_arrivedLength > KeptLengthMax) return _gate.IsRight(default, default);
        ReadOnlySpan<byte> data = _kept.Octets.Slice(0, _dataLength - Limits.LineEndLength);
        int space = data.IndexOf((byte)' ');
        return _gate.IsRight(data.Slice(0, space), data.Slice(space + 1));
    }

    private bool TryKeep(ReadOnlySpan<byte> octets, ChunkQueue output)
    {
        if (!_kept.TryOpen())
        {
            _statistics.ReadBufOom++;
            Append(Replies.OutOfMemoryReading, output);
            _state = TextLoginState.Closing;
            return false;
        }
        _kept.Add(octets);
        return true;
    }

    private static void Append(ReadOnlySpan<byte> text, ChunkQueue output)
    {
        bool appended = output.TryAppend(text);
        Invariant.Holds(appended);
    }
}
