using System;
using System.Buffers.Binary;
using System.Text;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>
/// Builds small FAT volumes, sound ones and, since every table is open to the test, others. One cluster is one sector.
/// </summary>
internal sealed class FatImage
{
    private const int Sector = 512, Reserved = 32, RootSectors = 4;
    private readonly int _tableSectors;
    private readonly int _dataSector;
    private int _entryCount;
    private uint _nextCluster = 2;

    public FatImage(int bits, string label = "CIDATA", bool hasLabelEntry = true)
    {
        Bits = bits;
        int clusters = bits switch { 12 => 100, 16 => 4200, _ => 200 };
        _tableSectors = (((clusters + 2) * bits / 8) + Sector - 1) / Sector;
        RootOffset = (Reserved + (2 * _tableSectors)) * Sector;
        _dataSector = (RootOffset / Sector) + (bits == 32 ? 0 : RootSectors);
        Octets = new byte[(_dataSector + clusters) * Sector];
        WriteBootSector(label);
        SetNext(0, 0x0FFF_FFF8);
        SetNext(1, 0x0FFF_FFFF);
        if (bits == 32)
        {
            for (int i = 0; i < RootSectors; i++) SetNext(2 + (uint)i, i == RootSectors - 1 ? 0x0FFF_FFFF : 3 + (uint)i);
            _nextCluster = 2 + RootSectors;
        }
        if (hasLabelEntry) AddEntry(Encoding.ASCII.GetBytes(label.PadRight(11)), 0x08, 0, 0);
    }

    public byte[] Octets { get; }

    public int Bits { get; }

    /// <summary>Where the root directory is, which all fits in four sectors.</summary>
    public int RootOffset { get; }

    public int TableOffset => Reserved * Sector;

    public Span<byte> Entry(int index) => Octets.AsSpan(RootOffset + (32 * index), 32);

    public int EntryCount => _entryCount;

    /// <summary>The first cluster of the file that was added last.</summary>
    public uint FirstCluster { get; private set; }

    /// <summary>Adds a file with a long name, its clusters one after the other.</summary>
    public void Add(string name, byte[] content, string shortName = "USER-D~1   ")
    {
        AddLongName(name, Checksum(shortName));
        int count = (content.Length + Sector - 1) / Sector;
        FirstCluster = count == 0 ? 0 : _nextCluster;
        AddEntry(Encoding.ASCII.GetBytes(shortName), 0x20, FirstCluster, (uint)content.Length);
        content.CopyTo(Octets, (_dataSector + (int)_nextCluster - 2) * Sector);
        for (int i = 0; i < count; i++, _nextCluster++)
            SetNext(_nextCluster, i == count - 1 ? 0x0FFF_FFFF : _nextCluster + 1);
    }

    public void AddLongName(string name, byte checksum)
    {
        int pieces = (name.Length + 12) / 13;
        for (int ordinal = pieces; ordinal > 0; ordinal--)
        {
            Span<byte> entry = Entry(_entryCount++);
            entry[0] = (byte)(ordinal | (ordinal == pieces ? 0x40 : 0));
            entry[11] = 0x0F;
            entry[13] = checksum;
            int[] offsets = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];
            for (int i = 0; i < 13; i++)
            {
                int at = ((ordinal - 1) * 13) + i;
                ushort unit = at < name.Length ? name[at] : at == name.Length ? (ushort)0 : (ushort)0xFFFF;
                BinaryPrimitives.WriteUInt16LittleEndian(entry[offsets[i]..], unit);
            }
        }
    }

    public void AddEntry(byte[] name, byte attributes, uint cluster, uint size)
    {
        Span<byte> entry = Entry(_entryCount++);
        name.CopyTo(entry);
        entry[11] = attributes;
        BinaryPrimitives.WriteUInt16LittleEndian(entry[20..], (ushort)(cluster >> 16));
        BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)cluster);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], size);
    }

    public void SetNext(uint cluster, uint next)
    {
        for (int table = 0; table < 2; table++)
        {
            Span<byte> entry = Octets.AsSpan(TableOffset + (table * _tableSectors * Sector) + (int)(cluster * Bits / 8));
            if (Bits == 32) BinaryPrimitives.WriteUInt32LittleEndian(entry, next);
            else if (Bits == 16) BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)next);
            else
            {
                ushort pair = BinaryPrimitives.ReadUInt16LittleEndian(entry);
                int value = (int)next & 0xFFF;
                BinaryPrimitives.WriteUInt16LittleEndian(
                    entry, (ushort)((cluster & 1) == 0 ? (pair & 0xF000) | value : (pair & 0x000F) | (value << 4)));
            }
        }
    }

    public static byte Checksum(string shortName)
    {
        int sum = 0;
        foreach (char c in shortName) sum = (((sum & 1) != 0 ? 0x80 : 0) + (sum >> 1) + c) & 0xFF;
        return (byte)sum;
    }

    private void WriteBootSector(string label)
    {
        Span<byte> boot = Octets.AsSpan(0, Sector);
        "MSWIN4.1"u8.CopyTo(boot[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[11..], Sector);
        boot[13] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(boot[14..], Reserved);
        boot[16] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(boot[17..], (ushort)(Bits == 32 ? 0 : RootSectors * Sector / 32));
        BinaryPrimitives.WriteUInt16LittleEndian(boot[19..], (ushort)(Octets.Length / Sector));
        boot[21] = 0xF8;
        if (Bits == 32)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(boot[36..], (uint)_tableSectors);
            BinaryPrimitives.WriteUInt32LittleEndian(boot[44..], 2);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(boot[22..], (ushort)_tableSectors);
        }
        Span<byte> extended = boot[(Bits == 32 ? 66 : 38)..];
        extended[0] = 0x29;
        _ = Encoding.ASCII.GetBytes(label.PadRight(11), extended[5..]);
        boot[510] = 0x55;
        boot[511] = 0xAA;
    }
}
