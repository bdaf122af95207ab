using System;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Loader.Bios;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader.Bios;

public sealed class BiosDiskWindowsTests
{
    private const int SectorCount = 2000;

    private readonly BiosModel _bios;
    private readonly BiosDiskWindows<ModelBios> _windows;

    public BiosDiskWindowsTests()
    {
        byte[] disk = new byte[SectorCount * 512];
        new Prng(1).Fill(disk);
        _bios = new BiosModel(disk);
        _windows = new BiosDiskWindows<ModelBios>(new ModelBios(_bios), BiosModel.Drive);
    }

    [Fact]
    public void Every_sector_has_its_bytes_in_any_order()
    {
        Assert.True(_windows.TryStart());
        var random = new Prng(2);
        for (int i = 0; i < 20_000; i++)
        {
            int sector = (int)(random.Next() % SectorCount);
            Assert.True(_windows.TryRead((ulong)sector, out ReadOnlySpan<byte> octets));
            if (!octets.SequenceEqual(_bios.Disk.AsSpan(sector * 512, 512))) Assert.Fail($"sector {sector}");
        }
    }

    [Fact]
    public void A_file_beside_its_allocation_table_takes_a_call_for_127_sectors()
    {
        Assert.True(_windows.TryStart());
        for (ulong i = 0; i < 1270; i++)
        {
            Assert.True(_windows.TryRead(500 + i, out _));
            Assert.True(_windows.TryRead(10 + (i / 256), out _));
        }
        Assert.Equal(11, _bios.Reads.Count);
        Assert.Equal(11, _windows.CallCount);
        Assert.All(_bios.Reads, read => Assert.Equal(127, read.Count));
    }

    [Fact]
    public void The_last_window_ends_with_the_disk()
    {
        Assert.True(_windows.TryStart());
        Assert.True(_windows.TryRead(SectorCount - 1, out ReadOnlySpan<byte> octets));
        Assert.True(octets.SequenceEqual(_bios.Disk.AsSpan((SectorCount - 1) * 512)));
        Assert.Equal((SectorCount - 1ul, 1), Assert.Single(_bios.Reads));
        Assert.False(_windows.TryRead(SectorCount, out _));
        Assert.False(_windows.TryRead(ulong.MaxValue, out _));
        _ = Assert.Single(_bios.Reads);
    }

    [Fact]
    public void A_read_that_fails_is_tried_again_after_a_reset()
    {
        Assert.True(_windows.TryStart());
        _bios.FailuresPerRead = 3;
        Assert.True(_windows.TryRead(0, out _));
        Assert.Equal(3, _bios.Resets);
        Assert.Equal((0ul, 127), Assert.Single(_bios.Reads));
    }

    [Fact]
    public void A_sector_before_a_bad_one_is_read_alone()
    {
        Assert.True(_windows.TryStart());
        _ = _bios.BadSectors.Add(105);
        for (ulong sector = 100; sector < 110; sector++)
        {
            bool isRead = _windows.TryRead(sector, out ReadOnlySpan<byte> octets);
            Assert.Equal(sector != 105, isRead);
            if (isRead) Assert.True(octets.SequenceEqual(_bios.Disk.AsSpan((int)sector * 512, 512)));
        }
    }

    /// <summary>A window that could not be filled is empty, and not what it was.</summary>
    [Fact]
    public void What_could_not_be_read_is_not_lent_later()
    {
        Assert.True(_windows.TryStart());
        foreach (int first in Enumerable.Range(0, BiosMemory.WindowCount)) Assert.True(_windows.TryRead((ulong)first * 200, out _));
        for (ulong sector = 1000; sector < 1127; sector++) _ = _bios.BadSectors.Add(sector);
        Assert.False(_windows.TryRead(1000, out _));
        Assert.True(_windows.TryRead(0, out ReadOnlySpan<byte> octets));
        Assert.True(octets.SequenceEqual(_bios.Disk.AsSpan(0, 512)));
    }

    [Theory]
    [InlineData(false, 512)]
    [InlineData(true, 4096)]
    [InlineData(true, 0)]
    public void Other_disks_are_refused(bool hasParameters, int sectorSize)
    {
        _bios.HasParameters = hasParameters;
        _bios.SectorSize = (ushort)sectorSize;
        Assert.False(_windows.TryStart());
    }

    [Fact]
    public void A_disk_that_says_it_is_larger_than_it_is_cannot_be_read_there()
    {
        _bios.SectorCount = ulong.MaxValue / 512;
        Assert.True(_windows.TryStart());
        Assert.False(_windows.TryRead(SectorCount, out _));
        Assert.True(_windows.TryRead(SectorCount - 1, out _));
    }
}
