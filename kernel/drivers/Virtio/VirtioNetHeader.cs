using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Virtio;

/// <summary>struct virtio_net_hdr, in front of every frame in both directions (virtio 1.2 §5.1.6).</summary>
/// <remarks>
/// <code>
///   [ flags:8 ][ gso_type:8 ][ hdr_len:16 ][ gso_size:16 ][ csum_start:16 ][ csum_offset:16 ][ num_buffers:16 ]
/// </code>
/// Twelve bytes whenever VERSION_1 is negotiated: num_buffers is there even without MRG_RXBUF (§5.1.6.1). It is 0 to
/// the device, and from the device says 1, which is not looked at.
/// </remarks>
internal static class VirtioNetHeader
{
    public const int Size = 12;

    private const int Flags = 0, GsoType = 1, CsumStart = 6, CsumOffset = 8;
    private const int CsumStartShift = 8 * CsumStart;
    private const byte NeedsCsum = 1, DataValid = 2;
    private const byte GsoNone = 0;

    /// <summary>
    /// Writes the header of a frame to send, which is not segmented further: all of it, in two words of which most is zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> header, TransmitChecksum checksum)
    {
        ulong flags = checksum.IsNeeded ? NeedsCsum : 0UL;
        BinaryPrimitives.WriteUInt64LittleEndian(header, flags | (ulong)checksum.Start << CsumStartShift);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(CsumOffset), checksum.Offset);
    }

    /// <summary>False if the device segments or merges, which was never negotiated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsWholeFrame(ReadOnlySpan<byte> header) => header[GsoType] == GsoNone;

    /// <summary>
    /// With GUEST_CSUM negotiated: DATA_VALID says that the device verified the checksum. NEEDS_CSUM says that the
    /// frame never was on a wire and its checksum is not filled in; there is nothing to verify and nothing to doubt.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsChecksumVouchedFor(ReadOnlySpan<byte> header) =>
        (header[Flags] & (NeedsCsum | DataValid)) != 0;
}
