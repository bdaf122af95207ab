using System;
using System.Buffers.Binary;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Storage;
using Xunit;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>Disks that no tool makes: whatever is on one, reading ends, and says what it found.</summary>
public sealed class HostileImageTests
{
    /// <summary>What the longest walk of either file system may cost: its directory, twice, and a file.</summary>
    private const long ReadsMax = 40_000;

    private static readonly byte[] s_content = Content(3_000);
    private readonly byte[] _destination = new byte[4096];

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void The_builder_makes_sound_volumes(int bits)
    {
        FatImage image = Fat(bits);
        AssertReads(image.Octets, FileOutcome.Done);
        image = new FatImage(bits, hasLabelEntry: false);
        image.Add("User-Data", s_content);
        AssertReads(image.Octets, FileOutcome.Done);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void The_builder_makes_sound_discs(bool hasRockRidge, bool hasJoliet)
    {
        AssertReads(Iso(hasRockRidge, hasJoliet).Octets, FileOutcome.Done);
        var image = new IsoImage(hasRockRidge, hasJoliet);
        image.Add("user-data", s_content, nameParts: 3);
        AssertReads(image.Octets, FileOutcome.Done);
    }

    [Fact]
    public void Without_extensions_only_the_standards_name_counts()
    {
        AssertReads(Iso(false, false).Octets, FileOutcome.NoFile);
        var image = new IsoImage(false, false);
        image.Add("", s_content, "USER-DATA.;1");
        AssertReads(image.Octets, FileOutcome.Done);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void A_chain_in_a_circle_ends_with_the_file(int bits)
    {
        FatImage image = Fat(bits);
        image.SetNext(image.FirstCluster, image.FirstCluster);
        var disk = new MemoryDisk(image.Octets);
        Assert.True(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out NoCloudDisk<MemoryBlocks> seed));
        Assert.Equal(FileOutcome.Done, seed.TryReadUserData(_destination, out int length));
        Assert.Equal(s_content.Length, length);
        for (int at = 512; at < length; at++) Assert.Equal(_destination[at % 512], _destination[at]);
    }

    [Theory]
    [InlineData(0u)]                      // free
    [InlineData(1u)]
    [InlineData(0x0FFF_FFF7u)]            // bad
    [InlineData(0x0FFF_FFFFu)]            // the end, before the file's
    [InlineData(205u)]                    // FAT12 and FAT32: behind the last
    public void A_chain_that_leads_nowhere_is_unreadable(uint next)
    {
        foreach (int bits in (int[])[12, 16, 32])
        {
            if (bits == 16 && next == 205) continue;
            FatImage image = Fat(bits);
            image.SetNext(image.FirstCluster, next);
            AssertReads(image.Octets, FileOutcome.Unreadable);
        }
    }

    [Theory]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(32)]
    public void A_first_cluster_that_is_none_is_unreadable(int bits)
    {
        foreach (uint cluster in (uint[])[0, 1, 5_000, 0xFFFF, 0xFFFF_FFFF])
        {
            FatImage image = Fat(bits);
            Span<byte> entry = image.Entry(image.EntryCount - 1);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[20..], (ushort)(cluster >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)cluster);
            AssertReads(image.Octets, FileOutcome.Unreadable);
        }
    }

    [Fact]
    public void A_root_directory_in_a_circle_ends()
    {
        var image = new FatImage(32);
        for (int i = image.EntryCount; i < 64; i++) image.AddEntry("NOBODY  TXT"u8.ToArray(), 0x20, 0, 0);
        image.SetNext(5, 2);
        AssertReads(image.Octets, FileOutcome.NoFile);
        // Without a label in it either, the boot sector's is taken.
        image.Entry(0)[11] = 0x20;
        AssertReads(image.Octets, FileOutcome.NoFile);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(202u)]
    [InlineData(uint.MaxValue)]
    public void A_root_directory_at_no_cluster_is_unreadable(uint cluster)
    {
        FatImage image = Fat(32);
        BinaryPrimitives.WriteUInt32LittleEndian(image.Octets.AsSpan(44), cluster);
        AssertReads(image.Octets, FileOutcome.Unreadable);
    }

    public static TheoryData<string, int, byte[]> BootSectors => new()
    {
        { "no signature", 510, [0, 0] },
        { "sectors of 0 bytes", 11, [0, 0] },
        { "sectors of 256 bytes", 11, [0, 1] },
        { "sectors of 768 bytes", 11, [0, 3] },
        { "sectors of 8192 bytes", 11, [0, 32] },
        { "clusters of 0 sectors", 13, [0] },
        { "clusters of 3 sectors", 13, [3] },
        { "no reserved sector", 14, [0, 0] },
        { "no table", 16, [0] },
        { "no root directory", 17, [0, 0] },
        { "no sectors", 19, [0, 0] },
        { "fewer sectors than tables", 19, [10, 0] },
        { "a medium that is none", 21, [0x12] },
        { "tables longer than the disk", 22, [0xFF, 0xFF] },
        { "neither FAT16's nor FAT32's tables", 22, [0, 0] },
    };

    [Theory]
    [MemberData(nameof(BootSectors))]
    public void A_boot_sector_that_contradicts_itself_is_none(string why, int offset, byte[] octets)
    {
        FatImage image = Fat(12);
        octets.CopyTo(image.Octets, offset);
        Assert.False(
            NoCloudDisk<MemoryBlocks>.TryOpen(new MemoryDisk(image.Octets).Reader, out _), why);
    }

    [Fact]
    public void A_newer_version_of_fat32_is_none()
    {
        FatImage image = Fat(32);
        image.Octets[42] = 1;
        Assert.False(NoCloudDisk<MemoryBlocks>.TryOpen(new MemoryDisk(image.Octets).Reader, out _));
    }

    [Fact]
    public void A_name_needs_its_checksum_and_all_of_its_pieces()
    {
        foreach (int damage in (int[])[0, 1, 2, 3, 4])
        {
            var image = new FatImage(12);
            image.AddLongName("user-data-with-a-long-name", FatImage.Checksum("USER-D~1   "));
            image.AddEntry("USER-D~1   "u8.ToArray(), 0x20, 0, 0);
            if (damage == 1) image.Entry(1)[13] ^= 1;                         // the last piece's checksum
            if (damage == 2) image.Entry(3)[7] = (byte)'2';                    // another short name
            if (damage == 3) image.Entry(2)[0] = 2;                            // the same piece twice
            if (damage == 4) image.Entry(1)[0] = 0xE5;                         // deleted
            Assert.True(FatVolume<MemoryBlocks>.TryOpen(
                Extent<MemoryBlocks>.Of(new MemoryDisk(image.Octets).Reader), out FatVolume<MemoryBlocks> volume));
            FileOutcome outcome = volume.TryRead("USER-DATA-with-a-long-name"u8, _destination, out _);
            Assert.Equal(damage == 0 ? FileOutcome.Done : FileOutcome.NoFile, outcome);
        }
    }

    [Theory]
    [InlineData("CONFIG  TXT", "config.txt", true)]
    [InlineData("CONFIG     ", "Config", true)]
    [InlineData("CONFIG  TXT", "config.tx", false)]
    [InlineData("CONFIG  TXT", "config", false)]
    [InlineData("CONFIG  TXT", "config.txt.txt", false)]
    [InlineData("\u00e5ONFIG  TXT", "config.txt", false)]                      // deleted
    public void A_short_name_is_a_name_too(string entry, string name, bool isFound)
    {
        var image = new FatImage(12);
        image.AddEntry(Encoding.Latin1.GetBytes(entry), 0x20, 0, 0);
        Assert.True(FatVolume<MemoryBlocks>.TryOpen(
            Extent<MemoryBlocks>.Of(new MemoryDisk(image.Octets).Reader), out FatVolume<MemoryBlocks> volume));
        FileOutcome outcome = volume.TryRead(Encoding.ASCII.GetBytes(name), _destination, out _);
        Assert.Equal(isFound ? FileOutcome.Done : FileOutcome.NoFile, outcome);
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x08)]
    public void A_directory_or_a_label_is_no_file(byte attributes)
    {
        FatImage image = Fat(12);
        image.Entry(image.EntryCount - 1)[11] = attributes;
        AssertReads(image.Octets, FileOutcome.NoFile);
    }

    public static TheoryData<string, int, byte[], FileOutcome> Records => new()
    {
        { "larger than the disk", 10, [0xFF, 0x0F, 0, 0, 0, 0, 0, 0], FileOutcome.Unreadable },
        { "larger than the room", 10, [1, 0x10, 0, 0], FileOutcome.TooLarge },
        { "far larger than the room", 10, [0xFF, 0xFF, 0xFF, 0xFF], FileOutcome.TooLarge },
        { "behind the disk", 2, [0xFF, 0xFF, 0xFF, 0xFF], FileOutcome.Unreadable },
        { "at the disk's end", 2, [31, 0, 0, 0], FileOutcome.Unreadable },
        { "several extents", 25, [0x80], FileOutcome.Unreadable },
        { "interleaved", 26, [1, 1], FileOutcome.Unreadable },
        { "a directory", 25, [2], FileOutcome.NoFile },
        { "an associated file", 25, [4], FileOutcome.NoFile },
        { "a record too short", 0, [33], FileOutcome.Unreadable },
        { "a name too long", 32, [250], FileOutcome.Unreadable },
        { "a record across sectors", 0, [255], FileOutcome.NoFile },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_that_cannot_be(string why, int offset, byte[] octets, FileOutcome expected)
    {
        IsoImage image = Iso(true, false);
        if (why == "larger than the disk") image = new IsoImage(true, false, blocks: 22);
        if (image.Octets.Length == 22 * IsoImage.Sector) image.Add("user-data", Content(100));
        octets.CopyTo(image.Octets, image.RecordOffset + offset);
        FileOutcome outcome = Read(image.Octets, out _);
        // A longer record may hold the same name.
        if (why == "a record across sectors") Assert.True(outcome is FileOutcome.Done or FileOutcome.NoFile, why);
        else Assert.True(expected == outcome, $"{why}: {outcome}");
    }

    [Fact]
    public void A_root_directory_of_4_GiB_ends()
    {
        IsoImage image = Iso(true, false, 200);
        BinaryPrimitives.WriteUInt32LittleEndian(
            image.Octets.AsSpan(IsoImage.PrimaryOffset + 156 + 10), uint.MaxValue);
        image.Octets[image.RecordOffset + 25] = 2;
        image.Octets.AsSpan(21 * IsoImage.Sector).Clear();
        AssertReads(image.Octets, FileOutcome.NoFile);
    }

    [Fact]
    public void Descriptors_without_an_end_end()
    {
        byte[] octets = Iso(true, true, 200).Octets;
        for (int i = 17; i < 199; i++) octets.AsSpan(16 * IsoImage.Sector, IsoImage.Sector).CopyTo(octets.AsSpan(i * 2048));
        var disk = new MemoryDisk(octets);
        Assert.True(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out _));
        Assert.InRange(disk.Reads, 1, 100);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(0)]
    public void A_disk_that_ends_early_or_fails_is_bad_input(int bits)
    {
        byte[] octets = bits == 0 ? Iso(true, true).Octets : Fat(bits).Octets;
        for (ulong count = 0; count < (ulong)octets.Length / 512; count++)
        {
            _ = Read(new MemoryDisk(octets) { SectorCount = count }, out _);
            _ = Read(new MemoryDisk(octets) { BadFrom = count }, out _);
        }
        // A disk of any size, of which next to nothing can be read.
        _ = Read(new MemoryDisk(octets) { SectorCount = ulong.MaxValue }, out _);
    }

    [Theory]
    [InlineData(63u, uint.MaxValue, FileOutcome.Done)]
    [InlineData(63u, 40u, FileOutcome.Unreadable)]
    [InlineData(63u, 0u, null)]
    [InlineData(uint.MaxValue, uint.MaxValue, null)]
    [InlineData(0u, 0u, null)]
    public void A_partition_ends_where_the_disk_does(uint first, uint count, FileOutcome? expected)
    {
        byte[] volume = Fat(12).Octets;
        byte[] octets = [.. new byte[63 * 512], .. volume];
        octets[446 + 4] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(446 + 8), first);
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(446 + 12), count);
        octets[510] = 0x55;
        octets[511] = 0xAA;
        bool isFound = NoCloudDisk<MemoryBlocks>.TryOpen(
            new MemoryDisk(octets).Reader, out NoCloudDisk<MemoryBlocks> seed);
        Assert.Equal(expected is not null, isFound);
        if (isFound) Assert.Equal(expected, seed.TryReadUserData(_destination, out _));
    }

    /// <summary>
    /// Damages sound volumes at random, mostly where their tables are. Whatever comes of it: no fault, an end in time, and
    /// a file that is reported as read has the length that it says. More with MEMCACHIER_FUZZ_STORAGE rounds.
    /// </summary>
    [Fact]
    public void Any_bytes_are_read_without_a_fault_and_in_time()
    {
        int rounds = int.Parse(
            System.Environment.GetEnvironmentVariable("MEMCACHIER_FUZZ_STORAGE") ?? "50000",
            System.Globalization.CultureInfo.InvariantCulture);
        var random = new Prng(2026);
        MemoryDisk[] disks =
        [
            new(Fat(12).Octets), new(Fat(16).Octets), new(Fat(32).Octets), new(Iso(true, true).Octets),
            new(Iso(true, false).Octets), new(Iso(false, true).Octets),
        ];
        int[][] tables =
        [
            Places(Fat(12)), Places(Fat(16)), Places(Fat(32)), IsoPlaces(), IsoPlaces(), IsoPlaces(),
        ];
        int done = 0, refused = 0;
        byte[] kept = new byte[8];
        int[] at = new int[8];
        for (int round = 0; round < rounds; round++)
        {
            int index = (int)random.Below((uint)disks.Length);
            MemoryDisk disk = disks[index];
            int count = 1 + (int)random.Below(8);
            for (int i = 0; i < count; i++)
            {
                int[] places = tables[index];
                at[i] = random.Chance(7, 8)
                    ? places[random.Below((uint)places.Length)] + (int)random.Below(96)
                    : (int)random.Below((uint)disk.Octets.Length);
                kept[i] = disk.Octets[at[i]];
                disk.Octets[at[i]] = Mutate(ref random, kept[i]);
            }
            disk.Reads = 0;
            FileOutcome outcome = Read(disk, out int length);
            if (outcome == FileOutcome.Done) done++;
            else refused++;
            Assert.True(outcome == FileOutcome.Done || length == 0, $"round {round}");
            Assert.True(length <= _destination.Length, $"round {round}");
            Assert.True(disk.Reads <= ReadsMax, $"round {round}: {disk.Reads} sectors");
            for (int i = count - 1; i >= 0; i--) disk.Octets[at[i]] = kept[i];
        }
        // Both happen all the time, or this damages nothing, or everything.
        Assert.InRange(done, rounds / 10, rounds);
        Assert.InRange(refused, rounds / 10, rounds);
        foreach (MemoryDisk disk in disks) AssertReads(disk.Octets, FileOutcome.Done);
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        MemoryDisk[] disks = [new(Fat(12).Octets), new(Fat(32).Octets), new(Iso(true, true).Octets)];
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 30; i++) _ = Read(disks[i % 3], out _);
        }));
    }

    private static byte Mutate(ref Prng random, byte old) => random.Below(4) switch
    {
        0 => (byte)random.Next(),
        1 => (byte)(old ^ (1 << (int)random.Below(8))),
        2 => 0xFF,
        _ => (byte)(old + 1),
    };

    private static int[] Places(FatImage image) =>
        [0, 0, 0, image.TableOffset, image.RootOffset, image.RootOffset + 32, image.RootOffset + 64];

    private static int[] IsoPlaces() =>
    [
        IsoImage.PrimaryOffset, IsoImage.PrimaryOffset + 100, IsoImage.PrimaryOffset + 2048 + 100,
        IsoImage.PrimaryRootOffset, IsoImage.PrimaryRootOffset + 64, IsoImage.JolietRootOffset + 64,
    ];

    private static byte[] Content(int length)
    {
        byte[] content = new byte[length];
        new Prng(5).Fill(content);
        return content;
    }

    private static FatImage Fat(int bits)
    {
        var image = new FatImage(bits);
        image.Add("user-data", s_content);
        return image;
    }

    private static IsoImage Iso(bool hasRockRidge, bool hasJoliet, int blocks = 32)
    {
        var image = new IsoImage(hasRockRidge, hasJoliet, blocks: blocks);
        image.Add("user-data", s_content);
        return image;
    }

    private void AssertReads(byte[] octets, FileOutcome expected)
    {
        var disk = new MemoryDisk(octets);
        Assert.True(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out NoCloudDisk<MemoryBlocks> seed));
        Assert.Equal(expected, seed.TryReadUserData(_destination, out int length));
        Assert.Equal(expected == FileOutcome.Done ? s_content : [], _destination[..length]);
        Assert.InRange(disk.Reads, 1, ReadsMax);
    }

    private FileOutcome Read(byte[] octets, out int length) => Read(new MemoryDisk(octets), out length);

    /// <summary>NoFile if it is no seed at all.</summary>
    private FileOutcome Read(MemoryDisk disk, out int length)
    {
        length = 0;
        if (!NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out NoCloudDisk<MemoryBlocks> seed)) return FileOutcome.NoFile;
        return seed.TryReadUserData(_destination, out length);
    }
}
