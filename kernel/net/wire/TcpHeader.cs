using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// A TCP segment, header and text, where the device put it or will take it from (RFC 9293 §3.1). Invariant: the header
/// and its options lie inside the octets, so no accessor can fail.
/// </summary>
/// <remarks>
/// <code>
///  0  [ source port        ][ destination port   ]
///  4  [ sequence number                          ]
///  8  [ acknowledgment number                    ]
/// 12  [ offset:4 ][ reserved:4 ][ flags ][ window]
/// 16  [ checksum           ][ urgent pointer     ]
/// 20  [ options ... up to 4 * offset ][ text ... ]
/// </code>
/// </remarks>
public readonly ref struct TcpHeader
{
    /// <summary>The IP protocol number.</summary>
    public const byte Protocol = 6;

    /// <summary>Size of a header without options, in bytes.</summary>
    public const int MinSize = 20;

    /// <summary>Size of a header with all the options that fit, in bytes.</summary>
    public const int MaxSize = 60;

    /// <summary>Where the checksum stands, for whoever fills it in.</summary>
    public const int ChecksumOffset = 16;

    private const int DestinationPortOffset = 2;
    private const int SeqOffset = 4;
    private const int AckOffset = 8;
    private const int DataOffsetOffset = 12;
    private const int FlagsOffset = 13;
    private const int WindowOffset = 14;
    private const int UrgentPointerOffset = 18;

    private readonly Span<byte> _octets;

    private TcpHeader(Span<byte> octets) => _octets = octets;

    /// <summary>Both ports as one number: the source's above the destination's.</summary>
    public uint Ports
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BinaryPrimitives.ReadUInt32BigEndian(Fixed);
    }

    public ushort SourcePort
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(Fixed);
        set => BinaryPrimitives.WriteUInt16BigEndian(Fixed, value);
    }

    public ushort DestinationPort
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(DestinationPortOffset));
        set => BinaryPrimitives.WriteUInt16BigEndian(Fixed.Slice(DestinationPortOffset), value);
    }

    public SeqNumber Seq
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(BinaryPrimitives.ReadUInt32BigEndian(Fixed.Slice(SeqOffset)));
        set => BinaryPrimitives.WriteUInt32BigEndian(Fixed.Slice(SeqOffset), value.Value);
    }

    public SeqNumber Ack
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(BinaryPrimitives.ReadUInt32BigEndian(Fixed.Slice(AckOffset)));
        set => BinaryPrimitives.WriteUInt32BigEndian(Fixed.Slice(AckOffset), value.Value);
    }

    /// <summary>Size of the header with its options, in bytes.</summary>
    public int Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => SizeIn(_octets);
    }

    public TcpFlags Flags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TcpFlags)Fixed[FlagsOffset];
        set => Fixed[FlagsOffset] = (byte)value;
    }

    /// <summary>
    /// Size, reserved bits and flags as one number, to be compared with <see cref="SizeAndFlagsOf"/>; without PSH, which
    /// says nothing to a receiver that holds nothing back.
    /// </summary>
    public ushort SizeAndFlags
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ushort)(BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(DataOffsetOffset)) & ~(uint)TcpFlags.Psh);
    }

    /// <summary>The window as it stands in the header: scaled, except in a segment with SYN (RFC 7323 §2.2).</summary>
    public ushort Window
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(WindowOffset));
        set => BinaryPrimitives.WriteUInt16BigEndian(Fixed.Slice(WindowOffset), value);
    }

    public ushort Checksum
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(ChecksumOffset));
        set => BinaryPrimitives.WriteUInt16BigEndian(Fixed.Slice(ChecksumOffset), value);
    }

    public ushort UrgentPointer
    {
        get => BinaryPrimitives.ReadUInt16BigEndian(Fixed.Slice(UrgentPointerOffset));
        set => BinaryPrimitives.WriteUInt16BigEndian(Fixed.Slice(UrgentPointerOffset), value);
    }

    public Span<byte> Options
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets.Slice(MinSize, Size - MinSize);
    }

    public Span<byte> Text
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets.Slice(Size);
    }

    /// <summary>What every header has. With the constant length the compiler needs one check for any number of fields.</summary>
    private Span<byte> Fixed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets.Slice(0, MinSize);
    }

    /// <summary>Fails if any accessor would read outside <paramref name="segment"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(Span<byte> segment, out TcpHeader header)
    {
        header = default;
        if (segment.Length < MinSize) return false;
        int size = SizeIn(segment);
        if (size < MinSize) return false;
        if (size > segment.Length) return false;
        header = new TcpHeader(segment);
        return true;
    }

    /// <summary>What <see cref="SizeAndFlags"/> is with a header of <paramref name="size"/> bytes and these flags.</summary>
    public static ushort SizeAndFlagsOf(int size, TcpFlags flags) => (ushort)(size / 4 << 12 | (int)flags);

    /// <summary>Begins a header of <paramref name="size"/> bytes, every field and option zero, at the start of a segment.</summary>
    /// <param name="segment">The whole segment: header and text.</param>
    /// <param name="size">A multiple of four in [<see cref="MinSize"/>, <see cref="MaxSize"/>].</param>
    public static TcpHeader Begin(Span<byte> segment, int size)
    {
        segment.Slice(0, size).Clear();
        segment[DataOffsetOffset] = (byte)(size / 4 << 4);
        return new TcpHeader(segment);
    }

    /// <summary>Writes a header but for its options: as if every field were set, with no checksum and no urgent pointer.</summary>
    /// <param name="segment">The whole segment: header and text.</param>
    /// <param name="size">The header's with its options: a multiple of four, at most <see cref="MaxSize"/>.</param>
    /// <param name="ports">The source port above the destination port.</param>
    /// <param name="seq">See <see cref="Seq"/>.</param>
    /// <param name="ack">See <see cref="Ack"/>.</param>
    /// <param name="flags">See <see cref="Flags"/>.</param>
    /// <param name="window">See <see cref="Window"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Emit(
        Span<byte> segment, int size, uint ports, SeqNumber seq, SeqNumber ack, TcpFlags flags, ushort window)
    {
        Span<byte> octets = segment.Slice(0, MinSize);
        BinaryPrimitives.WriteUInt32BigEndian(octets, ports);
        BinaryPrimitives.WriteUInt64BigEndian(octets.Slice(SeqOffset), (ulong)seq.Value << 32 | ack.Value);
        ulong upper = (uint)size / 4 << 28 | (uint)flags << 16 | window;
        BinaryPrimitives.WriteUInt64BigEndian(octets.Slice(DataOffsetOffset), upper << 32);
    }

    private static int SizeIn(ReadOnlySpan<byte> segment) => segment[DataOffsetOffset] >> 4 << 2;
}
