using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>The meta commands.</summary>
internal sealed partial class TextSession
{
    /// <summary>There is room for the longest answer without a value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ExecuteMeta(in Request line, ChunkQueue output)
    {
        Span<byte> keyPlace = stackalloc byte[Limits.KeyLengthMax];
        ParseStatus status = MetaRequestParser.Parse(line.Command, line.Argument, keyPlace, out MetaRequest request);
        if (status != ParseStatus.Done)
        {
            Append(Replies.For(request.Error), output);
            if (request.IgnoredLength > 0) BeginSwallowing(request.IgnoredLength);
            return;
        }
        switch (line.Command)
        {
            case Command.MetaGet:
                MetaGet(in request, output);
                break;
            case Command.MetaSet:
                BeginMetaSet(in request, output);
                break;
            case Command.MetaDelete:
                MetaDelete(in request, output);
                break;
            case Command.MetaArithmetic:
                MetaAdd(in request, output);
                break;
            case Command.MetaDebug:
                MetaDebug(in request, output);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    /// <summary>mg</summary>
    private void MetaGet(in MetaRequest request, ChunkQueue output)
    {
        var options = new MetaGetOptions
        {
            Vivifies = request.Vivifies,
            VivifyExptime = request.CreationExptime,
            HasNewCas = request.HasNewCas && _store.HasCas,
            NewCas = request.NewCas,
            SetsExptime = request.HasExptime,
            Exptime = request.Exptime,
            Recaches = request.Recaches,
            RecacheExptime = request.RecacheExptime,
            RecachesAfterExptime = request.RecachesAfterExptime,
            IsUnseen = request.IsUnseen,
        };
        if (_events.IsWatched) _context.Observer.Looks(request.Key, _number);
        if (!_store.TryMetaGet(request.Key, in options, out Item item, out MetaGetResult result))
        {
            if (!request.IsQuiet) ReplyWithEcho("EN"u8, in request, output);
            return;
        }

        bool hasValue = request.WantsValue && !(request.HasCas && request.Cas == item.Cas);
        var reply = new MetaReply(stackalloc byte[MetaReply.LengthMax], hasValue ? "VA "u8 : "HD"u8);
        if (hasValue) reply.PutNumber((ulong)item.ValueLength);
        AddProperties(in request, in item, in result, ref reply);
        if (result.IsWonByOther) reply.Add('Z');
        if (item.IsStale) reply.Add('X');
        if (result.HasWon) reply.Add('W');
        reply.EndLine();
        Append(reply.Octets, output);
        if (hasValue) _ = TryAppendValue(in item, TextSessionState.Line, output);
    }

    /// <summary>
    /// What the flags of mg ask for. They are followed in their order, so t tells of the T before it only.
    /// </summary>
    private void AddProperties(
        in MetaRequest request, in Item item, in MetaGetResult result, ref MetaReply reply)
    {
        uint exptime = result.ExptimeBefore;
        var tokens = new Tokens(request.Flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            switch (token[0])
            {
                case (byte)'s':
                    reply.Add('s', (ulong)item.ValueLength);
                    break;
                case (byte)'f':
                    reply.Add('f', item.Flags);
                    break;
                case (byte)'h':
                    reply.Add('h', result.WasFetched ? 1UL : 0);
                    break;
                case (byte)'l':
                    reply.Add('l', result.SecondsSinceAccess);
                    break;
                default:
                    AddShared(token, in request, item.Cas, result.IsCreated, ref exptime, ref reply);
                    break;
            }
        }
    }

    /// <summary>What a flag asks for that mg and ma both have.</summary>
    private void AddShared(
        scoped ReadOnlySpan<byte> token, in MetaRequest request, ulong cas, bool isCreated, ref uint exptime,
        ref MetaReply reply)
    {
        switch (token[0])
        {
            case (byte)'T':
                exptime = _store.Lifetime.FromExptime(request.Exptime);
                break;
            case (byte)'N':
                if (isCreated) exptime = _store.Lifetime.FromExptime(request.VivifyExptime);
                break;
            case (byte)'t':
                reply.AddSeconds('t', _store.Lifetime.SecondsLeft(exptime));
                break;
            case (byte)'c':
                reply.Add('c', cas);
                break;
            default:
                Echo(token, in request, ref reply);
                break;
        }
    }

    /// <summary>md</summary>
    private void MetaDelete(in MetaRequest request, ChunkQueue output)
    {
        var options = new MetaDeleteOptions
        {
            HasCas = request.HasCas,
            Cas = request.Cas,
            Invalidates = request.Invalidates,
            DropsValue = request.DropsValue,
            HasNewCas = request.HasNewCas && _store.HasCas,
            NewCas = request.NewCas,
            SetsExptime = request.HasExptime,
            Exptime = request.Exptime,
            Flags = request.ClientFlags,
        };
        if (_events.IsWatched) _context.Observer.Deletes(request.Key, in options, _number);
        MetaDeleteResult result = _store.MetaDelete(request.Key, in options);
        switch (result)
        {
            case MetaDeleteResult.Deleted:
                if (!request.IsQuiet) ReplyWithEcho("HD"u8, in request, output);
                break;
            case MetaDeleteResult.NotFound:
                ReplyWithEcho("NF"u8, in request, output);
                break;
            case MetaDeleteResult.Exists:
                ReplyWithEcho("EX"u8, in request, output);
                break;
            default:
                Invariant.Holds(result == MetaDeleteResult.OutOfMemory);
                Append(Replies.OutOfMemory, output);
                break;
        }
    }

    /// <summary>ma</summary>
    private void MetaAdd(in MetaRequest request, ChunkQueue output)
    {
        var options = new DeltaOptions(isIncrement: request.Mode is not ((byte)'D' or (byte)'-'), request.Delta)
        {
            // 0 compares with nothing.
            Cas = request.HasCas ? request.Cas : 0,
            HasNewCas = request.HasNewCas && _store.HasCas,
            NewCas = request.NewCas,
            Vivifies = request.Vivifies,
            VivifyExptime = request.CreationExptime,
            Initial = request.Initial,
            SetsExptime = request.HasExptime,
            Exptime = request.Exptime,
        };
        if (_events.IsWatched) _context.Observer.Adds(request.Key, in options, isBinary: false, _number);
        DeltaResult result = _store.TryAdd(request.Key, in options, out DeltaOutcome outcome);
        switch (result)
        {
            case DeltaResult.Done:
                if (!request.IsQuiet) ReplyWithNumber(in request, in outcome, output);
                break;
            case DeltaResult.NotFound:
                ReplyWithEcho("NF"u8, in request, output);
                break;
            case DeltaResult.Exists:
                ReplyWithEcho("EX"u8, in request, output);
                break;
            case DeltaResult.NonNumeric:
                Append(Replies.NonNumeric, output);
                break;
            case DeltaResult.OutOfMemory:
                Append(Replies.OutOfMemory, output);
                break;
            default:
                Invariant.Holds(result == DeltaResult.OutOfMemoryCreating);
                Append(Replies.OutOfMemoryCreating, output);
                break;
        }
    }

    private void ReplyWithNumber(in MetaRequest request, in DeltaOutcome outcome, ChunkQueue output)
    {
        var reply = new MetaReply(stackalloc byte[MetaReply.LengthMax], request.WantsValue ? "VA "u8 : "HD"u8);
        if (request.WantsValue) reply.PutNumber((ulong)AsciiDecimal.CountDigits(outcome.Value));
        uint exptime = outcome.ExptimeBefore;
        var tokens = new Tokens(request.Flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            AddShared(token, in request, outcome.Cas, outcome.IsCreated, ref exptime, ref reply);
        }
        reply.EndLine();
        if (request.WantsValue)
        {
            reply.PutNumber(outcome.Value);
            reply.EndLine();
        }
        Append(reply.Octets, output);
    }

    /// <summary>
    /// me: what memcached tells of an item, but that its size is the one it has here. All are in one class.
    /// </summary>
    private void MetaDebug(in MetaRequest request, ChunkQueue output)
    {
        _statistics.CmdMeta++;
        if (_events.IsWatched) _context.Observer.Looks(request.Key, _number);
        if (!_store.TryPeek(request.Key, out Item item))
        {
            Append(Replies.MetaMiss, output);
            return;
        }
        var reply = new MetaReply(stackalloc byte[MetaReply.LengthMax], "ME "u8);
        reply.PutKey(request.Key, request.IsKeyBinary);
        reply.Put(" exp="u8);
        reply.PutSeconds(_store.Lifetime.SecondsLeft(item.Exptime));
        reply.Put(" la="u8);
        reply.PutNumber(_store.Lifetime.Now - item.Time);
        reply.Put(" cas="u8);
        reply.PutNumber(item.Cas);
        reply.Put(item.IsFetched ? " fetch=yes cls=1 size="u8 : " fetch=no cls=1 size="u8);
        reply.PutNumber((ulong)item.TotalLength);
        reply.EndLine();
        Append(reply.Octets, output);
    }

    /// <summary>The answer that tells nothing of an item: a code, and what the client wants back.</summary>
    private static void ReplyWithEcho(ReadOnlySpan<byte> code, in MetaRequest request, ChunkQueue output)
    {
        var reply = new MetaReply(stackalloc byte[MetaReply.LengthMax], code);
        var tokens = new Tokens(request.Flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token)) Echo(token, in request, ref reply);
        reply.EndLine();
        Append(reply.Octets, output);
    }

    /// <summary>Gives the opaque and the key back.</summary>
    private static void Echo(scoped ReadOnlySpan<byte> token, in MetaRequest request, ref MetaReply reply)
    {
        if (token[0] == 'O') reply.AddToken(token);
        else if (token[0] == 'k') reply.AddKey(request.Key, request.IsKeyBinary);
    }
}
