using System;
using System.Security.Cryptography;
using System.Text;

namespace Memcachier.Packaging.Image;

/// <summary>
/// UUIDs and numbers that would be random elsewhere, as a function of an image's contents: version 8 with SHA-256, as in
/// RFC 9562 §5.8 and appendix B.2.
/// </summary>
public static class NameBasedGuid
{
    private const int GuidSize = 16;
    private const int VersionOctet = 6, VariantOctet = 8;

    /// <summary>Ours alone, so that nobody else's names give the same.</summary>
    private static readonly Guid s_namespace = new("4a690409-4f16-461b-86b6-59e39ba6246e");

    /// <param name="purpose">What it is for: each purpose gives another one.</param>
    /// <param name="digest">Of what it identifies.</param>
    public static Guid Create(string purpose, ReadOnlySpan<byte> digest)
    {
        Span<byte> octets = Hash(purpose, digest).AsSpan(0, GuidSize);
        octets[VersionOctet] = (byte)((octets[VersionOctet] & 0x0F) | 0x80);
        octets[VariantOctet] = (byte)((octets[VariantOctet] & 0x3F) | 0x80);
        return new Guid(octets, bigEndian: true);
    }

    /// <summary>Any number of 32 bits.</summary>
    public static uint CreateNumber(string purpose, ReadOnlySpan<byte> digest) =>
        BitConverter.ToUInt32(Hash(purpose, digest));

    private static byte[] Hash(string purpose, ReadOnlySpan<byte> digest) =>
        SHA256.HashData([.. s_namespace.ToByteArray(bigEndian: true), .. Encoding.ASCII.GetBytes(purpose), 0, .. digest]);
}
