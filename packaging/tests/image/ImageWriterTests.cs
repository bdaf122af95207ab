using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Packaging.Image;
using Xunit;

namespace Memcachier.Cli.Tests.Image;

public sealed class ImageWriterTests
{
    private const int Sector = DiskLayout.SectorSize;
    private const long GoogleSectorCount = 1 << 21;

    private readonly DiskImage _image = new(SampleContents.Create());

    [ToolFact("qemu-img", "gzip")]
    public async Task Two_runs_give_the_same_bytes_of_every_format()
    {
        using var first = new TemporaryDirectory();
        using var second = new TemporaryDirectory();
        foreach (ImageFormat format in Enum.GetValues<ImageFormat>())
            _ = await new ImageWriter(_image, first.Path).WriteAsync(format, CancellationToken.None);
        // VHDs count seconds.
        await Task.Delay(1100);
        foreach (ImageFormat format in Enum.GetValues<ImageFormat>())
        {
            var again = new DiskImage(SampleContents.Create());
            string path = await new ImageWriter(again, second.Path).WriteAsync(format, CancellationToken.None);
            Assert.Equal(second.File(ImageWriter.FileName(format)), path);
            byte[] other = await File.ReadAllBytesAsync(first.File(ImageWriter.FileName(format)));
            byte[] octets = await File.ReadAllBytesAsync(path);
            Assert.True(other.AsSpan().SequenceEqual(octets), $"{format} differs");
        }
        Assert.Equal(5, Directory.GetFiles(second.Path).Length);
        Assert.Empty(Directory.GetDirectories(second.Path));
    }

    [ToolFact("qemu-img")]
    public async Task Qcow2()
    {
        using var directory = new TemporaryDirectory();
        _ = await WriteAsync(directory, ImageFormat.Qcow2);
        AssertIsTheDisk(directory, "memcachier.qcow2", "qcow2");
        Assert.Contains("No errors were found", Tools.Run(directory.Path, "qemu-img check memcachier.qcow2"));
        Assert.Contains("compat: 1.1", Tools.Run(directory.Path, "qemu-img info memcachier.qcow2"));
    }

    [ToolFact("qemu-img")]
    public async Task Vmdk()
    {
        using var directory = new TemporaryDirectory();
        byte[] octets = await WriteAsync(directory, ImageFormat.Vmdk);
        AssertIsTheDisk(directory, "memcachier.vmdk", "vmdk");
        Assert.Contains("No errors were found", Tools.Run(directory.Path, "qemu-img check memcachier.vmdk"));
        string info = Tools.Run(directory.Path, "qemu-img info memcachier.vmdk");
        Assert.Contains("create type: streamOptimized", info);
        string[] descriptor = Encoding.ASCII.GetString(octets, Sector, 20 * Sector).TrimEnd('\0').Split('\n');
        Assert.Equal("# Disk DescriptorFile", descriptor[0]);
        Assert.Matches("^CID=[0-9a-f]{8}$", Assert.Single(descriptor, line => line.StartsWith("CID=", StringComparison.Ordinal)));
        Assert.Contains("parentCID=ffffffff", descriptor);
        Assert.Contains("RW 16384 SPARSE \"memcachier.vmdk\"", descriptor);
        Assert.InRange(octets.Length, 1, 2 << 20);
    }

    /// <summary>Virtual Hard Disk Image Format Specification 1.0, "Hard Disk Footer Format".</summary>
    [ToolFact("qemu-img")]
    public async Task Vhd()
    {
        using var directory = new TemporaryDirectory();
        byte[] octets = await WriteAsync(directory, ImageFormat.Vhd);
        AssertIsTheDisk(directory, "memcachier.vhd", "vpc");
        Assert.Equal((8 << 20) + 512, octets.Length);
        Assert.True(octets.AsSpan(0, 8 << 20).SequenceEqual(_image.ToRaw()));
        Span<byte> footer = octets.AsSpan(8 << 20);
        Assert.Equal("conectix", Encoding.ASCII.GetString(footer[..8]));
        Assert.Equal(0x0001_0000u, BinaryPrimitives.ReadUInt32BigEndian(footer[12..]));
        Assert.Equal(ulong.MaxValue, BinaryPrimitives.ReadUInt64BigEndian(footer[16..]));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(footer[24..]));
        Assert.Equal(8ul << 20, BinaryPrimitives.ReadUInt64BigEndian(footer[40..]));
        Assert.Equal(8ul << 20, BinaryPrimitives.ReadUInt64BigEndian(footer[48..]));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(footer[60..]));
        uint checksum = BinaryPrimitives.ReadUInt32BigEndian(footer[64..]);
        Assert.Equal(8, new Guid(footer.Slice(68, 16), bigEndian: true).Version);
        footer.Slice(64, 4).Clear();
        Assert.Equal(~(uint)footer.ToArray().Sum(octet => octet), checksum);
    }

    [ToolFact("tar", "gzip", "sgdisk")]
    public async Task Google_compute_engine()
    {
        using var directory = new TemporaryDirectory();
        byte[] octets = await WriteAsync(directory, ImageFormat.Gce);
        Assert.InRange(octets.Length, 1, 2 << 20);
        // RFC 1952: no name, no time.
        Assert.Equal("1F8B0800" + "00000000", Convert.ToHexString(octets[..8]));
        string listing = Tools.Run(directory.Path, "TZ=UTC tar -tvzf memcachier-gce.tar.gz --numeric-owner");
        Assert.Matches(@"^-rw-r--r-- 0/0\s+1073741824 1970-01-01 00:00 disk.raw\n$", listing);
        Assert.Contains("No problems found.", Tools.Run(directory.Path, "tar -xzf memcachier-gce.tar.gz; sgdisk -v disk.raw"));
        Assert.DoesNotContain("Caution", Tools.Run(directory.Path, "sgdisk -v disk.raw"));
        using FileStream disk = File.OpenRead(directory.File("disk.raw"));
        Assert.Equal(GoogleSectorCount * Sector, disk.Length);
        byte[] head = new byte[8 << 20];
        disk.ReadExactly(head);
        // All of the partitions are those of the other formats.
        Assert.True(head.AsSpan(34 * Sector, 16316 * Sector).SequenceEqual(_image.ToRaw().AsSpan(34 * Sector, 16316 * Sector)));
        Assert.True(head.AsSpan(0, 16350 * Sector).SequenceEqual(_image.Head(GoogleSectorCount)));
        disk.Position = disk.Length - (33 * Sector);
        byte[] tail = new byte[33 * Sector];
        disk.ReadExactly(tail);
        Assert.Equal(_image.Tail(GoogleSectorCount), tail);
        // It takes up what it holds.
        Assert.InRange(int.Parse(Tools.Run(directory.Path, "du -k disk.raw | cut -f 1")), 1, 16 * 1024);
    }

    [Fact]
    public async Task What_was_there_stays_if_it_cannot_be_replaced()
    {
        using var directory = new TemporaryDirectory();
        string path = directory.Write("memcachier.raw", "older");
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ImageWriter(_image, directory.Path).WriteAsync(ImageFormat.Raw, cancel.Token));
        Assert.Equal("older", await File.ReadAllTextAsync(path));
    }

    private async Task<byte[]> WriteAsync(TemporaryDirectory directory, ImageFormat format) =>
        await File.ReadAllBytesAsync(
            await new ImageWriter(_image, directory.Path).WriteAsync(format, CancellationToken.None));

    private void AssertIsTheDisk(TemporaryDirectory directory, string name, string driver)
    {
        File.WriteAllBytes(directory.File("expected"), _image.ToRaw());
        string output = Tools.Run(directory.Path, $"qemu-img compare -f raw -F {driver} expected {name}");
        Assert.Contains("Images are identical.", output);
        Assert.Contains("8388608 bytes", Tools.Run(directory.Path, $"qemu-img info -f {driver} {name}"));
    }
}
