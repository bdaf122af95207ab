using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// The meta commands. Values are asked for with their key and flags only if they are checked: a get is a get and no
/// more.
/// </summary>
internal sealed class MetaDialect : LineDialect
{
    private readonly byte[] _getEnd;
    private readonly byte[] _quietGetEnd;
    private readonly byte[] _gatEnd;
    private readonly byte[] _touchEnd;
    private readonly byte[] _setMiddle;
    private readonly byte[] _lineEnd;
    private readonly byte[] _getsEnd;
    private readonly byte[] _decrEnd;

    public MetaDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
        string key = settings.IsVerifying ? " k" : "";
        string value = settings.IsVerifying ? " k f v" : " v";
        _getEnd = Encoding.ASCII.GetBytes($"{value}\r\n");
        _quietGetEnd = Encoding.ASCII.GetBytes($"{value} q\r\n");
        _gatEnd = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{value}\r\n");
        _touchEnd = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{key}\r\n");
        _setMiddle = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{key} F");
        _getsEnd = Encoding.ASCII.GetBytes($"{value} c\r\n");
        _decrEnd = Encoding.ASCII.GetBytes($" MD{key}\r\n");
        _lineEnd = Encoding.ASCII.GetBytes($"{key}\r\n");
    }

    public override void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys)
    {
        switch (request.Operation)
        {
            case Operation.Get:
                WriteLine(output, "mg "u8, in request, keys[0], _getEnd);
                break;
            case Operation.Gets:
            case Operation.Cas when request.Step == RequestStep.Fetch:
                WriteLine(output, "mg "u8, in request, keys[0], _getsEnd);
                break;
            case Operation.Multiget:
                foreach (long key in keys) WriteLine(output, "mg "u8, in request, key, _quietGetEnd);
                output.Append("mn\r\n"u8);
                break;
            case Operation.Gat:
                WriteLine(output, "mg "u8, in request, keys[0], _gatEnd);
                break;
            case Operation.Delete:
                WriteLine(output, "md "u8, in request, keys[0], _lineEnd);
                break;
            case Operation.Touch:
                WriteLine(output, "mg "u8, in request, keys[0], _touchEnd);
                break;
            case Operation.Incr:
                WriteLine(output, "ma "u8, in request, keys[0], _lineEnd);
                break;
            case Operation.Decr:
                WriteLine(output, "ma "u8, in request, keys[0], _decrEnd);
                break;
            case Operation.Cas:
                WriteCas(output, in request, keys[0]);
                break;
            case Operation.Set when request.KeyKind == KeyKind.Counter:
                WriteLine(output, "ms "u8, in request, keys[0], " "u8);
                PutNumberBlock(output, request.Number, default);
                break;
            case Operation.Append:
                WriteByte(output, " MA"u8, ref request, keys[0]);
                break;
            case Operation.Prepend:
                WriteByte(output, " MP"u8, ref request, keys[0]);
                break;
            case Operation.Set when request.KeyKind == KeyKind.Growing:
                WriteByte(output, default, ref request, keys[0]);
                break;
            case Operation.Add:
                WriteValue(output, " ME"u8, ref request, keys[0]);
                break;
            case Operation.Replace:
                WriteValue(output, " MR"u8, ref request, keys[0]);
                break;
            case Operation.Set:
            default:
                WriteValue(output, default, ref request, keys[0]);
                break;
        }
    }

    protected override AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        if (IsError(reply.Kind))
        {
            AnswerProgress progress = TakeError(in reply, ref request, errors);
            // Of a multiget, it is one key's answer; the others and MN follow.
            return request.Operation == Operation.Multiget ? AnswerProgress.More : progress;
        }
        if (request.Operation == Operation.Cas) return TakeOfCas(in reply, ref request, keys, errors);
        switch (request.Operation, reply.Kind)
        {
            case (Operation.Get or Operation.Gets or Operation.Gat, ReplyKind.MetaValue):
                TakeMetaValue(in reply, ref request, keys, errors);
                return AnswerProgress.Done;
            case (Operation.Multiget, ReplyKind.MetaValue):
                TakeMetaValue(in reply, ref request, keys, errors);
                return AnswerProgress.More;
            case (Operation.Multiget, ReplyKind.MetaNoop):
                return AnswerProgress.Done;
            case (Operation.Get or Operation.Gets or Operation.Gat or Operation.Touch, ReplyKind.MetaMiss):
            case (Operation.Delete or Operation.Incr or Operation.Decr, ReplyKind.MetaNotFound):
                return AnswerProgress.Done;
            case (Operation.Set or Operation.Add or Operation.Replace, ReplyKind.MetaDone):
            case (Operation.Append or Operation.Prepend, ReplyKind.MetaDone):
                CheckKey(in reply, ref request, keys, errors);
                return AnswerProgress.Done;
            case (Operation.Add or Operation.Replace or Operation.Append or Operation.Prepend, ReplyKind.MetaNotStored):
                CheckKey(in reply, ref request, keys, errors);
                request.IsRefused = true;
                return AnswerProgress.Done;
            case (Operation.Delete or Operation.Incr or Operation.Decr or Operation.Touch, ReplyKind.MetaDone):
                CheckKey(in reply, ref request, keys, errors);
                request.Hits++;
                return AnswerProgress.Done;
            default:
                return AnswerProgress.OutOfStep;
        }
    }

    private AnswerProgress TakeOfCas(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        switch (request.Step, reply.Kind)
        {
            case (RequestStep.Fetch, ReplyKind.MetaValue):
                _ = AsciiDecimal.TryParse(FlagOf(reply.MetaFlags, (byte)'c'), out request.Cas);
                TakeMetaValue(in reply, ref request, keys, errors);
                return request.IsFailed ? AnswerProgress.Done : AnswerProgress.Continue;
            case (RequestStep.Fetch, ReplyKind.MetaMiss):
                return AnswerProgress.Done;
            case (RequestStep.Store, ReplyKind.MetaDone):
                CheckKey(in reply, ref request, keys, errors);
                return AnswerProgress.Done;
            case (RequestStep.Store, ReplyKind.MetaExists):
                CheckKey(in reply, ref request, keys, errors);
                request.IsRefused = true;
                return AnswerProgress.Done;
            case (RequestStep.Store, ReplyKind.MetaNotFound):
                // It went since the gets.
                request.Hits = 0;
                return AnswerProgress.Done;
            default:
                return AnswerProgress.OutOfStep;
        }
    }

    private void TakeMetaValue(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        ReadOnlySpan<byte> key = IsVerifying ? FlagOf(reply.MetaFlags, (byte)'k') : default;
        ulong flags = 0;
        if (IsVerifying) _ = AsciiDecimal.TryParse(FlagOf(reply.MetaFlags, (byte)'f'), out flags);
        TakeValue(ref request, keys, key, (uint)flags, reply.Value, errors);
    }

    /// <summary>The key comes back if it was asked for.</summary>
    private void CheckKey(in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        if (!IsVerifying) return;
        ReadOnlySpan<byte> key = FlagOf(reply.MetaFlags, (byte)'k');
        // Counters are preloaded by plain sets, which ask for no key.
        if (key.Length == 0 || Values.IsKey(keys[0], request.KeyKind, key)) return;
        FailSwapped(ref request, errors, "reply for", key, keys[0]);
    }

    private static ReadOnlySpan<byte> FlagOf(ReadOnlySpan<byte> flags, byte letter)
    {
        var tokens = new Tokens(flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            if (token[0] == letter) return token[1..];
        }
        return default;
    }

    private void WriteCas(OutputBuffer output, in Pending request, long key)
    {
        WriteLine(output, "ms "u8, in request, key, " "u8);
        Span<byte> flags = stackalloc byte[32];
        " C"u8.CopyTo(flags);
        int length = 2 + AsciiDecimal.Format(request.Cas, flags[2..]);
        if (IsVerifying) " k"u8.CopyTo(flags[length..]);
        PutNumberBlock(output, request.Number, flags[..(IsVerifying ? length + 2 : length)]);
    }

    private void WriteByte(OutputBuffer output, ReadOnlySpan<byte> mode, ref Pending request, long key)
    {
        WriteLine(output, "ms "u8, in request, key, " 1"u8);
        output.Append(_setMiddle);
        output.Append("0"u8);
        output.Append(mode);
        output.Append("\r\nx\r\n"u8);
        request.BytesWritten = 1;
    }

    private void WriteValue(OutputBuffer output, ReadOnlySpan<byte> mode, ref Pending request, long key)
    {
        ulong hash = Values.Begin(key, out int size, out uint flags);
        WriteLine(output, "ms "u8, in request, key, " "u8);
        PutNumber(output, (ulong)size);
        output.Append(_setMiddle);
        PutNumber(output, flags);
        output.Append(mode);
        output.Append("\r\n"u8);
        PutValue(output, hash, flags, size);
        request.BytesWritten = size;
    }
}
