using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net.Tcp;

/// <summary>
/// Initial sequence numbers: ISN = M + F(localip, localport, remoteip, remoteport, secretkey), where M is a clock of 4
/// microseconds and F a keyed hash (RFC 6528 §3). The timestamps of a connection start at an offset made the same way.
/// </summary>
internal sealed class IsnGenerator
{
    private const int MessageSize = 36;

    private readonly SipHash _hash;

    /// <param name="secret">The first <see cref="SipHash.KeySize"/> bytes are used.</param>
    public IsnGenerator(ReadOnlySpan<byte> secret) => _hash = new SipHash(secret);

    /// <summary>The number for a connection that opens now, and the offset of its timestamp clock.</summary>
    public SeqNumber Next(in Flow flow, long nowMicros, out uint timestampOffset)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        BinaryPrimitives.WriteUInt64BigEndian(message, flow.LocalAddress.High);
        BinaryPrimitives.WriteUInt64BigEndian(message.Slice(8), flow.LocalAddress.Low);
        BinaryPrimitives.WriteUInt64BigEndian(message.Slice(16), flow.RemoteAddress.High);
        BinaryPrimitives.WriteUInt64BigEndian(message.Slice(24), flow.RemoteAddress.Low);
        BinaryPrimitives.WriteUInt32BigEndian(message.Slice(32), flow.Ports);
        ulong hash = _hash.Hash(message);
        timestampOffset = (uint)(hash >> 32);
        return new SeqNumber((uint)hash + (uint)(nowMicros / 4));
    }
}
