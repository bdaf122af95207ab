using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;

namespace Memcachier.Protocol.Binary;

/// <summary>
/// The client's end: from a <see cref="Request"/> to its head. What <see cref="RequestParser"/> makes of the head is
/// the
/// request again. A value is the caller's to send after it.
/// </summary>
public static class RequestWriter
{
    /// <summary>Writes header, extras and key; returns their length.</summary>
    /// <param name="destination">At least <see cref="RequestParser.HeadLengthMax"/> bytes.</param>
    public static int Format(in Request request, Span<byte> destination)
    {
        Invariant.Holds(request.Key.Length <= Limits.KeyLengthMax);
        int length = RequestHeader.Size;
        int bodyLength = request.Extras.Length + request.Key.Length + request.ValueLength;
        destination.Slice(0, length).Clear();
        destination[0] = RequestHeader.Magic;
        destination[1] = (byte)request.Opcode;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(2), (ushort)request.Key.Length);
        destination[4] = (byte)request.Extras.Length;
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(8), (uint)bodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(12), request.Opaque);
        BinaryPrimitives.WriteUInt64BigEndian(destination.Slice(16), request.Cas);
        request.Extras.CopyTo(destination.Slice(length));
        length += request.Extras.Length;
        request.Key.CopyTo(destination.Slice(length));
        return length + request.Key.Length;
    }

    /// <summary>The extras of set, add and replace; returns their length.</summary>
    /// <param name="expiration">The exptime, in seconds.</param>
    public static int FormatExtras(uint flags, uint expiration, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, flags);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(sizeof(uint)), expiration);
        return 2 * sizeof(uint);
    }

    /// <summary>The extras of increment and decrement; returns their length.</summary>
    /// <param name="delta">How much the number changes.</param>
    /// <param name="initial">The number that a missing one becomes.</param>
    /// <param name="expiration">Its exptime, in seconds; <see cref="RequestParser.NoCreation"/>: it stays
    /// missing.</param>
    /// <param name="destination">At least 20 bytes.</param>
    public static int FormatExtras(ulong delta, ulong initial, uint expiration, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, delta);
        BinaryPrimitives.WriteUInt64BigEndian(destination.Slice(sizeof(ulong)), initial);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(2 * sizeof(ulong)), expiration);
        return RequestParser.ExtrasLengthMax;
    }
}
