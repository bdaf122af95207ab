using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>Answers. There is room for one: that was made sure of before acting.</summary>
internal sealed partial class BinarySession
{
    /// <summary>It is done, and there is nothing more to say of it.</summary>
    private void Confirm(ulong cas, ChunkQueue output)
    {
        if (!Opcodes.IsQuiet(_opcode)) Answer(Status.Done, cas, default, output);
    }

    /// <summary>An error is never hidden, however quiet the request.</summary>
    private void Refuse(Status status, ChunkQueue output) => Refuse(status, StatusText.Of(status), output);

    private void Refuse(Status status, ReadOnlySpan<byte> text, ChunkQueue output) =>
        Answer(status, cas: 0, text, output);

    /// <summary>A header and a value.</summary>
    private void Answer(Status status, ulong cas, ReadOnlySpan<byte> value, ChunkQueue output)
    {
        Span<byte> place = stackalloc byte[ResponseHeader.Size + StatusText.LengthMax];
        var header = new ResponseHeader
        {
            Opcode = _opcode,
            Status = status,
            BodyLength = (uint)value.Length,
            Opaque = _opaque,
            Cas = cas,
        };
        header.Write(place);
        value.CopyTo(place.Slice(ResponseHeader.Size));
        Append(place.Slice(0, ResponseHeader.Size + value.Length), output);
    }

    private static void Append(ReadOnlySpan<byte> octets, ChunkQueue output)
    {
        bool appended = output.TryAppend(octets);
        Invariant.Holds(appended);
    }
}
