using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Loader;
using Memcachier.Kernel.Loader.Bios;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader.Bios;

public sealed class E820MapTests
{
    private const ulong Mebibyte = BiosModel.Mebibyte;

    private readonly BiosModel _bios = new([]);

    [Fact]
    public void Every_range_reaches_the_kernel_as_it_is()
    {
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal(_bios.Map.Select(range => (range.Start, range.Length, range.Type)), ranges);
        Assert.Equal(_bios.Map.Count, _bios.MapCalls);
    }

    /// <summary>The kernel's reader of the start info and the loader's writer agree.</summary>
    [Fact]
    public void The_kernel_reads_what_was_written()
    {
        Assert.True(TryRead(out _));
        Assert.True(PvhStartInfo.TryRead(_bios.Memory, BiosMemory.StartInfo, out PvhStartInfo info));
        var map = new MemoryMap(1 << 20);
        Assert.True(info.TryReadMemoryMap(map));
        Assert.Equal(1, map.Count);
        Assert.Equal((Mebibyte, (128 * Mebibyte) - (128 * BiosModel.Kibibyte)), (map[0].Start, map[0].End));
    }

    [Fact]
    public void A_list_may_end_by_the_carry_flag()
    {
        _bios.MapEndsByCarry = true;
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal(_bios.Map.Count, ranges.Count);
    }

    [Fact]
    public void A_list_without_end_is_left_after_128_calls()
    {
        _bios.MapIsEndless = true;
        Assert.True(TryRead(out _));
        Assert.Equal(128, _bios.MapCalls);
    }

    [Fact]
    public void Entries_of_20_bytes_have_no_attributes()
    {
        _bios.MapEntryLength = 20;
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal(_bios.Map.Count, ranges.Count);
    }

    [Fact]
    public void Attributes_that_the_firmware_says_it_wrote_but_did_not_are_good_ones()
    {
        _bios.MapHasAttributes = false;
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal(_bios.Map.Count, ranges.Count);
    }

    [Fact]
    public void Entries_shorter_than_20_bytes_say_nothing()
    {
        _bios.MapEntryLength = 16;
        Assert.False(TryRead(out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(8u)]
    [InlineData(uint.MaxValue)]
    public void A_type_that_nobody_knows_is_reserved(uint type)
    {
        _bios.Map.Add((256 * Mebibyte, Mebibyte, type, 1));
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal((256 * Mebibyte, Mebibyte, 2u), ranges[^1]);
    }

    [Fact]
    public void Empty_ranges_and_disabled_ones_are_left_out()
    {
        _bios.Map.Insert(0, (0, 0, 0, 0));
        _bios.Map.Insert(2, (512 * Mebibyte, Mebibyte, 1, 0));
        _bios.Map.Add((64 * Mebibyte, 0, 1, 1));
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal(_bios.Map.Count - 3, ranges.Count);
        Assert.DoesNotContain(ranges, range => range.Item1 == 512 * Mebibyte || range.Item2 == 0);
    }

    [Fact]
    public void A_range_that_wraps_ends_at_the_last_address()
    {
        _bios.Map.Add((ulong.MaxValue - 4096, ulong.MaxValue, 1, 1));
        Assert.True(TryRead(out List<(ulong, ulong, uint)> ranges));
        Assert.Equal((ulong.MaxValue - 4096, 4096ul, 1u), ranges[^1]);
    }

    [Fact]
    public void Without_the_function_there_is_no_map()
    {
        _bios.HasMap = false;
        Assert.False(TryRead(out _));
        Assert.Equal(1, _bios.MapCalls);
    }

    [Fact]
    public void A_map_of_nothing_is_none()
    {
        _bios.Map.Clear();
        _bios.Map.Add((0, 0, 1, 1));
        Assert.False(TryRead(out _));
    }

    private bool TryRead(out List<(ulong, ulong, uint)> ranges)
    {
        var info = new StartInfoBuilder(
            _bios.Memory.Slice(BiosMemory.StartInfo, StartInfoBuilder.RoomLength), BiosMemory.StartInfo);
        bool isRead = E820Map.TryRead(new ModelBios(_bios), ref info);
        info.Finish(rsdp: 0, smbios: 0);
        ranges = StartInfo.Ranges(_bios.Memory);
        return isRead;
    }
}
