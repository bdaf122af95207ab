using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>The classic commands.</summary>
internal sealed class TextDialect : LineDialect
{
    private readonly byte[] _gat;
    private readonly byte[] _touchEnd;
    private readonly byte[] _setMiddle;

    public TextDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
        _gat = Encoding.ASCII.GetBytes($"gat {settings.TtlSeconds} ");
        _touchEnd = Encoding.ASCII.GetBytes($" {settings.TtlSeconds}\r\n");
        _setMiddle = Encoding.ASCII.GetBytes($" {settings.TtlSeconds} ");
    }

    public override void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys)
    {
        switch (request.Operation)
        {
            case Operation.Get:
                WriteLine(output, "get "u8, in request, keys[0], "\r\n"u8);
                break;
            case Operation.Gets:
                WriteLine(output, "gets "u8, in request, keys[0], "\r\n"u8);
                break;
            case Operation.Multiget:
                output.Append("get"u8);
                foreach (long key in keys) WriteLine(output, " "u8, in request, key, default);
                output.Append("\r\n"u8);
                break;
            case Operation.Gat:
                WriteLine(output, _gat, in request, keys[0], "\r\n"u8);
                break;
            case Operation.Delete:
                WriteLine(output, "delete "u8, in request, keys[0], "\r\n"u8);
                break;
            case Operation.Touch:
                WriteLine(output, "touch "u8, in request, keys[0], _touchEnd);
                break;
            case Operation.Incr:
                WriteLine(output, "incr "u8, in request, keys[0], " 1\r\n"u8);
                break;
            case Operation.Decr:
                WriteLine(output, "decr "u8, in request, keys[0], " 1\r\n"u8);
                break;
            case Operation.Cas:
                WriteCas(output, in request, keys[0]);
                break;
            case Operation.Set when request.KeyKind == KeyKind.Counter:
                WriteLine(output, "set "u8, in request, keys[0], " 0 0 "u8);
                PutNumberBlock(output, request.Number, default);
                break;
            case Operation.Append:
                WriteByte(output, "append "u8, ref request, keys[0]);
                break;
            case Operation.Prepend:
                WriteByte(output, "prepend "u8, ref request, keys[0]);
                break;
            case Operation.Set when request.KeyKind == KeyKind.Growing:
                WriteByte(output, "set "u8, ref request, keys[0]);
                break;
            case Operation.Add:
                WriteValue(output, "add "u8, ref request, keys[0]);
                break;
            case Operation.Replace:
                WriteValue(output, "replace "u8, ref request, keys[0]);
                break;
            case Operation.Set:
            default:
                WriteValue(output, "set "u8, ref request, keys[0]);
                break;
        }
    }

    protected override AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        if (reply.Kind == ReplyKind.Value && IsGet(in request))
        {
            request.Cas = reply.Cas;
            TakeValue(ref request, keys, reply.Key, reply.Flags, reply.Value, errors);
            return AnswerProgress.More;
        }
        if (IsError(reply.Kind)) return TakeError(in reply, ref request, errors);
        switch (request.Operation, reply.Kind)
        {
            case (_, ReplyKind.End) when IsGet(in request):
                return request.Step == RequestStep.Fetch && request.Hits > 0 && !request.IsFailed
                    ? AnswerProgress.Continue
                    : AnswerProgress.Done;
            case (Operation.Set or Operation.Add or Operation.Replace, ReplyKind.Stored):
            case (Operation.Append or Operation.Prepend, ReplyKind.Stored):
            case (Operation.Cas, ReplyKind.Stored) when request.Step == RequestStep.Store:
            case (Operation.Delete or Operation.Touch or Operation.Incr or Operation.Decr, ReplyKind.NotFound):
                return AnswerProgress.Done;
            case (Operation.Delete, ReplyKind.Deleted):
            case (Operation.Touch, ReplyKind.Touched):
            case (Operation.Incr or Operation.Decr, ReplyKind.Number):
                request.Hits++;
                return AnswerProgress.Done;
            case (Operation.Add or Operation.Replace or Operation.Append or Operation.Prepend, ReplyKind.NotStored):
            case (Operation.Cas, ReplyKind.Exists) when request.Step == RequestStep.Store:
                request.IsRefused = true;
                return AnswerProgress.Done;
            case (Operation.Cas, ReplyKind.NotFound) when request.Step == RequestStep.Store:
                // It went since the gets.
                request.Hits = 0;
                return AnswerProgress.Done;
            default:
                return AnswerProgress.OutOfStep;
        }
    }

    private static bool IsGet(in Pending request) =>
        Operations.HasValue(request.Operation) || request.Step == RequestStep.Fetch;

    private void WriteCas(OutputBuffer output, in Pending request, long key)
    {
        if (request.Step == RequestStep.Fetch)
        {
            WriteLine(output, "gets "u8, in request, key, "\r\n"u8);
            return;
        }
        WriteLine(output, "cas "u8, in request, key, " 0 0 "u8);
        Span<byte> unique = stackalloc byte[AsciiDecimal.MaxLength + 1];
        unique[0] = (byte)' ';
        PutNumberBlock(output, request.Number, unique[..(AsciiDecimal.Format(request.Cas, unique[1..]) + 1)]);
    }

    private void WriteByte(OutputBuffer output, ReadOnlySpan<byte> word, ref Pending request, long key)
    {
        WriteLine(output, word, in request, key, " 0"u8);
        output.Append(_setMiddle);
        output.Append("1\r\nx\r\n"u8);
        request.BytesWritten = 1;
    }

    private void WriteValue(OutputBuffer output, ReadOnlySpan<byte> word, ref Pending request, long key)
    {
        ulong hash = Values.Begin(key, out int size, out uint flags);
        WriteLine(output, word, in request, key, " "u8);
        PutNumber(output, flags);
        output.Append(_setMiddle);
        PutNumber(output, (ulong)size);
        output.Append("\r\n"u8);
        PutValue(output, hash, flags, size);
        request.BytesWritten = size;
    }
}
