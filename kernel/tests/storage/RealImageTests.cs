using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Storage;
using Xunit;

namespace Memcachier.Kernel.Tests.Storage;

/// <summary>Disks that people's own tools made.</summary>
public sealed class RealImageTests
{
    private const string MetaData = "instance-id: i-0123\nlocal-hostname: cache-1\n";

    private readonly byte[] _destination = new byte[16 * 1024];

    [ToolTheory("cloud-localds", "genisoimage", "mkfs.vfat", "mcopy")]
    [InlineData("cloud-localds disk.img user-data meta-data", "ISO 9660", "i-0123")]
    [InlineData("cloud-localds -H cache-1 disk.img user-data", "ISO 9660", "iid-local01")]
    [InlineData("cloud-localds -f vfat disk.img user-data meta-data", "FAT12", "i-0123")]
    [InlineData("cloud-localds -f vfat -H cache-1 -m local disk.img user-data", "FAT12", "iid-local01")]
    public void Cloud_localds(string script, string fileSystem, string instanceId) =>
        AssertSeed(script, fileSystem, 2_000, instanceId);

    [ToolTheory("genisoimage")]
    [InlineData("genisoimage -V cidata -J -R -o disk.img user-data meta-data")]
    [InlineData("genisoimage -V CIDATA -J -o disk.img user-data meta-data")]
    [InlineData("genisoimage -V cidata -R -o disk.img user-data meta-data")]
    [InlineData("genisoimage -V cidata -r -J -iso-level 3 -T -o disk.img user-data meta-data")]
    [InlineData("genisoimage -V CiData -iso-level 4 -o disk.img user-data meta-data")]
    [InlineData("for i in $(seq 200); do echo $i > a-file-with-quite-a-long-name-$i; done;" +
        "genisoimage -V cidata -J -R -o disk.img .")]
    public void Genisoimage(string script) => AssertSeed(script, "ISO 9660", 16 * 1024, "i-0123");

    [ToolTheory("xorriso")]
    [InlineData("xorriso -as mkisofs -V cidata -J -R -o disk.img user-data meta-data")]
    [InlineData("xorriso -as mkisofs -V CIDATA -r -o disk.img user-data meta-data")]
    [InlineData("xorriso -as mkisofs -V cidata -J -r -partition_offset 16 -o disk.img user-data meta-data")]
    [InlineData("xorriso -outdev disk.img -volid cidata -joliet on -rockridge off -map user-data /user-data " +
        "-map meta-data /meta-data")]
    [InlineData("xorriso -outdev disk.img -volid cidata -map user-data /user-data -map meta-data /meta-data")]
    public void Xorriso(string script) => AssertSeed(script, "ISO 9660", 10_000, "i-0123");

    [ToolTheory("mkfs.vfat", "mcopy", "mdel")]
    [InlineData("", "truncate -s 128K disk.img; mkfs.vfat -n CIDATA disk.img", "FAT12")]
    [InlineData("", "truncate -s 1440K disk.img; mkfs.vfat -n cidata -F 12 disk.img", "FAT12")]
    [InlineData("", "truncate -s 8M disk.img; mkfs.vfat -n CIDATA -F 16 -s 1 disk.img", "FAT16")]
    [InlineData("", "truncate -s 16M disk.img; mkfs.vfat -n CIDATA -F 16 -S 2048 -s 1 disk.img", "FAT16")]
    [InlineData("", "truncate -s 40M disk.img; mkfs.vfat -n CIDATA -F 32 -s 1 disk.img", "FAT32")]
    [InlineData("", "truncate -s 24M disk.img; mkfs.vfat -n CIDATA -F 16 -S 4096 -s 1 disk.img", "FAT16")]
    [InlineData("", "truncate -s 8M disk.img; mkfs.vfat -n CIDATA -f 1 -s 64 disk.img", "FAT12")]
    [InlineData("for i in $(seq 100); do echo $i > a-long-name-$i; done; mcopy -oi disk.img a-long-name-* ::",
        "truncate -s 40M disk.img; mkfs.vfat -n CIDATA -F 32 -s 1 disk.img", "FAT32")]
    [InlineData("for i in $(seq 9); do echo $i > a-long-name-$i; done; mcopy -oi disk.img a-long-name-* ::;" +
        "mdel -i disk.img ::a-long-name-2 ::a-long-name-4 ::a-long-name-5",
        "truncate -s 1440K disk.img; mkfs.vfat -n CIDATA disk.img", "FAT12")]
    public void Mkfs_vfat(string before, string make, string fileSystem) => AssertSeed(
        $"{make}\n{before}\nmcopy -oi disk.img user-data meta-data ::", fileSystem, 16 * 1024, "i-0123");

    [ToolTheory("mkfs.vfat", "mcopy")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(2048)]
    [InlineData(16 * 1024)]
    public void Any_length_up_to_the_room(int length) => AssertSeed(
        "truncate -s 1440K disk.img; mkfs.vfat -n CIDATA disk.img; mcopy -oi disk.img user-data meta-data ::",
        "FAT12", length, "i-0123");

    [ToolTheory("cloud-localds", "genisoimage", "mkfs.vfat", "mcopy")]
    [InlineData("cloud-localds disk.img user-data meta-data")]
    [InlineData("cloud-localds -f vfat disk.img user-data meta-data")]
    public void One_byte_more_than_the_room_is_too_large(string script)
    {
        var disk = new MemoryDisk(Tools.Build(script, new byte[_destination.Length + 1], MetaData));
        Assert.True(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out NoCloudDisk<MemoryBlocks> seed));
        Assert.Equal(FileOutcome.TooLarge, seed.TryReadUserData(_destination, out int length));
        Assert.Equal(0, length);
    }

    [ToolTheory("mkfs.vfat", "mcopy", "genisoimage")]
    [InlineData("truncate -s 128K disk.img; mkfs.vfat -n CONFIG disk.img; mcopy -oi disk.img user-data ::")]
    [InlineData("truncate -s 128K disk.img; mkfs.vfat disk.img; mcopy -oi disk.img user-data ::")]
    [InlineData("genisoimage -V cidata2 -J -R -o disk.img user-data")]
    [InlineData("truncate -s 128K disk.img")]
    public void A_disk_with_another_label_is_another_disk(string script)
    {
        var disk = new MemoryDisk(Tools.Build(script, [1], MetaData));
        Assert.False(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out _));
        Assert.InRange(disk.Reads, 1, 100);
    }

    [ToolTheory("mkfs.vfat", "mcopy", "sfdisk")]
    [InlineData("truncate -s 9M disk.img; printf '2048,16384,c\\n' | sfdisk -q disk.img; truncate -s 8M part.img;" +
        "mkfs.vfat -n CIDATA -F 16 -s 1 part.img; mcopy -oi part.img user-data meta-data ::;" +
        "dd if=part.img of=disk.img bs=512 seek=2048 conv=notrunc 2>&1")]
    public void The_first_partition_of_a_disk(string script) => AssertSeed(script, "FAT16", 3_000, "i-0123");

    /// <summary>A file whose clusters lie apart: others were deleted between them.</summary>
    [ToolTheory("mkfs.vfat", "mcopy", "mdel")]
    [InlineData("12", "1440K")]
    [InlineData("16", "8M")]
    [InlineData("32", "40M")]
    public void A_file_in_pieces(string bits, string size)
    {
        string script =
            $"truncate -s {size} disk.img; mkfs.vfat -n CIDATA -F {bits} -s 1 disk.img; truncate -s 512 hole;" +
            "for i in $(seq 60); do mcopy -oi disk.img hole ::f$i; done;" +
            "for i in $(seq 1 2 60); do mdel -i disk.img ::f$i; done; mcopy -oi disk.img user-data meta-data ::";
        AssertSeed(script, $"FAT{bits}", 16 * 1024, "i-0123");
    }

    private void AssertSeed(string script, string fileSystem, int length, string instanceId)
    {
        byte[] userData = new byte[length];
        new Prng((ulong)length).Fill(userData);
        var disk = new MemoryDisk(Tools.Build(script, userData, MetaData));
        Assert.True(NoCloudDisk<MemoryBlocks>.TryOpen(disk.Reader, out NoCloudDisk<MemoryBlocks> seed));
        Assert.Equal(fileSystem, Encoding.ASCII.GetString(seed.FileSystem));
        Assert.Equal(FileOutcome.Done, seed.TryReadMetaData(_destination, out NoCloudMetaData metaData));
        Assert.Equal(instanceId, Encoding.ASCII.GetString(metaData.InstanceId));
        Assert.Equal("cache-1", Encoding.ASCII.GetString(metaData.LocalHostname));
        Assert.Equal(FileOutcome.Done, seed.TryReadUserData(_destination, out int actual));
        Assert.Equal(length, actual);
        Assert.True(userData.AsSpan().SequenceEqual(_destination.AsSpan(0, actual)));
    }
}
