using System;
using System.Buffers.Binary;
using System.IO;
using System.Text;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Storage;
using Memcachier.Packaging.Image;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

public sealed class RawImageTests
{
    private const int Sector = DiskLayout.SectorSize;
    private const int EntriesSize = 128 * 128;

    private readonly ImageContents _contents = SampleContents.Create();
    private readonly byte[] _disk;

    public RawImageTests() => _disk = new DiskImage(_contents).ToRaw();

    [Fact]
    public void A_disk_has_8_mebibytes() => Assert.Equal(8 << 20, _disk.Length);

    /// <summary>UEFI 2.10 §5.2.3, table 5-4 and 5-5.</summary>
    [Fact]
    public void Sector_0_is_a_protective_mbr_with_boot_code()
    {
        Assert.Equal(_contents.BootCode, _disk[..440]);
        Assert.Equal("00000000" + "0000", Convert.ToHexString(_disk[440..446]));
        Assert.Equal("00" + "000200" + "EE" + "050401" + "01000000" + "FF3F0000", Convert.ToHexString(_disk[446..462]));
        Assert.Equal(new byte[48], _disk[462..510]);
        Assert.Equal("55AA", Convert.ToHexString(_disk[510..512]));
    }

    /// <summary>UEFI 2.10 §5.3.2, table 5-6.</summary>
    [Theory]
    [InlineData(16384, 1, 16383, 2)]
    [InlineData(16384, 16383, 1, 16351)]
    [InlineData(2097152, 1, 2097151, 2)]
    [InlineData(2097152, 2097151, 1, 2097119)]
    public void Both_headers_say_where_everything_is(long sectorCount, long self, long other, long entriesLba)
    {
        var image = new DiskImage(_contents);
        ReadOnlySpan<byte> header = self == 1 ? image.Head(sectorCount).AsSpan(Sector, Sector) : image.Tail(sectorCount)[^Sector..];
        ReadOnlySpan<byte> entries = self == 1 ? image.Head(sectorCount).AsSpan(2 * Sector, EntriesSize) : image.Tail(sectorCount)[..^Sector];
        Assert.Equal("EFI PART", Encoding.ASCII.GetString(header[..8]));
        Assert.Equal(0x0001_0000u, Read32(header, 8));
        Assert.Equal(92u, Read32(header, 12));
        byte[] withoutCrc = header[..92].ToArray();
        withoutCrc.AsSpan(16, 4).Clear();
        Assert.Equal(ReferenceCrc(withoutCrc), Read32(header, 16));
        Assert.Equal(0u, Read32(header, 20));
        Assert.Equal(self, Read64(header, 24));
        Assert.Equal(other, Read64(header, 32));
        Assert.Equal(34, Read64(header, 40));
        Assert.Equal(sectorCount - 34, Read64(header, 48));
        AssertIsVersion8(header.Slice(56, 16));
        Assert.Equal(entriesLba, Read64(header, 72));
        Assert.Equal(128u, Read32(header, 80));
        Assert.Equal(128u, Read32(header, 84));
        Assert.Equal(EntriesSize, entries.Length);
        Assert.Equal(ReferenceCrc(entries), Read32(header, 88));
        Assert.Equal(new byte[Sector - 92], header[92..].ToArray());
    }

    /// <summary>UEFI 2.10 §5.3.3, table 5-7; the types are those of table 5-8 and of GRUB's manual.</summary>
    [Theory]
    [InlineData(0, "21686148-6449-6e6f-744e-656564454649", 34, 2047, "BIOS boot partition")]
    [InlineData(1, "c12a7328-f81f-11d2-ba4b-00a0c93ec93b", 2048, 16349, "EFI system partition")]
    public void There_are_two_partitions(int index, string type, long first, long last, string name)
    {
        ReadOnlySpan<byte> entry = _disk.AsSpan((2 * Sector) + (index * 128), 128);
        Assert.Equal(new Guid(type), new Guid(entry[..16]));
        AssertIsVersion8(entry.Slice(16, 16));
        Assert.Equal(first, Read64(entry, 32));
        Assert.Equal(last, Read64(entry, 40));
        Assert.Equal(0, Read64(entry, 48));
        Assert.Equal(name.PadRight(36, '\0'), Encoding.Unicode.GetString(entry[56..]));
    }

    [Fact]
    public void The_other_entries_are_unused() =>
        Assert.True(_disk.AsSpan((2 * Sector) + 256, EntriesSize - 256).IndexOfAnyExcept((byte)0) < 0);

    [Fact]
    public void The_second_stage_is_all_of_the_bios_boot_partition()
    {
        ReadOnlySpan<byte> partition = _disk.AsSpan(34 * Sector, (2047 - 34 + 1) * Sector);
        Assert.True(partition.StartsWith(_contents.BiosLoader));
        Assert.True(partition[_contents.BiosLoader.Length..].IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void The_kernels_own_reader_reads_the_files_of_the_root()
    {
        Extent<DiskBlocks> system = Extent<DiskBlocks>.Of(new DiskBlocks(_disk)).Part(2048, 16349 - 2048 + 1);
        Assert.True(FatVolume<DiskBlocks>.TryOpen(system, out FatVolume<DiskBlocks> volume));
        Assert.Equal(16, volume.Bits);
        byte[] label = new byte[FatVolume<DiskBlocks>.LabelLengthMax];
        Assert.Equal("MEMCACHIER", Encoding.ASCII.GetString(label, 0, volume.ReadLabel(label)));
        AssertReads(volume, "memcachier.elf", _contents.Kernel);
        AssertReads(volume, "MEMCAC~1.ELF", _contents.Kernel);
        AssertReads(volume, "memcachier.conf", _contents.Configuration.Octets);
        AssertReads(volume, "memcac~1.con", _contents.Configuration.Octets);
    }

    [ToolFact("sgdisk")]
    public void Sgdisk_has_no_objections()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("disk"), _disk);
        string output = Tools.Run(directory.Path, "sgdisk -v disk; sgdisk -p disk");
        Assert.Contains("No problems found.", output);
        Assert.DoesNotContain("Caution", output);
        Assert.Contains("Partition table holds up to 128 entries", output);
        Assert.Matches(@"\n\s+1\s+34\s+2047\s+1007\.0 KiB\s+EF02\s+BIOS boot partition", output);
        Assert.Matches(@"\n\s+2\s+2048\s+16349\s+7\.0 MiB\s+EF00\s+EFI system partition", output);
    }

    [ToolFact("fsck.fat", "mlabel", "mcopy")]
    public void Fsck_and_mtools_have_no_objections()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("esp"), _disk[(2048 * Sector)..(16350 * Sector)]);
        Assert.Matches("esp: 6 files, [0-9]+/14157 clusters", Tools.Run(directory.Path, "fsck.fat -n esp"));
        Assert.Contains("Volume label is MEMCACHIER", Tools.Run(directory.Path, "mlabel -s -i esp ::"));
        _ = Tools.Run(
            directory.Path,
            "mcopy -i esp ::memcachier.elf ::memcachier.conf ::EFI/BOOT/BOOTX64.EFI .");
        Assert.Equal(_contents.Kernel, File.ReadAllBytes(directory.File("memcachier.elf")));
        Assert.Equal(_contents.Configuration.Octets, File.ReadAllBytes(directory.File("memcachier.conf")));
        Assert.Equal(_contents.UefiLoader, File.ReadAllBytes(directory.File("BOOTX64.EFI")));
    }

    [Fact]
    public void Equal_contents_make_equal_disks() =>
        Assert.Equal(_disk, new DiskImage(SampleContents.Create()).ToRaw());

    [Fact]
    public void Other_contents_make_another_disk_with_other_numbers()
    {
        byte[] other = new DiskImage(SampleContents.Create(configuration: "-m 65")).ToRaw();
        AssertDiffer(_disk, other, Sector + 56, 16);
        AssertDiffer(_disk, other, (2 * Sector) + 16, 16);
        AssertDiffer(_disk, other, (2 * Sector) + 128 + 16, 16);
        AssertDiffer(_disk, other, (2048 * Sector) + 39, 4);
    }

    [Fact]
    public void A_kernel_that_fills_the_partition_fits_and_one_byte_more_does_not()
    {
        // The clusters, less those of the loader, two directories and the configuration.
        int clusters = 14157 - ((SampleContents.UefiLoaderSize + Sector - 1) / Sector) - 3;
        ImageContents full = SampleContents.Create(clusters * Sector);
        byte[] disk = new DiskImage(full).ToRaw();
        Extent<DiskBlocks> system = Extent<DiskBlocks>.Of(new DiskBlocks(disk)).Part(2048, 16349 - 2048 + 1);
        Assert.True(FatVolume<DiskBlocks>.TryOpen(system, out FatVolume<DiskBlocks> volume));
        AssertReads(volume, "memcachier.elf", full.Kernel);
        AssertReads(volume, "memcachier.conf", full.Configuration.Octets);

        ImageException problem = Assert.Throws<ImageException>(
            () => new DiskImage(SampleContents.Create((clusters * Sector) + 1)));
        Assert.Equal(
            $"the files need {14158 * Sector} bytes of the EFI system partition, which has room for {14157 * Sector}",
            problem.Message);
    }

    private static void AssertReads(FatVolume<DiskBlocks> volume, string name, byte[] expected)
    {
        byte[] room = new byte[expected.Length + 1];
        Assert.Equal(FileOutcome.Done, volume.TryRead(Encoding.ASCII.GetBytes(name), room, out int length));
        Assert.Equal(expected, room[..length]);
    }

    private static void AssertDiffer(byte[] left, byte[] right, int offset, int length) =>
        Assert.NotEqual(left[offset..(offset + length)], right[offset..(offset + length)]);

    /// <summary>RFC 9562 §5.8.</summary>
    private static void AssertIsVersion8(ReadOnlySpan<byte> octets)
    {
        var guid = new Guid(octets);
        Assert.Equal(8, guid.Version);
        Assert.InRange(guid.Variant, 8, 11);
    }

    /// <summary>By division, a bit at a time.</summary>
    private static uint ReferenceCrc(ReadOnlySpan<byte> octets)
    {
        uint remainder = 0xFFFF_FFFF;
        for (int i = 0; i < octets.Length * 8; i++)
        {
            uint bit = ((uint)octets[i / 8] >> (i % 8)) & 1;
            bool isOdd = ((remainder >> 31) ^ bit) != 0;
            remainder = (remainder << 1) ^ (isOdd ? 0x04C1_1DB7u : 0);
        }
        uint reflected = 0;
        for (int i = 0; i < 32; i++) reflected |= ((remainder >> i) & 1) << (31 - i);
        return ~reflected;
    }

    private static uint Read32(ReadOnlySpan<byte> octets, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(octets[offset..]);

    private static long Read64(ReadOnlySpan<byte> octets, int offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(octets[offset..]);
}

/// <summary>A disk that is an array, as a type parameter.</summary>
internal readonly struct DiskBlocks(byte[] disk) : IBlockReader
{
    public ulong SectorCount => (ulong)disk.Length / DiskLayout.SectorSize;

    public bool TryRead(ulong sector, out ReadOnlySpan<byte> octets)
    {
        octets = disk.AsSpan((int)sector * DiskLayout.SectorSize, DiskLayout.SectorSize);
        return true;
    }
}
