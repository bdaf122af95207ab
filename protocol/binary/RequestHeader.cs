using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Memcachier.Protocol.Binary;

/// <summary>The header of a request, where it lies; its numbers are big-endian.</summary>
/// <remarks>
/// <code>
///   [ magic:8 ][ opcode:8 ][ key length:16 ][ extras length:8 ][ data type:8 ][ vbucket:16 ]
///   [ total body length:32 ][ opaque:32 ][ cas:64 ]     then the body: extras, key, value
/// </code>
/// </remarks>
public readonly ref struct RequestHeader
{
    public const int Size = 24;

    public const byte Magic = 0x80;

    // protocol-binary.xml, "Request header".
    private const int OpcodeOffset = 1;
    private const int KeyLengthOffset = 2;
    private const int ExtrasLengthOffset = 4;
    private const int BodyLengthOffset = 8;
    private const int OpaqueOffset = 12;
    private const int CasOffset = 16;

    private readonly ReadOnlySpan<byte> _octets;

    private RequestHeader(ReadOnlySpan<byte> octets) => _octets = octets;

    /// <summary>Fails if there are fewer bytes than a header has.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out RequestHeader header)
    {
        header = octets.Length < Size ? default : new RequestHeader(octets.Slice(0, Size));
        return octets.Length >= Size;
    }

    public bool HasMagic
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _octets[0] == Magic;
    }

    public Opcode Opcode => (Opcode)_octets[OpcodeOffset];

    /// <summary>Bytes in the key.</summary>
    public int KeyLength => BinaryPrimitives.ReadUInt16BigEndian(_octets.Slice(KeyLengthOffset));

    /// <summary>Bytes between the header and the key.</summary>
    public int ExtrasLength => _octets[ExtrasLengthOffset];

    /// <summary>Bytes in extras, key and value together.</summary>
    public uint BodyLength => BinaryPrimitives.ReadUInt32BigEndian(_octets.Slice(BodyLengthOffset));

    /// <summary>What the client wants back, as it came.</summary>
    public uint Opaque => BinaryPrimitives.ReadUInt32BigEndian(_octets.Slice(OpaqueOffset));

    public ulong Cas => BinaryPrimitives.ReadUInt64BigEndian(_octets.Slice(CasOffset));
}
