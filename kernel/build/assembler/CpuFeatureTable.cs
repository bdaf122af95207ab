using System;
using System.IO;
using System.Text;

namespace Memcachier.Kernel.Build;

/// <summary>
/// <see cref="CpuFeature.Required"/> as the 32-bit code reads it: rows of 12 bytes (leaf, byte offset of the register, bit,
/// address of the name), ended by a leaf of 0; then the texts.
/// </summary>
public sealed class CpuFeatureTable
{
    public const int RowSize = 12;

    public CpuFeatureTable(uint start)
    {
        using var rows = new MemoryStream();
        using var texts = new MemoryStream();
        uint textStart = start + (uint)(CpuFeature.Required.Count * RowSize) + sizeof(uint);
        Before = Add(texts, textStart, "\r\nmemcachier cannot run: this processor lacks ");
        After = Add(texts, textStart, "; it takes an x86-64-v3 one (Haswell, Excavator or newer)\r\n");
        foreach (CpuFeature feature in CpuFeature.Required)
        {
            rows.Write(BitConverter.GetBytes(feature.Leaf));
            rows.Write(BitConverter.GetBytes((ushort)((int)feature.Register * 4)));
            rows.Write(BitConverter.GetBytes((ushort)feature.Bit));
            rows.Write(BitConverter.GetBytes(Add(texts, textStart, feature.Name)));
        }
        rows.Write(BitConverter.GetBytes(0u));
        Bytes = [.. rows.ToArray(), .. texts.ToArray()];
        Start = start;
    }

    public byte[] Bytes { get; }

    /// <summary>Address of the first row.</summary>
    public uint Start { get; }

    /// <summary>Address of the words before a feature's name.</summary>
    public uint Before { get; }

    /// <summary>Address of the words after it.</summary>
    public uint After { get; }

    private static uint Add(MemoryStream texts, uint start, string text)
    {
        uint address = start + (uint)texts.Length;
        texts.Write(Encoding.ASCII.GetBytes(text));
        texts.WriteByte(0);
        return address;
    }
}
