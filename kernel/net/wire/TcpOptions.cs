using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Kernel.Net.Wire;

/// <summary>
/// The options of a segment that this TCP understands: maximum segment size (RFC 9293 §3.7.1), window scale and
/// timestamps (RFC 7323). Others are stepped over.
/// </summary>
public struct TcpOptions
{
    /// <summary>A larger shift count is taken for this one (RFC 7323 §2.3).</summary>
    public const byte MaxWindowScale = 14;

    /// <summary>Size of the timestamps option with the two octets that align it, in bytes (RFC 7323 appendix A).</summary>
    public const int TimestampsSize = 12;

    private const int MssSize = 4;
    private const int WindowScaleSize = 4;
    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte MssKind = 2;
    private const byte WindowScaleKind = 3;
    private const byte TimestampsKind = 8;

    // RFC 7323 appendix A: NOP, NOP, kind 8, length 10. Almost every segment starts its options with this word.
    private const uint AlignedTimestamps = 0x0101_080A;

    /// <summary>The maximum segment size, or zero if the option is absent.</summary>
    public ushort Mss { get; set; }

    public bool HasWindowScale { get; set; }

    public byte WindowScale { get; set; }

    public bool HasTimestamps { get; set; }

    /// <summary>TSval: the sender's clock.</summary>
    public uint TsVal { get; set; }

    /// <summary>TSecr: the last of the receiver's clock that the sender saw.</summary>
    public uint TsEcr { get; set; }

    /// <summary>How many bytes <see cref="Write"/> needs; a multiple of four.</summary>
    public readonly int Size =>
        (Mss != 0 ? MssSize : 0) + (HasWindowScale ? WindowScaleSize : 0) + (HasTimestamps ? TimestampsSize : 0);

    /// <summary>Fails on an option whose length is illegal: RFC 9293 §3.1 (MUST-7) asks to survive those.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out TcpOptions options)
    {
        options = default;
        return options.TryRead(octets);
    }

    /// <summary>Writes the options that are present, aligned to four bytes each.</summary>
    public readonly void Write(Span<byte> octets)
    {
        if (Mss != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)MssKind << 24 | MssSize << 16 | (uint)Mss);
            octets = octets.Slice(MssSize);
        }
        if (HasWindowScale)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets,
                (uint)NoOperation << 24 | WindowScaleKind << 16 | 3 << 8 | (uint)WindowScale);
            octets = octets.Slice(WindowScaleSize);
        }
        if (HasTimestamps) WriteTimestamps(octets, TsVal, TsEcr);
    }

    /// <summary>
    /// Reads the timestamps, TSval above TSecr, as nearly every segment has them: alone and aligned. False says nothing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadAlone(ReadOnlySpan<byte> octets, out ulong timestamps)
    {
        timestamps = 0;
        if (octets.Length != TimestampsSize) return false;
        if (BinaryPrimitives.ReadUInt32BigEndian(octets) != AlignedTimestamps) return false;
        timestamps = BinaryPrimitives.ReadUInt64BigEndian(octets.Slice(4));
        return true;
    }

    /// <summary>Writes the timestamps alone, in <see cref="TimestampsSize"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteTimestamps(Span<byte> octets, uint tsVal, uint tsEcr)
    {
        octets = octets.Slice(0, TimestampsSize);
        BinaryPrimitives.WriteUInt32BigEndian(octets, AlignedTimestamps);
        BinaryPrimitives.WriteUInt64BigEndian(octets.Slice(4), (ulong)tsVal << 32 | tsEcr);
    }

    private bool TryRead(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0)
        {
            byte kind = octets[0];
            if (kind == EndOfList) return true;
            if (kind == NoOperation)
            {
                octets = octets.Slice(1);
                continue;
            }
            if (octets.Length < 2) return false;
            int length = octets[1];
            if (length < 2) return false;
            if (length > octets.Length) return false;
            if (!TryReadOption(kind, octets.Slice(2, length - 2))) return false;
            octets = octets.Slice(length);
        }
        return true;
    }

    private bool TryReadOption(byte kind, ReadOnlySpan<byte> value)
    {
        switch (kind)
        {
            case MssKind:
                if (value.Length != 2) return false;
                Mss = BinaryPrimitives.ReadUInt16BigEndian(value);
                return true;
            case WindowScaleKind:
                if (value.Length != 1) return false;
                HasWindowScale = true;
                WindowScale = Math.Min(value[0], MaxWindowScale);
                return true;
            case TimestampsKind:
                if (value.Length != 8) return false;
                ReadTimestamps(value);
                return true;
            default:
                return true;
        }
    }

    private void ReadTimestamps(ReadOnlySpan<byte> value)
    {
        HasTimestamps = true;
        TsVal = BinaryPrimitives.ReadUInt32BigEndian(value);
        TsEcr = BinaryPrimitives.ReadUInt32BigEndian(value.Slice(4));
    }
}
