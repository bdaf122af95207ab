using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>Xen's include/public/arch-x86/hvm/start_info.h, version 1, as QEMU fills it in.</summary>
public sealed class PvhStartInfoTests
{
    private const int MemorySize = 0x1_0000;
    private const long Info = 0x6000;
    private const long CommandLine = 0x7000;
    private const long Map = 0x8000;
    private const uint Usable = 1;
    private const uint Reserved = 2;

    private readonly PhysicalMemory _memory = new(MemorySize);

    public PvhStartInfoTests()
    {
        _memory.Put32(Info, 0x336E_C578);
        _memory.Put32(Info + 4, 1);                     // version
        _memory.Put32(Info + 8, 0);                     // flags
        _memory.Put32(Info + 12, 0);                    // nr_modules
        _memory.Put64(Info + 16, 0);                    // modlist_paddr
        _memory.Put64(Info + 24, CommandLine);
        _memory.Put64(Info + 32, 0xF_5240);             // rsdp_paddr
        _memory.Put64(Info + 40, Map);
        _memory.Put32(Info + 48, 4);                    // memmap_entries
        _memory.Put(CommandLine, "ip=dhcp -m 64\0rubbish"u8);
        PutEntry(0, 0, 0x9_FC00, Usable);
        PutEntry(1, 0x9_FC00, 0x6_0400, Reserved);
        PutEntry(2, 0x10_0000, 0x7EE_0000, Usable);
        PutEntry(3, 0x1_0000_0000, 0x8000_0000, Usable);
    }

    [Fact]
    public void Tells_command_line_acpi_and_usable_memory()
    {
        PvhStartInfo info = Read();
        Assert.Equal(0xF_5240UL, info.RsdpAddress);
        byte[] text = new byte[100];
        Assert.Equal("ip=dhcp -m 64", Encoding.ASCII.GetString(text, 0, info.CopyCommandLine(text, out _)));
        var map = new MemoryMap(0x40_0000);
        Assert.True(info.TryReadMemoryMap(map));
        Assert.Equal(2, map.Count);
        Assert.Equal((0x40_0000UL, 0x7FE_0000UL), (map[0].Start, map[0].End));
        Assert.Equal((0x1_0000_0000UL, 0x1_8000_0000UL), (map[1].Start, map[1].End));
    }

    [Fact]
    public void Smbios_is_a_module_of_that_name()
    {
        Assert.Equal(0UL, Read().SmbiosAddress);
        _memory.Put32(Info + 12, 3);
        _memory.Put64(Info + 16, 0x9000);
        _memory.Put64(0x9000, 0x1234);                  // without a command line
        _memory.Put64(0x9020, 0x5678);
        _memory.Put64(0x9030, 0x9100);
        _memory.Put(0x9100, "smbiosx\0"u8);
        _memory.Put64(0x9040, 0xF_5000);
        _memory.Put64(0x9050, 0x9200);
        _memory.Put(0x9200, "smbios\0"u8);
        Assert.Equal(0xF_5000UL, Read().SmbiosAddress);
        _memory.Put64(0x9050, MemorySize - 6);          // the end is not there
        Assert.Equal(0UL, Read().SmbiosAddress);
        _memory.Put64(Info + 16, MemorySize - 31);
        Assert.Equal(0UL, Read().SmbiosAddress);
        _memory.Put64(Info + 16, ulong.MaxValue - 40);
        Assert.Equal(0UL, Read().SmbiosAddress);
    }

    [Theory]
    [InlineData(0u, 1u)]                                // no magic
    [InlineData(0x336E_C579u, 1u)]
    [InlineData(0x78C5_6E33u, 1u)]                      // the wrong byte order
    [InlineData(0x336E_C578u, 0u)]                      // before there was a memory map
    public void Refuses_another_magic_or_an_old_version(uint magic, uint version)
    {
        _memory.Put32(Info, magic);
        _memory.Put32(Info + 4, version);
        Assert.False(PvhStartInfo.TryRead(_memory.Region, (ulong)Info, out _));
    }

    [Fact]
    public void Accepts_a_later_version()
    {
        _memory.Put32(Info + 4, 2);
        _ = Read();
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData((ulong)MemorySize - 55)]
    [InlineData((ulong)MemorySize)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    public void Refuses_an_address_outside_of_memory(ulong address) =>
        Assert.False(PvhStartInfo.TryRead(_memory.Region, address, out _));

    [Fact]
    public void Accepts_the_last_place_there_is()
    {
        const long Last = MemorySize - 56;
        _memory.Put(Last, _memory.Region.Slice(Info, 56));
        Assert.True(PvhStartInfo.TryRead(_memory.Region, (ulong)Last, out PvhStartInfo info));
        Assert.Equal(0xF_5240UL, info.RsdpAddress);
    }

    /// <summary>Half a word might mean something else than the whole.</summary>
    [Theory]
    [InlineData(0, "")]
    [InlineData(6, "")]
    [InlineData(7, "ip=dhcp")]
    [InlineData(8, "ip=dhcp")]
    [InlineData(11, "ip=dhcp -m")]
    [InlineData(12, "ip=dhcp -m")]
    [InlineData(13, "ip=dhcp -m 64")]
    [InlineData(14, "ip=dhcp -m 64")]
    public void A_command_line_is_cut_between_words(int room, string expected)
    {
        byte[] text = new byte[room];
        int length = Read().CopyCommandLine(text, out bool isCut);
        Assert.Equal(expected, Encoding.ASCII.GetString(text, 0, length));
        Assert.Equal(room < 13, isCut);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData((ulong)MemorySize)]
    [InlineData(ulong.MaxValue)]
    public void A_command_line_outside_of_memory_is_empty(ulong address)
    {
        _memory.Put64(Info + 24, address);
        Assert.Equal(0, Read().CopyCommandLine(new byte[100], out _));
    }

    [Fact]
    public void A_command_line_without_end_stops_where_memory_does()
    {
        _memory.Region.Slice(MemorySize - 8, 8).Fill((byte)'x');
        _memory.Put64(Info + 24, MemorySize - 8);
        Assert.Equal(8, Read().CopyCommandLine(new byte[100], out _));
    }

    /// <summary>What cannot be read might say that something is not usable.</summary>
    [Theory]
    [InlineData(0UL, 4u)]
    [InlineData((ulong)MemorySize, 4u)]
    [InlineData((ulong)MemorySize - 95, 4u)]
    [InlineData(ulong.MaxValue - 30, 4u)]
    [InlineData(ulong.MaxValue, 1u)]
    [InlineData((ulong)Map, 4097u)]
    [InlineData((ulong)Map, uint.MaxValue)]
    public void A_map_that_cannot_be_read_to_its_end_is_refused(ulong address, uint count)
    {
        _memory.Put64(Info + 40, address);
        _memory.Put32(Info + 48, count);
        var map = new MemoryMap(0x10_0000);
        Assert.False(Read().TryReadMemoryMap(map));
        Assert.Equal(0, map.Count);
    }

    [Fact]
    public void A_map_that_ends_with_memory_is_read()
    {
        const ulong Last = MemorySize - 96;
        _memory.Put((long)Last, _memory.Region.Slice(Map, 96));
        _memory.Put64(Info + 40, Last);
        var map = new MemoryMap(0x10_0000);
        Assert.True(Read().TryReadMemoryMap(map));
        Assert.Equal(2, map.Count);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(3u, 1)]
    [InlineData(1000u, 2)]                              // what follows the entries here is zero: no usable RAM
    public void A_map_has_as_many_entries_as_the_loader_says(uint count, int expected)
    {
        _memory.Put32(Info + 48, count);
        var map = new MemoryMap(0x10_0000);
        Assert.True(Read().TryReadMemoryMap(map));
        Assert.Equal(expected, map.Count);
    }

    /// <summary>The last of a thousand entries may take away what the first one gave.</summary>
    [Fact]
    public void Thousands_of_entries_are_all_read()
    {
        const int Entries = 1000;
        for (int i = 0; i < Entries - 2; i++) PutEntry(i, 0x1_0000_0000 + ((ulong)i << 20), 0x1000, Usable);
        PutEntry(Entries - 2, 0x10_0000, 0x800_0000, Usable);
        PutEntry(Entries - 1, 0x400_0000, 0x1000, Reserved);
        _memory.Put32(Info + 48, Entries);
        var map = new MemoryMap(0x20_0000);
        Assert.True(Read().TryReadMemoryMap(map));
        Assert.Equal(MemoryMap.Capacity, map.Count);
        Assert.InRange(map.DroppedCount, Entries - MemoryMap.Capacity - 2, Entries);
        Assert.Equal((0x20_0000UL, 0x400_0000UL), (map[0].Start, map[0].End));
        Assert.Equal((0x400_1000UL, 0x810_0000UL), (map[1].Start, map[1].End));
    }

    [Fact]
    public void Random_bytes_are_read_without_a_fault()
    {
        var random = new Prng(1);
        for (int round = 0; round < 2000; round++)
        {
            random.Fill(_memory.Region.Slice(Info + 8, 48));
            // Half of the addresses lie in memory, or nearly.
            if (random.Chance(1, 2)) _memory.Put64(Info + 24, random.Below(MemorySize + 100));
            if (random.Chance(1, 2)) _memory.Put64(Info + 40, random.Below(MemorySize + 100));
            random.Fill(_memory.Region.Slice(Map, 24 * 8));
            PvhStartInfo info = Read();
            Assert.InRange(info.CopyCommandLine(new byte[64], out _), 0, 64);
            var map = new MemoryMap(0x10_0000);
            _ = info.TryReadMemoryMap(map);
            for (int i = 0; i < map.Count; i++) Assert.True(map[i].Start < map[i].End);
        }
    }

    private PvhStartInfo Read()
    {
        Assert.True(PvhStartInfo.TryRead(_memory.Region, (ulong)Info, out PvhStartInfo info));
        return info;
    }

    private void PutEntry(int index, ulong start, ulong length, uint type)
    {
        long place = Map + (index * 24);
        _memory.Put64(place, start);
        _memory.Put64(place + 8, length);
        _memory.Put32(place + 16, type);
        _memory.Put32(place + 20, 0);
    }
}
