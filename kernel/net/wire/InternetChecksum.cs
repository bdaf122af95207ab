using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// The checksum of IPv4, ICMP, UDP and TCP: the one's complement of the one's complement sum of 16-bit words in network
/// order, an odd last octet padded with a zero (RFC 1071).
/// </summary>
public static class InternetChecksum
{
    /// <summary>
    /// The checksum of <paramref name="octets"/> added to <paramref name="initialSum"/>, a sum of words in network order.
    /// With the field holding zero it is the value to store; with the field in place it is zero if the octets are intact.
    /// </summary>
    /// <remarks>
    /// RFC 1071 §2: the sum may be taken in any byte order and in wider words, the carries brought back at the end.
    /// </remarks>
    public static ushort Compute(ReadOnlySpan<byte> octets, uint initialSum)
    {
        ulong sum = 0;
        if (octets.Length >= Vector256<byte>.Count)
        {
            sum = SumVectors(octets);
            octets = octets.Slice(octets.Length & ~(Vector256<byte>.Count - 1));
        }
        while (octets.Length >= sizeof(uint))
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(octets);
            octets = octets.Slice(sizeof(uint));
        }
        if (octets.Length >= sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(octets);
            octets = octets.Slice(sizeof(ushort));
        }
        if (octets.Length > 0) sum += octets[0];

        sum = (uint)sum + (sum >> 32);
        sum = (uint)sum + (sum >> 32);
        ushort inNetworkOrder = BinaryPrimitives.ReverseEndianness(Fold((uint)sum));
        return (ushort)~Fold((uint)inNetworkOrder + Fold(initialSum));
    }

    /// <summary>
    /// Sums the whole vectors at the start of <paramref name="octets"/> as 32-bit words in 64-bit lanes, which no length
    /// that a span can have makes overflow.
    /// </summary>
    private static ulong SumVectors(ReadOnlySpan<byte> octets)
    {
        ReadOnlySpan<Vector256<ulong>> vectors = MemoryMarshal.Cast<byte, Vector256<ulong>>(octets);
        Vector256<ulong> lowHalves = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        for (int i = 0; i < vectors.Length; i++)
        {
            sums += (vectors[i] & lowHalves) + Vector256.ShiftRightLogical(vectors[i], 32);
        }
        return Vector256.Sum(sums);
    }

    /// <summary>
    /// The sum of the pseudo-header that TCP and UDP checksums cover (RFC 9293 §3.1, RFC 8200 §8.1).
    /// </summary>
    /// <param name="source">The sender; of the same IP version as <paramref name="destination"/>.</param>
    /// <param name="destination">The receiver.</param>
    /// <param name="protocol">The IP protocol number of the transport.</param>
    /// <param name="length">Size in bytes of the transport header and what follows it.</param>
    public static uint PseudoHeaderSum(IpAddress source, IpAddress destination, byte protocol, int length)
    {
        ulong sum = (ulong)protocol + (uint)length;
        if (source.IsV4)
        {
            sum += (ulong)source.V4Bits + destination.V4Bits;
        }
        else
        {
            sum += (source.High >> 32) + (uint)source.High + (source.Low >> 32) + (uint)source.Low;
            sum += (destination.High >> 32) + (uint)destination.High + (destination.Low >> 32) + (uint)destination.Low;
        }
        sum = (uint)sum + (sum >> 32);
        return Fold((uint)sum + (uint)(sum >> 32));
    }

    /// <summary>Brings the carries of a sum back into 16 bits (RFC 1071 §1), without complementing it.</summary>
    public static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)(sum + (sum >> 16));
    }
}
