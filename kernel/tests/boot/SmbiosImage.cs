using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>Firmware's description of the machine, written by hand after DSP0134.</summary>
internal sealed class SmbiosImage
{
    public const long Entry = 0xF_59A0;
    public const long Table = 0xF_5A00;

    public SmbiosImage(params byte[][] structures) => Memory.Put(Table, Octets = [.. structures.SelectMany(octets => octets)]);

    public PhysicalMemory Memory { get; } = new(0x12_0000);

    public byte[] Octets { get; }

    /// <summary>A structure: formatted area with its header, strings, two zeros.</summary>
    public static byte[] Structure(byte type, byte[] formatted, params string[] strings)
    {
        byte[] texts = [.. strings.SelectMany(text => Encoding.Latin1.GetBytes(text + "\0"))];
        return [type, (byte)(4 + formatted.Length), 1, 0, .. formatted, .. texts.Length > 0 ? texts : [0], 0];
    }

    /// <summary>System information: manufacturer and product name, by their numbers.</summary>
    public static byte[] System(byte manufacturer, byte productName, params string[] strings) =>
        Structure(1, [manufacturer, productName, 0, 0, .. new byte[19]], strings);

    public static byte[] Bios() => Structure(0, [1, 2, 0, 0xE8, 3, .. new byte[15]], "SeaBIOS", "1.16", "04/01/2014");

    public static byte[] End() => Structure(127, []);

    /// <summary>The 31 bytes of §5.2.1.</summary>
    public SmbiosImage With32BitEntry(long place = Entry, long table = Table, int? length = null)
    {
        byte[] entry = new byte[31];
        "_SM_"u8.CopyTo(entry);
        entry[5] = 31;
        entry[6] = 2;
        entry[7] = 8;
        "_DMI_"u8.CopyTo(entry.AsSpan(0x10));
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(0x16), (ushort)(length ?? Octets.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x18), (uint)table);
        AcpiImage.Balance(entry.AsSpan(0x10, 15), 5);
        AcpiImage.Balance(entry, 4);
        Memory.Put(place, entry);
        return this;
    }

    /// <summary>The 24 bytes of §5.2.2.</summary>
    public SmbiosImage With64BitEntry(long place = Entry, ulong table = (ulong)Table, uint? length = null)
    {
        byte[] entry = new byte[24];
        "_SM3_"u8.CopyTo(entry);
        entry[6] = 24;
        entry[7] = 3;
        entry[10] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(0x0C), length ?? (uint)Octets.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(0x10), table);
        AcpiImage.Balance(entry, 5);
        Memory.Put(place, entry);
        return this;
    }
}
