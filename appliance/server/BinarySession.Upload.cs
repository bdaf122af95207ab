using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>set and its kin: the value goes from the receive buffer straight to its place in the store.</summary>
internal sealed partial class BinarySession
{
    /// <summary>
    /// An append of a few bytes copies a whole value: a call that has copied this much stops there, or the requests of
    /// one packet would keep everybody waiting for milliseconds.
    /// </summary>
    private const int JoinedOctetsMax = 1 << 20;

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
        int count = Math.Min(source.Length, _reservation.Missing);
        if (count > 0)
        {
            // If it fails, there is room to say so: what it has copied by then cannot be told.
            if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;
            int missing = _reservation.Missing;
            if (!_store.TryFill(ref _reservation, source.Slice(0, count))) return LoseReservation(missing, output);
            source = source.Slice(count);
        }
        if (_reservation.Missing > 0) return Step.NeedsInput;
        if (!output.HasSpace(AnswerLengthMax)) return Step.NeedsOutput;

        _state = BinarySessionState.Head;
        var terms = new StoreTerms(_mode) { Cas = _cas };
        Report(Commit(in terms, out StoredItem stored), in stored, output);
        bool isShareSpent = _store.JoinedOctetCount >= _joinedOctetLimit;
        return isShareSpent && source.Length > 0 ? Step.NeedsTurn : Step.Next;
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

    /// <summary>The upload took so long that its place was needed for others. Its bytes still come.</summary>
    private Step LoseReservation(int missing, ChunkQueue output)
    {
        _store.Abandon(ref _reservation);
        _statistics.StoreNoMemory++;
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
