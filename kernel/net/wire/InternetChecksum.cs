using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// The checksum of IPv4, ICMP, UDP and TCP: the one's complement of the one's complement sum of 16-bit words in network
/// order, an odd last octet padded with a zero (RFC 1071).
/// </summary>
public static class InternetChecksum
{
    private const int VectorSize = 32;

    /// <summary>Zeros before ones: from <c>n</c> on, it is a mask of the last <c>n</c> bytes of a vector.</summary>
    private static ReadOnlySpan<byte> TailMasks =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    ];

    /// <summary>
    /// The checksum of <paramref name="octets"/> added to <paramref name="initialSum"/>, a sum of words in network order.
    /// With the field holding zero it is the value to store; with the field in place it is zero if the octets are intact.
    /// Hot: once per segment in each direction, unless the device does it.
    /// </summary>
    /// <remarks>
    /// RFC 1071 §2: the sum may be taken in any byte order and in wider words, the carries brought back at the end. So it
    /// is taken in the order in which the processor loads words, and turned round once.
    /// </remarks>
    public static ushort Compute(ReadOnlySpan<byte> octets, uint initialSum)
    {
        ulong sum = BinaryPrimitives.ReverseEndianness(initialSum);
        if ((octets.Length & 1) != 0)
        {
            sum += octets[octets.Length - 1];
            octets = octets.Slice(0, octets.Length - 1);
        }
        return octets.Length < VectorSize ? FinishSlow(octets, sum) : Finish(sum + SumVectors(octets));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Finish(ulong sum) => (ushort)~BinaryPrimitives.ReverseEndianness(Fold(sum));

    /// <summary>
    /// Sums an even number of bytes, at least a vector of them, as 32-bit words in 64-bit lanes, which no length that a
    /// span can have makes overflow. The last vector overlaps the one before; what that had is masked.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SumVectors(ReadOnlySpan<byte> octets)
    {
        Vector256<ulong> sums = Vector256<ulong>.Zero;
        ReadOnlySpan<VectorPair> pairs = MemoryMarshal.Cast<byte, VectorPair>(octets);
        for (int i = 0; i < pairs.Length; i++) sums += Halves(pairs[i].First) + Halves(pairs[i].Second);
        ReadOnlySpan<Vector256<ulong>> vectors = MemoryMarshal.Cast<byte, Vector256<ulong>>(octets);
        if ((vectors.Length & 1) != 0) sums += Halves(vectors[vectors.Length - 1]);
        ReadOnlySpan<byte> mask = TailMasks.Slice(octets.Length % VectorSize, VectorSize);
        ReadOnlySpan<byte> last = octets.Slice(octets.Length - VectorSize, VectorSize);
        Vector256<ulong> tail = MemoryMarshal.Read<Vector256<ulong>>(last) & MemoryMarshal.Read<Vector256<ulong>>(mask);
        return Vector256.Sum(sums + Halves(tail));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Halves(Vector256<ulong> words) =>
        (words & Vector256.Create((ulong)uint.MaxValue)) + Vector256.ShiftRightLogical(words, 32);

    /// <summary>Adds an even number of bytes, fewer than a vector has.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ushort FinishSlow(ReadOnlySpan<byte> octets, ulong sum)
    {
        while (octets.Length >= sizeof(uint))
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(octets);
            octets = octets.Slice(sizeof(uint));
        }
        if (octets.Length > 0) sum += BinaryPrimitives.ReadUInt16LittleEndian(octets);
        return Finish(sum);
    }

    /// <summary>
    /// The sum of the pseudo-header that TCP and UDP checksums cover (RFC 9293 §3.1, RFC 8200 §8.1).
    /// </summary>
    /// <param name="source">The sender; of the same IP version as <paramref name="destination"/>.</param>
    /// <param name="destination">The receiver.</param>
    /// <param name="protocol">The IP protocol number of the transport.</param>
    /// <param name="length">Size in bytes of the transport header and what follows it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PseudoHeaderSum(IpAddress source, IpAddress destination, byte protocol, int length)
    {
        ulong sum = (ulong)protocol + (uint)length;
        return source.IsV4
            ? Fold(sum + source.V4Bits + destination.V4Bits)
            : Fold(sum + SumOfHalves(source) + SumOfHalves(destination));
    }

    /// <summary>
    /// Brings the carries of a sum back into 16 bits (RFC 1071 §1), without complementing it. A number and its halves
    /// the other way round add up to the sum of the halves in the upper one, with the carry from the lower one added.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fold(ulong sum)
    {
        uint half = (uint)((sum + BitOperations.RotateLeft(sum, 32)) >> 32);
        return (ushort)((half + BitOperations.RotateLeft(half, 16)) >> 16);
    }

    private static ulong SumOfHalves(IpAddress address) =>
        (address.High >> 32) + (uint)address.High + (address.Low >> 32) + (uint)address.Low;

    /// <summary>What one turn of the loop sums.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct VectorPair
    {
        public readonly Vector256<ulong> First;
        public readonly Vector256<ulong> Second;
    }
}
