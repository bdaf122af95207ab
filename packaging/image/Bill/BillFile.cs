using System;
using System.Security.Cryptography;

namespace Memcachier.Packaging.Image.Bill;

/// <summary>A file of a bill of materials.</summary>
public sealed class BillFile
{
    /// <param name="name">Its name.</param>
    /// <param name="type">A type of SPDX: BINARY, TEXT, ARCHIVE.</param>
    /// <param name="octets">All of it.</param>
    public BillFile(string name, string type, byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(octets);
        Name = name;
        Type = type;
        Size = octets.Length;
        // SPDX asks for it in every file.
#pragma warning disable CA5350
        Sha1 = Convert.ToHexStringLower(SHA1.HashData(octets));
#pragma warning restore CA5350
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(octets));
    }

    public string Name { get; }

    public string Type { get; }

    /// <summary>In bytes.</summary>
    public long Size { get; }

    public string Sha1 { get; }

    public string Sha256 { get; }
}
