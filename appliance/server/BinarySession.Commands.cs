using System;
using System.Buffers.Binary;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>What the requests ask for.</summary>
internal sealed partial class BinarySession
{
    private void Execute(in Request request, ChunkQueue output)
    {
        if (_context.Events.IsWatched) ObserveSlow(in request);
        switch (Opcodes.Loud(request.Opcode))
        {
            case Opcode.Get:
            case Opcode.GetK:
            case Opcode.Touch:
            case Opcode.Gat:
            case Opcode.GatK:
                Retrieve(in request, output);
                break;
            case Opcode.Set:
            case Opcode.Add:
            case Opcode.Replace:
            case Opcode.Append:
            case Opcode.Prepend:
                BeginUpload(in request, output);
                break;
            case Opcode.Delete:
                Delete(in request, output);
                break;
            case Opcode.Increment:
            case Opcode.Decrement:
                Add(in request, output);
                break;
            case Opcode.Flush when _context.Settings.RefusesFlush:
                Refuse(Status.AuthError, output);
                break;
            case Opcode.Flush:
                _store.Flush(ExptimeOf(request.Expiration));
                Confirm(cas: 0, output);
                break;
            case Opcode.Noop:
                Confirm(cas: 0, output);
                break;
            case Opcode.Version:
                Answer(Status.Done, cas: 0, ServerVersion.Name, output);
                break;
            case Opcode.Stat:
                BeginStats(request.Key, output);
                break;
            case Opcode.Quit:
                Confirm(cas: 0, output);
                HasQuit = true;
                _state = BinarySessionState.Closing;
                break;
            case Opcode.SaslListMechs:
                ListMechanisms(output);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    /// <summary>
    /// The expiration of this protocol has no sign: what the text protocol has no number for is far away, and becomes
    /// the last second that it has one for.
    /// </summary>
    private static int ExptimeOf(uint expiration) => (int)Math.Min(expiration, int.MaxValue);

    private void Delete(in Request request, ChunkQueue output)
    {
        if (_prefixes.IsEnabled) _prefixes.CountDelete(request.Key);
        // Another cas unique is neither a hit nor a miss.
        if (request.Cas != 0 && _store.TryPeek(request.Key, out Item item) && item.Cas != request.Cas)
        {
            Refuse(Status.KeyExists, output);
        }
        else if (_store.TryDelete(request.Key))
        {
            Confirm(cas: 0, output);
        }
        else
        {
            Refuse(Status.KeyNotFound, output);
        }
    }

    private void Add(in Request request, ChunkQueue output)
    {
        var options = new DeltaOptions(Opcodes.Loud(request.Opcode) == Opcode.Increment, request.Delta)
        {
            Cas = request.Cas,
            Vivifies = request.Expiration != RequestParser.NoCreation,
            VivifyExptime = ExptimeOf(request.Expiration),
            Initial = request.Initial,
        };
        if (_context.Events.IsWatched) _context.Observer.Adds(request.Key, in options, isBinary: true, _number);
        switch (_store.TryAdd(request.Key, in options, out DeltaOutcome outcome))
        {
            case DeltaResult.Done:
                if (Opcodes.IsQuiet(_opcode)) break;
                Span<byte> number = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64BigEndian(number, outcome.Value);
                Answer(Status.Done, outcome.Cas, number, output);
                break;
            case DeltaResult.NotFound:
                Refuse(Status.KeyNotFound, output);
                break;
            case DeltaResult.Exists:
                Refuse(Status.KeyExists, output);
                break;
            case DeltaResult.NonNumeric:
                Refuse(Status.NonNumeric, output);
                break;
            case DeltaResult.OutOfMemory:
                Refuse(Status.OutOfMemory, StatusText.OutOfMemoryAdding, output);
                break;
            case DeltaResult.OutOfMemoryCreating:
                Refuse(Status.OutOfMemory, StatusText.OutOfMemoryCreating, output);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }
}
