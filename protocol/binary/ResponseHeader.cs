using System;
using System.Buffers.Binary;

namespace Memcachier.Protocol.Binary;

/// <summary>The header of a response; its numbers are big-endian.</summary>
/// <remarks>
/// <code>
///   [ magic:8 ][ opcode:8 ][ key length:16 ][ extras length:8 ][ data type:8 ][ status:16 ]
///   [ total body length:32 ][ opaque:32 ][ cas:64 ]     then the body: extras, key, value
/// </code>
/// </remarks>
public struct ResponseHeader
{
    public const int Size = 24;

    public const byte Magic = 0x81;

    private const int OpcodeOffset = 1;
    private const int KeyLengthOffset = 2;
    private const int ExtrasLengthOffset = 4;
    private const int DataTypeOffset = 5;
    private const int StatusOffset = 6;
    private const int BodyLengthOffset = 8;
    private const int OpaqueOffset = 12;
    private const int CasOffset = 16;

    /// <summary>That of the request, quiet if that was.</summary>
    public Opcode Opcode { get; set; }

    public Status Status { get; set; }

    /// <summary>Bytes between the header and the key, at most 255.</summary>
    public int ExtrasLength { get; set; }

    public int KeyLength { get; set; }

    /// <summary>Bytes in extras, key and value together.</summary>
    public uint BodyLength { get; set; }

    /// <summary>That of the request.</summary>
    public uint Opaque { get; set; }

    public ulong Cas { get; set; }

    /// <summary>Hot: once per answer.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public readonly void Write(Span<byte> destination)
    {
        destination[0] = Magic;
        destination[OpcodeOffset] = (byte)Opcode;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(KeyLengthOffset), (ushort)KeyLength);
        destination[ExtrasLengthOffset] = (byte)ExtrasLength;
        destination[DataTypeOffset] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(StatusOffset), (ushort)Status);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(BodyLengthOffset), BodyLength);
        BinaryPrimitives.WriteUInt32BigEndian(destination.Slice(OpaqueOffset), Opaque);
        BinaryPrimitives.WriteUInt64BigEndian(destination.Slice(CasOffset), Cas);
    }

    /// <summary>Fails if there are too few bytes, or they do not begin as a response does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out ResponseHeader header)
    {
        header = default;
        if (octets.Length < Size || octets[0] != Magic) return false;
        header.Opcode = (Opcode)octets[OpcodeOffset];
        header.KeyLength = BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(KeyLengthOffset));
        header.ExtrasLength = octets[ExtrasLengthOffset];
        header.Status = (Status)BinaryPrimitives.ReadUInt16BigEndian(octets.Slice(StatusOffset));
        header.BodyLength = BinaryPrimitives.ReadUInt32BigEndian(octets.Slice(BodyLengthOffset));
        header.Opaque = BinaryPrimitives.ReadUInt32BigEndian(octets.Slice(OpaqueOffset));
        header.Cas = BinaryPrimitives.ReadUInt64BigEndian(octets.Slice(CasOffset));
        return true;
    }
}
