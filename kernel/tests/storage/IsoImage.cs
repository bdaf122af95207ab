using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>
/// Builds small ISO 9660 volumes with the names of Rock Ridge, of Joliet, of both or of neither, sound ones and others.
/// </summary>
internal sealed class IsoImage
{
    public const int Sector = 2048;
    public const int PrimaryOffset = 16 * Sector, PrimaryRootOffset = 19 * Sector, JolietRootOffset = 20 * Sector;
    private const int FirstFile = 21;
    private readonly List<byte> _primary = [];
    private readonly List<byte> _joliet = [];
    private readonly bool _hasRockRidge;
    private readonly bool _hasJoliet;
    private int _nextBlock = FirstFile;

    public IsoImage(bool hasRockRidge = true, bool hasJoliet = true, string label = "cidata", int blocks = 32)
    {
        _hasRockRidge = hasRockRidge;
        _hasJoliet = hasJoliet;
        Octets = new byte[blocks * Sector];
        WriteDescriptor(16, 1, label, PrimaryRootOffset / Sector);
        if (hasJoliet)
        {
            WriteDescriptor(17, 2, "", JolietRootOffset / Sector);
            "%/E"u8.CopyTo(Octets.AsSpan((17 * Sector) + 88));
        }
        WriteDescriptor(hasJoliet ? 18 : 17, 255, "", 0);
        byte[] susp = hasRockRidge ? [.. "SP"u8, 7, 1, 0xBE, 0xEF, 0] : [];
        AddRecord(_primary, [0], 2, PrimaryRootOffset / Sector, Sector, susp);
        AddRecord(_primary, [1], 2, PrimaryRootOffset / Sector, Sector, []);
        AddRecord(_joliet, [0], 2, JolietRootOffset / Sector, Sector, []);
        AddRecord(_joliet, [1], 2, JolietRootOffset / Sector, Sector, []);
        Finish();
    }

    public byte[] Octets { get; }

    /// <summary>Where the record of the file that was added last is in the primary root directory.</summary>
    public int RecordOffset { get; private set; }

    /// <param name="name">Its name for Rock Ridge and Joliet.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="isoName">Its name for those who know neither.</param>
    /// <param name="nameParts">How many entries the Rock Ridge name is split into.</param>
    public void Add(string name, byte[] content, string isoName = "USER_DAT.;1", int nameParts = 1)
    {
        RecordOffset = PrimaryRootOffset + _primary.Count;
        AddRecord(
            _primary, Encoding.ASCII.GetBytes(isoName), 0, _nextBlock, content.Length,
            _hasRockRidge ? RockRidge(name, nameParts) : []);
        AddRecord(
            _joliet, Encoding.BigEndianUnicode.GetBytes(name + ";1"), 0, _nextBlock, content.Length, []);
        content.CopyTo(Octets, _nextBlock * Sector);
        _nextBlock += (content.Length + Sector - 1) / Sector;
        Finish();
    }

    private static byte[] RockRidge(string name, int parts)
    {
        var use = new List<byte>();
        // Another entry comes first, as PX does.
        use.AddRange([.. "PX"u8, 8, 1, 0, 0, 0, 0]);
        for (int part = 0, at = 0; part < parts; part++)
        {
            int end = name.Length * (part + 1) / parts;
            string piece = name[at..end];
            use.AddRange([.. "NM"u8, (byte)(5 + piece.Length), 1, (byte)(part == parts - 1 ? 0 : 1)]);
            use.AddRange(Encoding.ASCII.GetBytes(piece));
            at = end;
        }
        return [.. use];
    }

    private static void AddRecord(List<byte> directory, byte[] name, byte flags, int block, int length, byte[] use)
    {
        int size = 33 + name.Length + (1 - (name.Length & 1)) + use.Length;
        size += size & 1;
        byte[] record = new byte[size];
        record[0] = (byte)size;
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(2), block);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(6), block);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(10), length);
        BinaryPrimitives.WriteInt32BigEndian(record.AsSpan(14), length);
        record[25] = flags;
        record[32] = (byte)name.Length;
        name.CopyTo(record, 33);
        use.CopyTo(record, 33 + name.Length + (1 - (name.Length & 1)));
        directory.AddRange(record);
    }

    private void WriteDescriptor(int sector, byte type, string label, int root)
    {
        Span<byte> descriptor = Octets.AsSpan(sector * Sector, Sector);
        descriptor[0] = type;
        "CD001"u8.CopyTo(descriptor[1..]);
        descriptor[6] = 1;
        if (type == 255) return;
        _ = Encoding.ASCII.GetBytes(label.PadRight(32), descriptor[40..]);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[128..], Sector);
        descriptor[156] = 34;
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[(156 + 2)..], root);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[(156 + 10)..], Sector);
        descriptor[156 + 25] = 2;
    }

    private void Finish()
    {
        _primary.CopyTo(Octets, PrimaryRootOffset);
        if (_hasJoliet) _joliet.CopyTo(Octets, JolietRootOffset);
    }
}
