using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Loader;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader;

/// <summary>Judged by the kernel's own reader.</summary>
public sealed class StartInfoBuilderTests
{
    private const int Address = 0x1_0000;
    private const ulong Mebibyte = 1 << 20;
    private const uint UefiConventional = 7, UefiNvs = 10;

    private readonly Region _memory = HostMemory.Allocate(Address + StartInfoBuilder.RoomLength);

    [Fact]
    public void The_kernel_reads_what_was_written()
    {
        StartInfoBuilder builder = Start();
        "-m 64 ip=dhcp"u8.CopyTo(builder.CommandLine);
        Assert.True(builder.TryAddRange(0, 0x9_F000, MemoryType.Ram));
        Assert.True(builder.TryAddRange(Mebibyte, 255 * Mebibyte, MemoryType.Ram));
        Assert.True(builder.TryAddRange(8 * Mebibyte, Mebibyte, MemoryType.AcpiNvs));
        builder.Finish(0xE_0000, 0xF_5000);

        PvhStartInfo info = Read();
        byte[] line = new byte[100];
        Assert.Equal("-m 64 ip=dhcp", Encoding.ASCII.GetString(line, 0, info.CopyCommandLine(line, out _)));
        Assert.Equal((0xE_0000UL, 0xF_5000UL), (info.RsdpAddress, info.SmbiosAddress));
        Assert.Equal([(2 * Mebibyte, 8 * Mebibyte), (9 * Mebibyte, 256 * Mebibyte)], Ranges(info));
    }

    [Fact]
    public void A_line_as_long_as_can_be_has_its_end()
    {
        StartInfoBuilder builder = Start();
        builder.CommandLine.Fill((byte)'w');
        Assert.True(builder.TryAddRange(0, 64 * Mebibyte, MemoryType.Ram));
        builder.Finish(0, 0);
        Assert.Equal(4095, Read().CopyCommandLine(new byte[8192], out _));
    }

    [Fact]
    public void Ranges_that_go_on_are_joined_and_others_are_counted()
    {
        StartInfoBuilder builder = Start();
        for (ulong i = 0; i < 5000; i++) Assert.True(builder.TryAddRange(i * 4096, 4096, MemoryType.Ram));
        Assert.True(builder.TryAddRange(5000 * 4096, 0, MemoryType.Reserved));
        for (ulong i = 1; i < StartInfoBuilder.RangeCountMax; i++)
        {
            Assert.True(builder.TryAddRange((5000 + (2 * i)) * 4096, 4096, MemoryType.Ram));
        }
        Assert.False(builder.TryAddRange(1UL << 40, 4096, MemoryType.Ram));
        builder.ClearRanges();
        Assert.True(builder.TryAddRange(2 * Mebibyte, Mebibyte, MemoryType.Ram));
        builder.Finish(0, 0);
        Assert.Equal([(2 * Mebibyte, 3 * Mebibyte)], Ranges(Read()));
    }

    [Theory]
    [InlineData(1, 4, true)]
    [InlineData(0, 4, false)]                       // begins before
    [InlineData(1, 9, true)]                        // over ranges that were told apart, in the wrong order
    [InlineData(1, 10, false)]                      // ends in NVS
    [InlineData(11, 20, false)]                     // what is RAM, too, is not
    [InlineData(30, 40, false)]                     // nobody's
    [InlineData(20, 21, true)]
    public void Whether_a_part_is_memory(ulong start, ulong end, bool expected)
    {
        StartInfoBuilder builder = Start();
        _ = builder.TryAddRange(6 * Mebibyte, 3 * Mebibyte, MemoryType.Ram);
        _ = builder.TryAddRange(1 * Mebibyte, 5 * Mebibyte, MemoryType.Ram);
        _ = builder.TryAddRange(9 * Mebibyte, 1 * Mebibyte, MemoryType.AcpiNvs);
        _ = builder.TryAddRange(10 * Mebibyte, 20 * Mebibyte, MemoryType.Ram);
        _ = builder.TryAddRange(15 * Mebibyte, 1, MemoryType.Reserved);
        _ = builder.TryAddRange(60 * Mebibyte, ulong.MaxValue, MemoryType.Ram);
        Assert.Equal(expected, builder.IsRam(start * Mebibyte, end * Mebibyte));
    }

    [Fact]
    public void Of_UEFIs_map_boot_services_memory_is_free()
    {
        byte[] map =
        [
            .. Descriptor(3, 0, 0xA0), .. Descriptor(UefiConventional, 0x10_0000, 0x706),
            .. Descriptor(UefiNvs, 0x80_6000, 0x10), .. Descriptor(4, 0x81_6000, 0xEA),
            .. Descriptor(2, 0x90_0000, 0x100), .. Descriptor(9, 0xA0_0000, 0x10), .. Descriptor(1, 0xA1_0000, 0x10),
            .. Descriptor(11, 0xFEC0_0000, 1), .. new byte[47],
        ];
        StartInfoBuilder builder = Start();
        Assert.True(UefiMemoryMap.TryAdd(map, 48, ref builder));
        builder.Finish(0, 0);
        Assert.Equal([(0x20_0000UL, 0x80_6000UL), (0x81_6000UL, 0xA0_0000UL), (0xA1_0000UL, 0xA2_0000UL)], Ranges(Read()));
    }

    [Fact]
    public void Of_a_hostile_map_nothing_is_used_that_is_not_memory_alone()
    {
        byte[] map =
        [
            .. Descriptor(UefiConventional, 0x20_0000, ulong.MaxValue),          // all there is and more
            .. Descriptor(UefiConventional, 0xFFFF_FFFF_FFFF_F000, 2),
            .. Descriptor(UefiConventional, 0x100_0123, 0x100),                  // not at a page's start
            .. Descriptor(UefiNvs, 0x108_0000, 1),                               // in the midst of that
            .. Descriptor(uint.MaxValue, 0x10C_0000, 1),
        ];
        StartInfoBuilder builder = Start();
        Assert.True(UefiMemoryMap.TryAdd(map, 48, ref builder));
        builder.Finish(0, 0);
        Assert.Empty(Ranges(Read()));
        builder = Start();
        Assert.True(UefiMemoryMap.TryAdd(map.AsSpan(48), 48, ref builder));
        builder.Finish(0, 0);
        Assert.Equal([(0x100_1000UL, 0x108_0000UL), (0x108_1000UL, 0x10C_0000UL), (0x10C_1000UL, 0x110_0000UL)], Ranges(Read()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    public void Descriptors_that_are_too_short_are_none(int length)
    {
        StartInfoBuilder builder = Start();
        Assert.False(UefiMemoryMap.TryAdd(new byte[4096], length, ref builder));
    }

    [Fact]
    public void A_map_of_too_many_pieces_is_refused()
    {
        var map = new List<byte>();
        for (ulong i = 0; i <= StartInfoBuilder.RangeCountMax; i++) map.AddRange(Descriptor(UefiConventional, i * 0x2000, 1));
        StartInfoBuilder builder = Start();
        Assert.False(UefiMemoryMap.TryAdd(map.ToArray(), 48, ref builder));
    }

    private static byte[] Descriptor(uint type, ulong start, ulong pages)
    {
        byte[] descriptor = new byte[48];
        BitConverter.GetBytes(type).CopyTo(descriptor, 0);
        BitConverter.GetBytes(start).CopyTo(descriptor, 8);
        BitConverter.GetBytes(pages).CopyTo(descriptor, 24);
        return descriptor;
    }

    private static List<(ulong, ulong)> Ranges(PvhStartInfo info)
    {
        var map = new MemoryMap(2 * Mebibyte);
        Assert.True(info.TryReadMemoryMap(map));
        var ranges = new List<(ulong, ulong)>();
        for (int i = 0; i < map.Count; i++) ranges.Add((map[i].Start, map[i].End));
        return ranges;
    }

    private StartInfoBuilder Start() => new(_memory.Slice(Address, StartInfoBuilder.RoomLength), Address);

    private PvhStartInfo Read()
    {
        Assert.True(PvhStartInfo.TryRead(_memory, Address, out PvhStartInfo info));
        return info;
    }
}
