using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Tests.Storage;

namespace Memcachier.Kernel.Tests.Loader.Bios;

/// <summary>A disk with a GUID partition table, a BIOS boot partition and an EFI system partition of FAT16.</summary>
internal sealed class GptDisk
{
    public const int SystemSector = 2048;
    public const int HeaderOffset = 512, EntriesOffset = 1024, EntryLength = 128;

    private static readonly Guid s_biosBoot = new("21686148-6449-6e6f-744e-656564454649");
    private static readonly Guid s_system = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

    /// <param name="files">Names and contents, at most a few.</param>
    public GptDisk(params (string Name, byte[] Content)[] files)
    {
        Volume = new FatImage(16, "MEMCACHIER");
        int number = 1;
        foreach ((string name, byte[] content) in files) Volume.Add(name, content, $"MEMCAC~{number++}   ");
        int sectors = SystemSector + (Volume.Octets.Length / 512);
        Octets = new byte[(sectors + 33) * 512];
        Volume.Octets.CopyTo(Octets, SystemSector * 512);
        "EFI PART"u8.CopyTo(Octets.AsSpan(HeaderOffset));
        Put64(HeaderOffset + 72, 2);
        Put32(HeaderOffset + 80, 128);
        Put32(HeaderOffset + 84, EntryLength);
        PutEntry(0, s_biosBoot, 34, SystemSector - 1);
        PutEntry(1, s_system, SystemSector, (ulong)sectors - 1);
    }

    public FatImage Volume { get; }

    public byte[] Octets { get; }

    public void Put32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Octets.AsSpan(offset), value);

    public void Put64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Octets.AsSpan(offset), value);

    public void PutEntry(int index, Guid type, ulong first, ulong last)
    {
        int offset = EntriesOffset + (index * EntryLength);
        type.ToByteArray().CopyTo(Octets, offset);
        Put64(offset + 32, first);
        Put64(offset + 40, last);
    }

    public void PutSystemPartition(int index, ulong first, ulong last) => PutEntry(index, s_system, first, last);
}
