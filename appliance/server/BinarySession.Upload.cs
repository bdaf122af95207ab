using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>set and its kin: the value goes from the receive buffer straight to its place in the store.</summary>
internal sealed partial class BinarySession
{
    private Reservation _reservation;
    private long _joinedOctetLimit;
    private StoreMode _mode;

    private void BeginUpload(in Request request, ChunkQueue output)
    {
        if (_prefixes.IsEnabled) _prefixes.CountSet(request.Key);
        Opcode opcode = Opcodes.Loud(request.Opcode);
        bool isJoining = opcode is Opcode.Append or Opcode.Prepend;
        // What replaces goes by its opcode until there is a place for it: a set that finds none ends the old item.
        StoreMode mode = ModeOf(opcode);
        StoreResult result = _store.TryReserve(
            mode,
            request.Key,
            isJoining ? 0 : request.Flags,
            isJoining ? 0 : ExptimeOf(request.Expiration),
            request.ValueLength,
            out _reservation);
        if (result == StoreResult.Stored)
        {
            // With a cas unique set, add and replace are all the same.
            _mode = request.Cas != 0 && !isJoining ? StoreMode.Cas : mode;
            _state = BinarySessionState.Value;
            return;
        }
        if (_context.Events.IsWatched)
        {
            _context.Observer.Refuses(request.Key, result, mode, looks: mode == StoreMode.Set, _number);
        }
        if (result == StoreResult.TooLarge) Refuse(Status.TooLarge, output);
        else Refuse(Status.OutOfMemory, StatusText.OutOfMemoryAllocating, output);
        BeginSwallowing(request.ValueLength);
    }

    private Step FillValue(ref ReadOnlySpan<byte> source, ChunkQueue output)
    {
        Step step = Upload.Fill(
            _context, ref _reservation, ref source, output, AnswerLengthMax, out int lostLength);
        if (lostLength > 0) return LoseValue(lostLength, output);
        if (step != Step.Next) return step;
        if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;

        _state = BinarySessionState.Head;
        var terms = new StoreTerms(_mode) { Cas = _cas };
        Report(Commit(in terms, out StoredItem stored), in stored, output);
        return Upload.Next(_store, _joinedOctetLimit, source);
    }

    private void Report(StoreResult result, in StoredItem stored, ChunkQueue output)
    {
        switch (result)
        {
            case StoreResult.Stored:
                Confirm(stored.Cas, output);
                break;
            case StoreResult.Exists:
                Refuse(Status.KeyExists, output);
                break;
            case StoreResult.NotFound:
                Refuse(Status.KeyNotFound, output);
                break;
            case StoreResult.NotStored:
                Refuse(StatusOfNotStored(), output);
                break;
            default:
                Invariant.Holds(result == StoreResult.OutOfMemory);
                Refuse(Status.OutOfMemory, StatusText.OutOfMemoryReading, output);
                break;
        }
    }

    private Status StatusOfNotStored() => _mode switch
    {
        StoreMode.Add => Status.KeyExists,
        StoreMode.Replace => Status.KeyNotFound,
        _ => Status.NotStored,
    };

    /// <summary>Its place was needed for others, but its bytes still come.</summary>
    private Step LoseValue(int missing, ChunkQueue output)
    {
        Refuse(Status.OutOfMemory, StatusText.OutOfMemoryReading, output);
        BeginSwallowing(missing);
        return Step.Next;
    }

    private static StoreMode ModeOf(Opcode opcode)
    {
        switch (opcode)
        {
            case Opcode.Set:
                return StoreMode.Set;
            case Opcode.Add:
                return StoreMode.Add;
            case Opcode.Replace:
                return StoreMode.Replace;
            case Opcode.Append:
                return StoreMode.Append;
            default:
                Invariant.Holds(opcode == Opcode.Prepend);
                return StoreMode.Prepend;
        }
    }
}
