using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Base;

/// <summary>A 48-bit Ethernet address.</summary>
public readonly struct MacAddress : IEquatable<MacAddress>
{
    /// <summary>Length on the wire in bytes.</summary>
    public const int Size = 6;

    private readonly ulong _bits;

    private MacAddress(ulong bits) => _bits = bits;

    public static MacAddress Broadcast => new(0xFFFF_FFFF_FFFF);

    /// <summary>True for group addresses: multicast and broadcast (IEEE 802: the first octet's lowest bit).</summary>
    public bool IsGroup => (_bits >> 40 & 1) != 0;

    public static bool operator ==(MacAddress left, MacAddress right) => left._bits == right._bits;

    public static bool operator !=(MacAddress left, MacAddress right) => left._bits != right._bits;

    /// <summary>Reads the six bytes at the start of <paramref name="octets"/>, first on the wire first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MacAddress Read(ReadOnlySpan<byte> octets) =>
        new((ulong)BinaryPrimitives.ReadUInt32BigEndian(octets) << 16 |
            BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(4)));

    /// <summary>Writes the six bytes to the start of <paramref name="octets"/>.</summary>
    public void Write(Span<byte> octets)
    {
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)(_bits >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(octets.Slice(4), (ushort)_bits);
    }

    public bool Equals(MacAddress other) => _bits == other._bits;

    public override bool Equals(object? obj) => obj is MacAddress other && Equals(other);

    public override int GetHashCode() => _bits.GetHashCode();
}
