using System;
using System.Text;
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
                WriteLine(output, "get "u8, keys[0], "\r\n"u8);
                break;
            case Operation.Multiget:
                output.Append("get"u8);
                foreach (long key in keys)
                {
                    output.Append(" "u8);
                    PutKey(output, key);
                }
                output.Append("\r\n"u8);
                break;
            case Operation.Gat:
                WriteLine(output, _gat, keys[0], "\r\n"u8);
                break;
            case Operation.Delete:
                WriteLine(output, "delete "u8, keys[0], "\r\n"u8);
                break;
            case Operation.Touch:
                WriteLine(output, "touch "u8, keys[0], _touchEnd);
                break;
            case Operation.Incr:
                WriteLine(output, "incr "u8, keys[0], " 1\r\n"u8, isCounter: true);
                break;
            case Operation.Set:
            default:
                WriteSet(output, ref request, keys[0]);
                break;
        }
    }

    public override void WriteCounter(OutputBuffer output, ref Pending request, long key) =>
        WriteLine(output, "set "u8, key, " 0 0 1\r\n0\r\n"u8, isCounter: true);

    protected override AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        if (reply.Kind == ReplyKind.Value && IsGet(request.Operation))
        {
            TakeValue(ref request, keys, reply.Key, reply.Flags, reply.Value, errors);
            return AnswerProgress.More;
        }
        if (IsError(reply.Kind)) return TakeError(in reply, ref request, errors);
        (ReplyKind hit, ReplyKind miss) = request.Operation switch
        {
            Operation.Set => (ReplyKind.Stored, ReplyKind.Stored),
            Operation.Delete => (ReplyKind.Deleted, ReplyKind.NotFound),
            Operation.Touch => (ReplyKind.Touched, ReplyKind.NotFound),
            Operation.Incr => (ReplyKind.Number, ReplyKind.NotFound),
            _ => (ReplyKind.End, ReplyKind.End),
        };
        if (reply.Kind != hit && reply.Kind != miss) return AnswerProgress.OutOfStep;
        if (hit != miss && reply.Kind == hit) request.Hits++;
        return AnswerProgress.Done;
    }

    private static bool IsGet(Operation operation) =>
        operation is Operation.Get or Operation.Multiget or Operation.Gat;

    private void WriteSet(OutputBuffer output, ref Pending request, long key)
    {
        ulong hash = Values.Begin(key, out int size, out uint flags);
        WriteLine(output, "set "u8, key, " "u8);
        PutNumber(output, flags);
        output.Append(_setMiddle);
        PutNumber(output, (ulong)size);
        output.Append("\r\n"u8);
        PutValue(output, hash, flags, size);
        request.BytesWritten = size;
    }
}
