using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;

namespace Memcachier.BootTests.Guests;

/// <summary>ACPI tables as a test wants them (ACPI 6.5 §5.2): a root pointer, behind it an XSDT, behind that the tables.</summary>
internal static class AcpiData
{
    private const int RsdpLength = 48, HeaderLength = 36;

    /// <summary>What lies at <paramref name="address"/>, the root pointer first.</summary>
    /// <param name="address">Physical.</param>
    /// <param name="tables">Whole tables.</param>
    /// <param name="others">Further entries of the list, wherever they lead.</param>
    public static byte[] Make(ulong address, byte[][] tables, params ulong[] others)
    {
        ulong root = address + RsdpLength;
        ulong next = root + HeaderLength + (8 * (ulong)(tables.Length + others.Length));
        byte[] list = new byte[8 * (tables.Length + others.Length)];
        for (int i = 0; i < tables.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(list.AsSpan(8 * (others.Length + i)), next);
            next += (ulong)tables[i].Length;
        }
        for (int i = 0; i < others.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(list.AsSpan(8 * i), others[i]);
        byte[] pointer = new byte[RsdpLength];
        "RSD PTR "u8.CopyTo(pointer);
        pointer[15] = 2;
        pointer[20] = 36;
        BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(24), root);
        Balance(pointer.AsSpan(0, 20), 8);
        Balance(pointer.AsSpan(0, 36), 32);
        return [.. pointer, .. Table("XSDT", list), .. tables.SelectMany(table => table)];
    }

    /// <summary>A table with its header and checksum.</summary>
    public static byte[] Table(string signature, byte[] body)
    {
        byte[] table = [.. Encoding.ASCII.GetBytes(signature), .. new byte[HeaderLength - 4], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(4), table.Length);
        Balance(table, 9);
        return table;
    }

    private static void Balance(Span<byte> octets, int place)
    {
        octets[place] = 0;
        int sum = 0;
        foreach (byte octet in octets) sum += octet;
        octets[place] = (byte)-sum;
    }
}
