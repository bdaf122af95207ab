using System;
using System.Buffers.Binary;

namespace Memcachier.Appliance.Bench;

/// <summary>Keys of 32 bytes, handed out one after the other and over again.</summary>
internal sealed class KeyTable
{
    public const int KeyLength = 32;

    private const int PrefixLength = KeyLength - sizeof(ulong);

    private readonly byte[] _octets;
    private int _next;

    public KeyTable(int count) => _octets = new byte[count * KeyLength];

    /// <summary>The key of this number. The store does not care that it is no text.</summary>
    public static void Write(ulong number, Span<byte> key)
    {
        "memcachier-benchmark-key"u8.CopyTo(key);
        BinaryPrimitives.WriteUInt64LittleEndian(key.Slice(PrefixLength), number);
    }

    public Span<byte> this[int index] => _octets.AsSpan(index * KeyLength, KeyLength);

    public ReadOnlySpan<byte> Next()
    {
        int offset = _next;
        int next = offset + KeyLength;
        _next = next == _octets.Length ? 0 : next;
        return _octets.AsSpan(offset, KeyLength);
    }
}
