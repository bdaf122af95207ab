using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// The binary protocol. Each command has an opaque of its own, which its response must have, too; so a swapped response
/// is found even where there is no value. The key is asked for with a value only if it is checked.
/// </summary>
internal sealed class BinaryDialect : Dialect
{
    private readonly uint _expiration;
    private readonly Opcode _get;
    private readonly Opcode _quietGet;
    private readonly Opcode _gat;
    private readonly byte[] _key;
    private readonly byte[] _touchExtras = new byte[sizeof(uint)];
    private readonly byte[] _incrExtras = new byte[RequestParser.ExtrasLengthMax];
    private uint _nextOpaque = 1;

    public BinaryDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
        _expiration = (uint)settings.TtlSeconds;
        _get = settings.IsVerifying ? Opcode.GetK : Opcode.Get;
        _quietGet = settings.IsVerifying ? Opcode.GetKQ : Opcode.GetQ;
        _gat = settings.IsVerifying ? Opcode.GatK : Opcode.Gat;
        _key = new byte[settings.KeySize];
        BinaryPrimitives.WriteUInt32BigEndian(_touchExtras, _expiration);
        _ = RequestWriter.FormatExtras(1, 0, RequestParser.NoCreation, _incrExtras);
    }

    public override void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys)
    {
        request.Opaque = _nextOpaque;
        switch (request.Operation)
        {
            case Operation.Multiget:
                foreach (long key in keys) WriteHead(output, _quietGet, key, default);
                WriteNoop(output);
                break;
            case Operation.Touch:
            case Operation.Gat:
                WriteHead(output, OpcodeOf(request.Operation), keys[0], _touchExtras);
                break;
            case Operation.Incr:
                WriteHead(output, Opcode.Increment, keys[0], _incrExtras, isCounter: true);
                break;
            case Operation.Set:
                WriteSet(output, ref request, keys[0]);
                break;
            case Operation.Get:
            case Operation.Delete:
            default:
                WriteHead(output, OpcodeOf(request.Operation), keys[0], default);
                break;
        }
    }

    public override void WriteCounter(OutputBuffer output, ref Pending request, long key)
    {
        request.Opaque = _nextOpaque;
        Span<byte> extras = stackalloc byte[RequestParser.ExtrasLengthMax];
        extras = extras[..RequestWriter.FormatExtras(0, 0, extras)];
        WriteHead(output, Opcode.Set, key, extras, isCounter: true, valueLength: 1);
        output.Append("0"u8);
    }

    public override AnswerProgress Take(
        ReadOnlySpan<byte> input, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors, out int consumed)
    {
        switch (ReplyParser.Parse(input, out Reply reply, out consumed))
        {
            case ParseStatus.NeedMoreData:
                return AnswerProgress.NeedMoreData;
            case ParseStatus.Done when request.Operation == Operation.Multiget:
                return TakeOfMany(in reply, ref request, keys, errors);
            case ParseStatus.Done:
                return reply.Opaque == request.Opaque && reply.Opcode == OpcodeOf(request.Operation)
                    ? TakeOne(in reply, ref request, keys, errors)
                    : AnswerProgress.OutOfStep;
            case ParseStatus.Malformed:
            default:
                return AnswerProgress.Malformed;
        }
    }

    public override string Describe(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> header = input[..Math.Min(input.Length, ResponseHeader.Size)];
        return ResponseHeader.TryParse(header, out ResponseHeader response)
            ? string.Create(CultureInfo.InvariantCulture,
                $"opcode {(byte)response.Opcode:x2}, status {(ushort)response.Status:x4}, opaque {response.Opaque}")
            : $"the bytes {Convert.ToHexStringLower(header)}";
    }

    private AnswerProgress TakeOne(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        switch (reply.Status)
        {
            case Status.Done when request.Operation is Operation.Get or Operation.Gat:
                TakeValue(in reply, ref request, keys[0], errors);
                return AnswerProgress.Done;
            case Status.Done:
                if (request.Operation != Operation.Set) request.Hits++;
                return AnswerProgress.Done;
            case Status.KeyNotFound when request.Operation != Operation.Set:
                return AnswerProgress.Done;
            default:
                TakeError(in reply, ref request, errors);
                return AnswerProgress.Done;
        }
    }

    /// <summary>The keys' opaques follow each other, and that of the noop follows them.</summary>
    private AnswerProgress TakeOfMany(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        uint index = reply.Opaque - request.Opaque;
        if (index == keys.Length && reply.Opcode == Opcode.Noop) return AnswerProgress.Done;
        if (index < request.Position || index >= keys.Length || reply.Opcode != _quietGet)
            return AnswerProgress.OutOfStep;
        if (reply.Status == Status.Done) TakeValue(in reply, ref request, keys[(int)index], errors);
        else TakeError(in reply, ref request, errors);
        request.Position = (int)index + 1;
        return AnswerProgress.More;
    }

    private void TakeValue(in Reply reply, ref Pending request, long key, ErrorCounts errors)
    {
        request.Hits++;
        request.BytesRead += reply.Value.Length;
        if (!IsVerifying) return;
        if (Values.IsKey(key, isCounter: false, reply.Key))
            CheckValue(ref request, key, reply.Flags, reply.Value, errors);
        else FailSwapped(ref request, errors, "value of", reply.Key, key, isCounter: false);
    }

    private static void TakeError(in Reply reply, ref Pending request, ErrorCounts errors)
    {
        ErrorKind kind = reply.Status is Status.TooLarge or >= Status.OutOfMemory
            ? ErrorKind.ServerError
            : ErrorKind.ClientError;
        string? example = errors.WantsExample(kind)
            ? $"status {(ushort)reply.Status:x4} {Encoding.ASCII.GetString(reply.Value)}"
            : null;
        Fail(ref request, errors, kind, example);
    }

    private Opcode OpcodeOf(Operation operation) => operation switch
    {
        Operation.Get => _get,
        Operation.Gat => _gat,
        Operation.Delete => Opcode.Delete,
        Operation.Touch => Opcode.Touch,
        Operation.Incr => Opcode.Increment,
        _ => Opcode.Set,
    };

    private void WriteSet(OutputBuffer output, ref Pending request, long key)
    {
        ulong hash = Values.Begin(key, out int size, out uint flags);
        Span<byte> extras = stackalloc byte[RequestParser.ExtrasLengthMax];
        extras = extras[..RequestWriter.FormatExtras(flags, _expiration, extras)];
        WriteHead(output, Opcode.Set, key, extras, valueLength: size);
        ValueContent.Fill(hash, flags, output.Take(size));
        request.BytesWritten = size;
    }

    private void WriteHead(
        OutputBuffer output, Opcode opcode, long key, ReadOnlySpan<byte> extras, bool isCounter = false,
        int valueLength = 0)
    {
        KeyFormat.Write(key, isCounter, _key);
        Write(output, new Request
        {
            Opcode = opcode,
            Opaque = _nextOpaque++,
            ValueLength = valueLength,
            Extras = extras,
            Key = _key,
        });
    }

    private void WriteNoop(OutputBuffer output) =>
        Write(output, new Request { Opcode = Opcode.Noop, Opaque = _nextOpaque++ });

    private static void Write(OutputBuffer output, in Request request)
    {
        int length = RequestWriter.Format(in request, output.Take(RequestParser.HeadLengthMax));
        output.Shrink(RequestParser.HeadLengthMax - length);
    }
}
