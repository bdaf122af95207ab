using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Base;
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
    private readonly byte[] _deltaExtras = new byte[RequestParser.ExtrasLengthMax];
    private uint _nextOpaque = 1;

    public BinaryDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
        _expiration = (uint)settings.TtlSeconds;
        _get = settings.IsVerifying ? Opcode.GetK : Opcode.Get;
        _quietGet = settings.IsVerifying ? Opcode.GetKQ : Opcode.GetQ;
        _gat = settings.IsVerifying ? Opcode.GatK : Opcode.Gat;
        _key = new byte[Limits.KeyLengthMax];
        BinaryPrimitives.WriteUInt32BigEndian(_touchExtras, _expiration);
        _ = RequestWriter.FormatExtras(1, 0, RequestParser.NoCreation, _deltaExtras);
    }

    public override void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys)
    {
        request.Opaque = _nextOpaque;
        Opcode opcode = OpcodeOf(in request);
        switch (opcode)
        {
            case Opcode.GetQ:
            case Opcode.GetKQ:
                foreach (long key in keys) WriteHead(output, opcode, in request, key, default);
                Write(output, new Request { Opcode = Opcode.Noop, Opaque = _nextOpaque++ });
                break;
            case Opcode.Touch:
            case Opcode.Gat:
            case Opcode.GatK:
                WriteHead(output, opcode, in request, keys[0], _touchExtras);
                break;
            case Opcode.Increment:
            case Opcode.Decrement:
                WriteHead(output, opcode, in request, keys[0], _deltaExtras);
                break;
            case Opcode.Append:
            case Opcode.Prepend:
                WriteHead(output, opcode, in request, keys[0], default, valueLength: 1);
                WriteByte(output, ref request);
                break;
            case Opcode.Set:
            case Opcode.Add:
            case Opcode.Replace:
                WriteStore(output, opcode, ref request, keys[0]);
                break;
            default:
                WriteHead(output, opcode, in request, keys[0], default);
                break;
        }
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
                return reply.Opaque == request.Opaque && reply.Opcode == OpcodeOf(in request)
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
        bool isGet = Operations.HasValue(request.Operation) || request.Step == RequestStep.Fetch;
        switch (request.Operation, reply.Status)
        {
            case (_, Status.Done) when isGet:
                request.Cas = reply.Cas;
                TakeValue(in reply, ref request, keys[0], errors);
                return request.Step == RequestStep.Fetch && !request.IsFailed
                    ? AnswerProgress.Continue
                    : AnswerProgress.Done;
            case (_, Status.Done):
                if (request.Step == RequestStep.Only && Operations.IsLookup(request.Operation)) request.Hits++;
                return AnswerProgress.Done;
            case (Operation.Add or Operation.Cas, Status.KeyExists):
            case (Operation.Replace, Status.KeyNotFound):
            case (Operation.Append or Operation.Prepend, Status.NotStored):
                request.IsRefused = true;
                return AnswerProgress.Done;
            case (_, Status.KeyNotFound) when Operations.IsLookup(request.Operation):
                // That of a cas may have gone since it was got.
                request.Hits = 0;
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
        if (IsVerifying && !Values.IsKey(key, request.KeyKind, reply.Key))
            FailSwapped(ref request, errors, "value of", reply.Key, key);
        else TakeContent(ref request, key, reply.Flags, reply.Value, errors);
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

    /// <summary>That of the command which it is at; of a multiget, that of its gets.</summary>
    private Opcode OpcodeOf(in Pending request) => request.Operation switch
    {
        Operation.Get or Operation.Gets => _get,
        Operation.Multiget => _quietGet,
        Operation.Gat => _gat,
        Operation.Delete => Opcode.Delete,
        Operation.Touch => Opcode.Touch,
        Operation.Incr => Opcode.Increment,
        Operation.Decr => Opcode.Decrement,
        Operation.Cas => request.Step == RequestStep.Fetch ? _get : Opcode.Set,
        Operation.Add => Opcode.Add,
        Operation.Replace => Opcode.Replace,
        Operation.Append => Opcode.Append,
        Operation.Prepend => Opcode.Prepend,
        _ => Opcode.Set,
    };

    private void WriteStore(OutputBuffer output, Opcode opcode, ref Pending request, long key)
    {
        Span<byte> extras = stackalloc byte[RequestParser.ExtrasLengthMax];
        switch (request.KeyKind)
        {
            case KeyKind.Counter:
                extras = extras[..RequestWriter.FormatExtras(0, 0, extras)];
                Span<byte> digits = stackalloc byte[AsciiDecimal.MaxLength];
                digits = digits[..AsciiDecimal.Format(request.Number, digits)];
                WriteHead(output, opcode, in request, key, extras, digits.Length);
                output.Append(digits);
                break;
            case KeyKind.Growing:
                extras = extras[..RequestWriter.FormatExtras(0, _expiration, extras)];
                WriteHead(output, opcode, in request, key, extras, valueLength: 1);
                WriteByte(output, ref request);
                break;
            case KeyKind.Value:
            default:
                ulong hash = Values.Begin(key, out int size, out uint flags);
                extras = extras[..RequestWriter.FormatExtras(flags, _expiration, extras)];
                WriteHead(output, opcode, in request, key, extras, size);
                ValueContent.Fill(hash, flags, output.Take(size));
                request.BytesWritten = size;
                break;
        }
    }

    private static void WriteByte(OutputBuffer output, ref Pending request)
    {
        output.Append("x"u8);
        request.BytesWritten = 1;
    }

    /// <summary>All but the value. Only a cas has a cas unique.</summary>
    private void WriteHead(
        OutputBuffer output, Opcode opcode, in Pending request, long key, ReadOnlySpan<byte> extras,
        int valueLength = 0)
    {
        int keyLength = KeyFormat.Write(key, request.KeyKind, _key);
        Write(output, new Request
        {
            Opcode = opcode,
            Opaque = _nextOpaque++,
            Cas = request.Cas,
            ValueLength = valueLength,
            Extras = extras,
            Key = _key.AsSpan(0, keyLength),
        });
    }

    private static void Write(OutputBuffer output, in Request request)
    {
        int length = RequestWriter.Format(in request, output.Take(RequestParser.HeadLengthMax));
        output.Shrink(RequestParser.HeadLengthMax - length);
    }
}
