using System;
using System.Buffers.Binary;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>get, touch, gat and their kin: values of any size through an output of any size.</summary>
internal sealed partial class BinarySession
{
    private const int FlagsLength = 4;

    private Lease _lease;
    private int _sent;

    /// <summary>Hot: once per get.</summary>
    private void Retrieve(in Request request, ChunkQueue output)
    {
        Opcode opcode = Opcodes.Loud(request.Opcode);
        bool isWithKey = opcode is Opcode.GetK or Opcode.GatK;
        bool isFound = opcode is Opcode.Get or Opcode.GetK
            ? _store.TryGet(request.Key, out Item item)
            : _store.TryGetAndTouch(request.Key, ExptimeOf(request.Expiration), out item);
        if (_prefixes.IsEnabled) _prefixes.CountGet(request.Key, isFound);
        if (!isFound)
        {
            if (Opcodes.IsQuiet(request.Opcode)) return;
            // A miss that names its key says nothing else.
            if (isWithKey) AnswerHead(Status.KeyNotFound, request.Key, output);
            else Refuse(Status.KeyNotFound, output);
            return;
        }
        bool isWithValue = opcode != Opcode.Touch;
        AnswerHead(in item, isWithKey ? request.Key : default, isWithValue ? item.ValueLength : 0, output);
        if (isWithValue) AppendValue(in item, output);
    }

    /// <summary>Header and key.</summary>
    private void AnswerHead(Status status, ReadOnlySpan<byte> key, ChunkQueue output)
    {
        Span<byte> place = stackalloc byte[ResponseHeader.Size + Limits.KeyLengthMax];
        var header = new ResponseHeader
        {
            Opcode = _opcode,
            Status = status,
            KeyLength = key.Length,
            BodyLength = (uint)key.Length,
            Opaque = _opaque,
        };
        header.Write(place);
        key.CopyTo(place.Slice(ResponseHeader.Size));
        Append(place.Slice(0, ResponseHeader.Size + key.Length), output);
    }

    /// <summary>Header, flags and key of an item that was found; its value follows.</summary>
    private void AnswerHead(in Item item, ReadOnlySpan<byte> key, int valueLength, ChunkQueue output)
    {
        Span<byte> place = stackalloc byte[ResponseHeader.Size + FlagsLength + Limits.KeyLengthMax];
        var header = new ResponseHeader
        {
            Opcode = _opcode,
            ExtrasLength = FlagsLength,
            KeyLength = key.Length,
            BodyLength = (uint)(FlagsLength + key.Length + valueLength),
            Opaque = _opaque,
            Cas = item.Cas,
        };
        header.Write(place);
        BinaryPrimitives.WriteUInt32BigEndian(place.Slice(ResponseHeader.Size), item.Flags);
        key.CopyTo(place.Slice(ResponseHeader.Size + FlagsLength));
        Append(place.Slice(0, ResponseHeader.Size + FlagsLength + key.Length), output);
    }

    /// <summary>As much of the value as fits; if that is not all of it, it is held until it does.</summary>
    private void AppendValue(in Item item, ChunkQueue output)
    {
        if (HeldValue.TryAppend(_store, in item, end: default, output, ref _lease, ref _sent)) return;
        _state = BinarySessionState.Sending;
    }

    private Step SendValue(ChunkQueue output)
    {
        Step step = HeldValue.Send(_store, ref _lease, ref _sent, end: default, output, out bool isLost);
        if (step == Step.Next) _state = isLost ? BinarySessionState.Closing : BinarySessionState.Head;
        return step;
    }
}
