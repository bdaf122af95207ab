using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Storage;
using Memcachier.Packaging.Image.Fat;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

/// <summary>More than is on the disk, so that the file system is one, and not a picture of that disk.</summary>
public sealed class FatVolumeBuilderTests
{
    private const int SectorCount = 9000, Sector = 512;

    public static TheoryData<string> Names => new(
        "A", "FILE.TXT", "file.txt", "File.Txt", "two words.txt", "a.b.c", "no-extension", ".hidden", "longer.extension", "x+y=z",
        "thirteen.char", "exactly-26-characters-long", new string('n', 255), "$&~!.@#");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_kernels_reader_finds_a_file_by_its_name(string name)
    {
        FatVolumeBuilder builder = Create();
        builder.Add("before", [1]);
        builder.Add(name, [2, 3]);
        builder.Add("behind", [4]);
        byte[] volume = builder.Build();
        Assert.Equal([2, 3], Read(volume, name));
        Assert.Equal([1], Read(volume, "BEFORE"));
        Assert.Equal([4], Read(volume, "Behind"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("question?")]
    [InlineData("back\\slash")]
    [InlineData("dot.")]
    [InlineData(" blank")]
    [InlineData("Grüße")]
    [InlineData("tab\t")]
    public void What_no_name_is_cannot_be_added(string name) =>
        Assert.Throws<ArgumentException>(() => Create().Add(name, []));

    [Fact]
    public void A_name_is_there_once_whatever_its_case()
    {
        FatVolumeBuilder builder = Create();
        builder.Add("Dir/File", []);
        _ = Assert.Throws<ArgumentException>(() => builder.Add("dir/FILE", []));
        _ = Assert.Throws<ArgumentException>(() => builder.Add("DIR/file/below", []));
    }

    [Fact]
    public void Names_that_begin_alike_have_different_short_names()
    {
        FatVolumeBuilder builder = Create();
        for (int i = 1; i <= 9; i++) builder.Add($"like the others {i}", [(byte)i]);
        byte[] volume = builder.Build();
        for (int i = 1; i <= 9; i++)
        {
            Assert.Equal([(byte)i], Read(volume, $"like the others {i}"));
            Assert.Equal([(byte)i], Read(volume, $"LIKETH~{i}"));
        }
        _ = Assert.Throws<ArgumentException>(() => builder.Add("like the others 10", []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(100_000)]
    public void A_file_has_its_size(int size)
    {
        byte[] octets = SampleContents.Fill("", size, 7);
        FatVolumeBuilder builder = Create();
        builder.Add("file", octets);
        builder.Add("next", [9]);
        byte[] volume = builder.Build();
        Assert.Equal(octets, Read(volume, "file"));
        Assert.Equal([9], Read(volume, "next"));
    }

    /// <summary>Directories of several clusters, in each other, with files of any size.</summary>
    [ToolFact("fsck.fat", "mcopy")]
    public void Mtools_copy_a_whole_tree_and_fsck_has_no_objections()
    {
        var random = new Prng(20);
        var files = new Dictionary<string, byte[]>();
        FatVolumeBuilder builder = Create();
        string[] directories = ["", "EFI/", "EFI/BOOT/", "a directory with a long name/", "a directory with a long name/deeper/"];
        for (int i = 0; i < 150; i++)
        {
            string path = $"{directories[(int)random.Below((uint)directories.Length)]}{i:000} file {new string('x', i % 40)}.data";
            byte[] octets = SampleContents.Fill("", (int)random.Below(3000), (ulong)i);
            files.Add(path, octets);
            builder.Add(path, octets);
        }
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.File("volume"), builder.Build());
        Assert.Matches(@"volume: \d+ files", Tools.Run(directory.Path, "fsck.fat -n volume"));
        _ = Tools.Run(directory.Path, "mkdir out; mcopy -s -Q -i volume '::*' out");
        string root = directory.File("out") + "/";
        string[] copied = Directory.GetFiles(root, "*", SearchOption.AllDirectories);
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), copied.Select(path => path[root.Length..]).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(file.Value, File.ReadAllBytes(root + file.Key)));
    }

    [Theory]
    [InlineData(4000)]
    [InlineData(80_000)]
    public void A_volume_that_would_be_another_kind_of_fat_is_refused(int sectorCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new FatVolumeBuilder(sectorCount, 0, 0, "X"));

    /// <summary>Below 32 MiB the number of sectors has 16 bits, above it has 32.</summary>
    [ToolFact("fsck.fat")]
    public void The_largest_volume_has_no_objections()
    {
        using var directory = new TemporaryDirectory();
        var builder = new FatVolumeBuilder(66_000, 0, 1, "LARGE");
        builder.Add("file", [1]);
        byte[] volume = builder.Build();
        File.WriteAllBytes(directory.File("volume"), volume);
        Assert.Matches("volume: 2 files, 1/65", Tools.Run(directory.Path, "fsck.fat -n volume"));
        Assert.Equal([1], Read(volume, "file"));
    }

    private static FatVolumeBuilder Create() => new(SectorCount, 0, 0x1234_5678, "TEST");

    private static byte[] Read(byte[] octets, string name)
    {
        Assert.Equal(0, octets.Length % Sector);
        Assert.True(FatVolume<DiskBlocks>.TryOpen(Extent<DiskBlocks>.Of(new DiskBlocks(octets)), out FatVolume<DiskBlocks> volume));
        byte[] room = new byte[200_000];
        Assert.Equal(FileOutcome.Done, volume.TryRead(Encoding.ASCII.GetBytes(name), room, out int length));
        return room[..length];
    }
}
