using System;
using System.Buffers.Binary;
using System.Text;
using Memcachier.Kernel.Boot.Acpi;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>Firmware's tables, written by hand after ACPI 6.5 §5.2.</summary>
internal sealed class AcpiImage
{
    public const long Rsdp = 0xF_5240;
    public const long Root = 0x10_0000;

    private const int HeaderSize = 36;

    private readonly bool _isExtended;
    private long _nextTable = Root + 0x4000;

    /// <param name="revision">Of the root pointer: 0 leads to an RSDT, 2 to an XSDT.</param>
    /// <param name="memory">What to write to, if it is not to be fresh memory.</param>
    public AcpiImage(byte revision, PhysicalMemory? memory = null)
    {
        Memory = memory ?? new PhysicalMemory(0x12_0000);
        _isExtended = revision >= 2;
        byte[] pointer = new byte[36];
        Encoding.ASCII.GetBytes("RSD PTR ").CopyTo(pointer, 0);
        Encoding.ASCII.GetBytes("BOCHS ").CopyTo(pointer, 9);
        pointer[15] = revision;
        if (_isExtended)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(pointer.AsSpan(20), 36);
            BinaryPrimitives.WriteUInt64LittleEndian(pointer.AsSpan(24), (ulong)Root);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(pointer.AsSpan(16), (uint)Root);
        }
        Balance(pointer.AsSpan(0, 20), 8);
        Balance(pointer, 32);
        Memory.Put(Rsdp, pointer);
        Memory.Put(Root, Table(_isExtended ? "XSDT" : "RSDT", []));
    }

    public PhysicalMemory Memory { get; }

    /// <summary>A table with its header and checksum.</summary>
    public static byte[] Table(string signature, byte[] body)
    {
        byte[] table = new byte[HeaderSize + body.Length];
        Encoding.ASCII.GetBytes(signature).CopyTo(table, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(4), (uint)table.Length);
        table[8] = 1;
        Encoding.ASCII.GetBytes("BOCHS BXPC    ").CopyTo(table, 10);
        body.CopyTo(table, HeaderSize);
        Balance(table, 9);
        return table;
    }

    /// <summary>Sets the byte at <paramref name="place"/> so that all of them add up to zero.</summary>
    public static void Balance(Span<byte> octets, int place)
    {
        octets[place] = 0;
        byte sum = 0;
        foreach (byte octet in octets) sum += octet;
        octets[place] = (byte)-sum;
    }

    /// <summary>Puts a table into memory and into the root table's list; returns its address.</summary>
    public long Add(string signature, byte[] body) => Add(Table(signature, body));

    public long Add(byte[] table)
    {
        long address = _nextTable;
        Memory.Put(address, table);
        _nextTable += (table.Length + 15) & ~15;
        AddEntry((ulong)address);
        return address;
    }

    /// <summary>Puts an address into the root table's list, whatever is there.</summary>
    public void AddEntry(ulong address)
    {
        int length = (int)Memory.Get32(Root + 4);
        int size = _isExtended ? 8 : 4;
        if (_isExtended) Memory.Put64(Root + length, address);
        else Memory.Put32(Root + length, (uint)address);
        Memory.Put32(Root + 4, (uint)(length + size));
        Balance(Memory.Region.Slice(Root, length + size), 9);
    }

    public AcpiTables Find()
    {
        Assert.True(AcpiTables.TryFind(Memory.Region, (ulong)Rsdp, out AcpiTables tables));
        return tables;
    }
}
