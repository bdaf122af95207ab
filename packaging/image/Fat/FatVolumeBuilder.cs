using System;
using System.Buffers.Binary;
using System.Text;

namespace Memcachier.Packaging.Image.Fat;

/// <summary>
/// Makes a FAT16 volume with files in it, each in clusters that follow each other ("FAT: General Overview of On-Disk
/// Format", Microsoft, 2000; the names of its fields are in the comments). A cluster is a sector.
/// </summary>
internal sealed class FatVolumeBuilder
{
    // [ boot sector ][ file allocation table ][ the same again ][ root directory ][ clusters ]
    private const int SectorSize = DiskLayout.SectorSize, EntrySize = FatName.EntrySize;
    private const int ReservedSectors = 1, TableCount = 2, RootEntryCount = 512;
    private const int RootSectors = RootEntryCount * EntrySize / SectorSize;
    private const int FirstCluster = 2;
    private const ushort MarkMedia = 0xFFF8, MarkEnd = 0xFFFF;
    private const byte AttributeVolume = 0x08, AttributeDirectory = 0x10, AttributeArchive = 0x20;
    private const byte Media = 0xF8;
    private const int LabelLength = 11;

    /// <summary>A volume with fewer clusters is FAT12, one with more FAT32.</summary>
    private const int ClusterCountMin = 4085, ClusterCountMax = 65524;

    /// <summary>The first of January 1980, which is how FAT counts: the same on every disk.</summary>
    private const ushort Date = (0 << 9) | (1 << 5) | 1;

    private readonly FatNode _root = new(null);
    private readonly int _sectorCount;
    private readonly uint _hiddenSectors;
    private readonly uint _serial;
    private readonly byte[] _label;
    private readonly int _tableSectors;
    private readonly int _clusterCount;
    private readonly byte[] _octets;
    private int _nextCluster = FirstCluster;

    /// <param name="sectorCount">Sectors of the volume: 4 to 32 MiB.</param>
    /// <param name="hiddenSectors">Sectors of the disk before it.</param>
    /// <param name="serial">Tells volumes apart.</param>
    /// <param name="label">At most 11 capital letters and digits.</param>
    public FatVolumeBuilder(int sectorCount, uint hiddenSectors, uint serial, string label)
    {
        _sectorCount = sectorCount;
        _hiddenSectors = hiddenSectors;
        _serial = serial;
        _label = Encoding.ASCII.GetBytes(label.PadRight(LabelLength));
        do
        {
            _tableSectors++;
            _clusterCount = sectorCount - FirstDataSector;
        }
        while ((_clusterCount + FirstCluster) * sizeof(ushort) > _tableSectors * SectorSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(_clusterCount, ClusterCountMin, nameof(sectorCount));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_clusterCount, ClusterCountMax, nameof(sectorCount));
        _octets = new byte[sectorCount * SectorSize];
    }

    private int RootSector => ReservedSectors + (TableCount * _tableSectors);

    private int FirstDataSector => RootSector + RootSectors;

    /// <summary>Adds a file, and the directories it is in, which slashes separate.</summary>
    public void Add(string path, byte[] octets)
    {
        FatNode directory = _root;
        string[] names = path.Split('/');
        foreach (string name in names.AsSpan(0, names.Length - 1)) directory = directory.Directory(name);
        directory.AddFile(names[^1], octets);
    }

    /// <summary>The volume. Nothing can be added afterwards.</summary>
    /// <exception cref="ImageException">The files do not fit.</exception>
    public byte[] Build()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_root.ChildEntryCount, RootEntryCount - 1);
        PlaceChildren(_root);
        if (_nextCluster - FirstCluster > _clusterCount)
        {
            throw new ImageException(
                $"the files need {(long)(_nextCluster - FirstCluster) * SectorSize} bytes of the EFI system partition, "
                + $"which has room for {_clusterCount * SectorSize}");
        }
        WriteBootSector(_octets.AsSpan(0, SectorSize));
        SetNext(0, MarkMedia);
        SetNext(1, MarkEnd);
        Span<byte> root = _octets.AsSpan(RootSector * SectorSize, RootSectors * SectorSize);
        WriteEntry(root, _label, AttributeVolume, 0, 0);
        WriteChildren(_root, root[EntrySize..]);
        return _octets;
    }

    /// <summary>Gives clusters to everything below a directory.</summary>
    private void PlaceChildren(FatNode directory)
    {
        foreach (FatNode node in directory.Children)
        {
            // A directory begins with entries for itself and for the one that it is in.
            long size = node.IsDirectory ? (long)(node.ChildEntryCount + 2) * EntrySize : node.Octets.Length;
            node.ClusterCount = (int)((size + SectorSize - 1) / SectorSize);
            if (node.ClusterCount == 0) continue;
            node.FirstCluster = _nextCluster;
            _nextCluster += node.ClusterCount;
            if (node.IsDirectory) PlaceChildren(node);
        }
    }

    private void WriteChildren(FatNode directory, Span<byte> entries)
    {
        foreach (FatNode node in directory.Children)
        {
            entries = entries[node.Name!.WriteLongName(entries)..];
            byte attributes = node.IsDirectory ? AttributeDirectory : AttributeArchive;
            WriteEntry(entries, node.Name.Short, attributes, node.FirstCluster, node.Octets.Length);
            entries = entries[EntrySize..];
            for (int i = 0; i < node.ClusterCount; i++)
                SetNext(node.FirstCluster + i, i == node.ClusterCount - 1 ? MarkEnd : node.FirstCluster + i + 1);
            Span<byte> clusters = Clusters(node);
            node.Octets.CopyTo(clusters);
            if (!node.IsDirectory) continue;
            WriteEntry(clusters, ".          "u8, AttributeDirectory, node.FirstCluster, 0);
            // The root has no cluster, and is 0 here.
            WriteEntry(clusters[EntrySize..], "..         "u8, AttributeDirectory, directory.FirstCluster, 0);
            WriteChildren(node, clusters[(2 * EntrySize)..]);
        }
    }

    private Span<byte> Clusters(FatNode node) => node.ClusterCount == 0
        ? default
        : _octets.AsSpan(
            (FirstDataSector + node.FirstCluster - FirstCluster) * SectorSize, node.ClusterCount * SectorSize);

    private void SetNext(int cluster, int next)
    {
        for (int table = 0; table < TableCount; table++)
        {
            int sector = ReservedSectors + (table * _tableSectors);
            BinaryPrimitives.WriteUInt16LittleEndian(
                _octets.AsSpan((sector * SectorSize) + (cluster * sizeof(ushort))), (ushort)next);
        }
    }

    private static void WriteEntry(
        Span<byte> entry, ReadOnlySpan<byte> name, byte attributes, int firstCluster, int size)
    {
        name.CopyTo(entry);
        entry[11] = attributes;                                                             // DIR_Attr
        bool isLabel = attributes == AttributeVolume;
        if (!isLabel)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(entry[16..], Date);                    // DIR_CrtDate
            BinaryPrimitives.WriteUInt16LittleEndian(entry[18..], Date);                    // DIR_LstAccDate
        }
        BinaryPrimitives.WriteUInt16LittleEndian(entry[24..], Date);                        // DIR_WrtDate
        BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)firstCluster);        // DIR_FstClusLO
        BinaryPrimitives.WriteInt32LittleEndian(entry[28..], size);                         // DIR_FileSize
    }

    private void WriteBootSector(Span<byte> boot)
    {
        ReadOnlySpan<byte> jump = [0xEB, 0x3C, 0x90];
        jump.CopyTo(boot);                                                                  // BS_jmpBoot
        "MSWIN4.1"u8.CopyTo(boot[3..]);                                                     // BS_OEMName
        BinaryPrimitives.WriteUInt16LittleEndian(boot[11..], SectorSize);                   // BPB_BytsPerSec
        boot[13] = 1;                                                                       // BPB_SecPerClus
        BinaryPrimitives.WriteUInt16LittleEndian(boot[14..], ReservedSectors);              // BPB_RsvdSecCnt
        boot[16] = TableCount;                                                              // BPB_NumFATs
        BinaryPrimitives.WriteUInt16LittleEndian(boot[17..], RootEntryCount);               // BPB_RootEntCnt
        if (_sectorCount <= ushort.MaxValue)
            BinaryPrimitives.WriteUInt16LittleEndian(boot[19..], (ushort)_sectorCount);     // BPB_TotSec16
        else
            BinaryPrimitives.WriteInt32LittleEndian(boot[32..], _sectorCount);              // BPB_TotSec32
        boot[21] = Media;                                                                   // BPB_Media
        BinaryPrimitives.WriteUInt16LittleEndian(boot[22..], (ushort)_tableSectors);        // BPB_FATSz16
        BinaryPrimitives.WriteUInt16LittleEndian(boot[24..], 63);                           // BPB_SecPerTrk
        BinaryPrimitives.WriteUInt16LittleEndian(boot[26..], 255);                          // BPB_NumHeads
        BinaryPrimitives.WriteUInt32LittleEndian(boot[28..], _hiddenSectors);               // BPB_HiddSec
        boot[36] = 0x80;                                                                    // BS_DrvNum
        boot[38] = 0x29;                                                                    // BS_BootSig
        BinaryPrimitives.WriteUInt32LittleEndian(boot[39..], _serial);                      // BS_VolID
        _label.CopyTo(boot[43..]);                                                          // BS_VolLab
        "FAT16   "u8.CopyTo(boot[54..]);                                                    // BS_FilSysType
        // Nobody should boot from here; who does tells the BIOS that there is nothing: int 18h.
        ReadOnlySpan<byte> code = [0xCD, 0x18, 0xF4, 0xEB, 0xFD];
        code.CopyTo(boot[62..]);
        BinaryPrimitives.WriteUInt16LittleEndian(boot[510..], 0xAA55);
    }
}
