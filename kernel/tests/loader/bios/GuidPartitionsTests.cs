using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Loader.Bios;
using Memcachier.Kernel.Storage;
using Memcachier.Kernel.Tests.Storage;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader.Bios;

public sealed class GuidPartitionsTests
{
    private const int Header = GptDisk.HeaderOffset;

    private readonly GptDisk _disk = new();

    [Fact]
    public void The_system_partition_is_found()
    {
        Assert.True(TryFind(out Extent<MemoryBlocks> partition));
        Assert.Equal((ulong)_disk.Volume.Octets.Length, partition.Length);
        byte[] first = new byte[512];
        Assert.True(partition.TryRead(0, first));
        Assert.Equal(_disk.Volume.Octets.AsSpan(0, 512).ToArray(), first);
    }

    [Fact]
    public void It_may_be_the_last_of_128()
    {
        _disk.PutEntry(1, Guid.Empty, 0, 0);
        _disk.PutSystemPartition(127, 2048, 2050);
        Assert.True(TryFind(out Extent<MemoryBlocks> partition));
        Assert.Equal(3u * 512, partition.Length);
    }

    [Fact]
    public void The_first_that_lies_on_the_disk_counts()
    {
        _disk.PutSystemPartition(0, 100, ulong.MaxValue);
        Assert.True(TryFind(out Extent<MemoryBlocks> partition));
        Assert.Equal((ulong)_disk.Volume.Octets.Length, partition.Length);
    }

    [Fact]
    public void Larger_entries_are_stepped_over()
    {
        byte[] entry = _disk.Octets.AsSpan(GptDisk.EntriesOffset + 128, 128).ToArray();
        entry.CopyTo(_disk.Octets, GptDisk.EntriesOffset + 512);
        _disk.PutEntry(1, Guid.Empty, 0, 0);
        _disk.Put32(Header + 84, 512);
        Assert.True(TryFind(out _));
    }

    public static TheoryData<string, int, ulong> BadHeaders => new()
    {
        { "another signature", Header, 0x5452_4150_2049_4645 ^ 1 },
        { "entries in the header", Header + 72, 1 },
        { "entries behind the disk", Header + 72, 1 << 20 },
        { "entries at no sector there is", Header + 72, ulong.MaxValue },
        { "entries whose bytes would wrap", Header + 72, (ulong.MaxValue / 512) + 1 },
        { "no entries", Header + 80, 128ul << 32 },
        { "entries of nothing", Header + 80, 128 },
        { "entries shorter than one", Header + 80, 64ul << 32 | 128 },
        { "entries of 4 GiB", Header + 80, 0xFFFF_FFFFul << 32 | 0xFFFF_FFFF },
    };

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public void A_header_that_cannot_be_is_refused(string name, int offset, ulong value)
    {
        _disk.Put64(offset, value);
        Assert.False(TryFind(out _), name);
    }

    [Theory]
    [InlineData("backwards", 3000ul, 2999ul)]
    [InlineData("one sector too long", 2048ul, ulong.MaxValue)]
    [InlineData("behind the disk", 1ul << 40, 1ul << 41)]
    [InlineData("all there is", 0ul, ulong.MaxValue)]
    public void A_partition_that_is_not_on_the_disk_is_passed_over(string name, ulong first, ulong last)
    {
        if (last == ulong.MaxValue && first == 2048) last = (ulong)_disk.Octets.Length / 512;
        _disk.PutSystemPartition(1, first, last);
        Assert.False(TryFind(out _), name);
    }

    [Fact]
    public void A_table_that_ends_with_the_disk_ends()
    {
        _disk.PutEntry(1, Guid.Empty, 0, 0);
        _disk.Put64(Header + 72, ((ulong)_disk.Octets.Length / 512) - 1);
        Assert.False(TryFind(out _));
    }

    [Fact]
    public void A_disk_that_cannot_be_read_has_none()
    {
        for (ulong bad = 0; bad < 4; bad++)
        {
            var disk = new MemoryDisk(_disk.Octets) { BadFrom = bad };
            bool isFound = GuidPartitions.TryFindSystemPartition(Extent<MemoryBlocks>.Of(disk.Reader), out _);
            Assert.Equal(bad > 2, isFound);
        }
    }

    /// <summary>Whatever the table holds, nothing is read that is not there, and the search ends.</summary>
    [Fact]
    public void Any_bytes_are_survived()
    {
        var random = new Prng(3);
        for (int round = 0; round < 300; round++)
        {
            var disk = new GptDisk();
            for (int i = 0; i < 12; i++)
            {
                int offset = Header + 8 + (int)(random.Next() % 700);
                disk.Octets[offset] = (byte)random.Next();
            }
            var memory = new MemoryDisk(disk.Octets);
            if (GuidPartitions.TryFindSystemPartition(Extent<MemoryBlocks>.Of(memory.Reader), out Extent<MemoryBlocks> found))
                Assert.InRange(found.Length, 512u, (ulong)disk.Octets.Length);
            Assert.InRange(memory.Reads, 1, 1 + (2 * GuidPartitions.EntryCountMax));
        }
    }

    private bool TryFind(out Extent<MemoryBlocks> partition) => GuidPartitions.TryFindSystemPartition(
        Extent<MemoryBlocks>.Of(new MemoryDisk(_disk.Octets).Reader), out partition);
}
