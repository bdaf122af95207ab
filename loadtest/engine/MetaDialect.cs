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

    public MetaDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
        string key = settings.IsVerifying ? " k" : "";
        string value = settings.IsVerifying ? " k f v" : " v";
        _getEnd = Encoding.ASCII.GetBytes($"{value}\r\n");
        _quietGetEnd = Encoding.ASCII.GetBytes($"{value} q\r\n");
        _gatEnd = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{value}\r\n");
        _touchEnd = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{key}\r\n");
        _setMiddle = Encoding.ASCII.GetBytes($" T{settings.TtlSeconds}{key} F");
        _lineEnd = Encoding.ASCII.GetBytes($"{key}\r\n");
    }

    public override void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys)
    {
        switch (request.Operation)
        {
            case Operation.Get:
                WriteLine(output, "mg "u8, keys[0], _getEnd);
                break;
            case Operation.Multiget:
                foreach (long key in keys) WriteLine(output, "mg "u8, key, _quietGetEnd);
                output.Append("mn\r\n"u8);
                break;
            case Operation.Gat:
                WriteLine(output, "mg "u8, keys[0], _gatEnd);
                break;
            case Operation.Delete:
                WriteLine(output, "md "u8, keys[0], _lineEnd);
                break;
            case Operation.Touch:
                WriteLine(output, "mg "u8, keys[0], _touchEnd);
                break;
            case Operation.Incr:
                WriteLine(output, "ma "u8, keys[0], _lineEnd, isCounter: true);
                break;
            case Operation.Set:
            default:
                WriteSet(output, ref request, keys[0]);
                break;
        }
    }

    public override void WriteCounter(OutputBuffer output, ref Pending request, long key) =>
        WriteLine(output, "ms "u8, key, " 1\r\n0\r\n"u8, isCounter: true);

    protected override AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors)
    {
        if (IsError(reply.Kind))
        {
            AnswerProgress progress = TakeError(in reply, ref request, errors);
            // Of a multiget, it is one key's answer; the others and MN follow.
            return request.Operation == Operation.Multiget ? AnswerProgress.More : progress;
        }
        switch (request.Operation, reply.Kind)
        {
            case (Operation.Get or Operation.Gat, ReplyKind.MetaValue):
                TakeMetaValue(in reply, ref request, keys, errors);
                return AnswerProgress.Done;
            case (Operation.Multiget, ReplyKind.MetaValue):
                TakeMetaValue(in reply, ref request, keys, errors);
                return AnswerProgress.More;
            case (Operation.Multiget, ReplyKind.MetaNoop):
                return AnswerProgress.Done;
            case (Operation.Get or Operation.Gat or Operation.Touch, ReplyKind.MetaMiss):
            case (Operation.Delete or Operation.Incr, ReplyKind.MetaNotFound):
                return AnswerProgress.Done;
            case (Operation.Set, ReplyKind.MetaDone):
                CheckKey(in reply, ref request, keys, errors);
                return AnswerProgress.Done;
            case (Operation.Delete or Operation.Incr or Operation.Touch, ReplyKind.MetaDone):
                CheckKey(in reply, ref request, keys, errors);
                request.Hits++;
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
        bool isCounter = request.Operation == Operation.Incr;
        ReadOnlySpan<byte> key = FlagOf(reply.MetaFlags, (byte)'k');
        // Counters are preloaded by plain sets, which ask for no key.
        if (key.Length == 0 || Values.IsKey(keys[0], isCounter, key)) return;
        FailSwapped(ref request, errors, "reply for", key, keys[0], isCounter);
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

    private void WriteSet(OutputBuffer output, ref Pending request, long key)
    {
        ulong hash = Values.Begin(key, out int size, out uint flags);
        WriteLine(output, "ms "u8, key, " "u8);
        PutNumber(output, (ulong)size);
        output.Append(_setMiddle);
        PutNumber(output, flags);
        output.Append("\r\n"u8);
        PutValue(output, hash, flags, size);
        request.BytesWritten = size;
    }
}
