using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot.Smbios;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class SmbiosTests
{
    private static readonly byte[] s_nova = SmbiosImage.System(1, 2, "OpenStack Foundation", "OpenStack Nova");

    [Fact]
    public void The_32_bit_entry_point_leads_to_the_system() =>
        Expect(Image().With32BitEntry(), "OpenStack Foundation", "OpenStack Nova");

    [Fact]
    public void The_64_bit_entry_point_leads_to_the_system() =>
        Expect(Image().With64BitEntry(), "OpenStack Foundation", "OpenStack Nova");

    [Theory]
    [InlineData(0xF_0000)]
    [InlineData(0xF_FFC0)]
    public void It_is_found_at_every_paragraph_of_firmwares_segment(long place) =>
        Expect(Image().With32BitEntry(place), "OpenStack Foundation", "OpenStack Nova");

    [Theory]
    [InlineData(0xE_FFF0)]
    [InlineData(0xF_0008)]
    [InlineData(0x10_0000)]
    public void It_is_found_nowhere_else(long place) => Expect(Image().With32BitEntry(place), "", "");

    /// <summary>One that leads nowhere does not hide one that leads to the table.</summary>
    [Fact]
    public void The_first_that_leads_to_a_table_is_the_one() => Expect(
        Image().With64BitEntry(0xF_0010, table: ulong.MaxValue).With32BitEntry(), "OpenStack Foundation", "OpenStack Nova");

    [Fact]
    public void Without_an_entry_point_nothing_is_said() => Expect(Image(), "", "");

    [Fact]
    public void A_damaged_32_bit_entry_point_is_none() => EveryDamage(Image().With32BitEntry(), 31);

    [Fact]
    public void A_damaged_64_bit_entry_point_is_none() => EveryDamage(Image().With64BitEntry(), 24);

    public static TheoryData<string, byte[], string, string> Tables() => new()
    {
        { "strings in another order", SmbiosImage.System(2, 1, "b", "a"), "a", "b" },
        { "the same string twice", SmbiosImage.System(1, 1, "a"), "a", "a" },
        { "no strings", SmbiosImage.System(0, 0), "", "" },
        { "no product", SmbiosImage.System(1, 0, "a"), "a", "" },
        { "numbers beyond the strings", SmbiosImage.System(3, 255, "a", "b"), "", "" },
        { "a string of 64 bytes", SmbiosImage.System(1, 0, new string('a', 64)), new string('a', 64), "" },
        { "a longer string is cut", SmbiosImage.System(1, 0, new string('a', 65)), new string('a', 64), "" },
        { "no text at all", SmbiosImage.Structure(1, [], "a", "b"), "", "" },
        { "manufacturer only", SmbiosImage.Structure(1, [1], "a", "b"), "a", "" },
        { "two systems", [.. SmbiosImage.System(1, 0, "a"), .. SmbiosImage.System(1, 0, "b")], "a", "" },
        { "system behind the end", [.. SmbiosImage.End(), .. SmbiosImage.System(1, 0, "a")], "", "" },
        { "structure shorter than its header", [2, 3, 0, 0, 0, 0, .. SmbiosImage.System(1, 0, "a")], "", "" },
        { "structure of length 0", [2, 0, 0, 0, 0, 0, .. SmbiosImage.System(1, 0, "a")], "", "" },
        { "structure longer than the table", [1, 255, 0, 0, 1, 2, 0, 0], "", "" },
        { "no more than a header", [1, 4, 0, 0], "", "" },
        { "less than a header", [1, 4], "", "" },
        { "nothing", [], "", "" },
        { "zeros", new byte[64], "", "" },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_is_read_as_far_as_it_makes_sense(string name, byte[] table, string manufacturer, string product)
    {
        _ = name;
        Expect(new SmbiosImage(table).With32BitEntry(), manufacturer, product);
        Expect(new SmbiosImage(table).With64BitEntry(), manufacturer, product);
        Expect(new SmbiosImage(SmbiosImage.Bios(), table, SmbiosImage.End()).With32BitEntry(), manufacturer, product);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x12_0000UL)]
    [InlineData(0x1_0000_0000UL)]
    [InlineData(ulong.MaxValue)]
    public void A_table_outside_of_memory_is_none(ulong address) => Expect(Image().With64BitEntry(table: address), "", "");

    /// <summary>The length is the most that it may be: what is beyond the memory is not read.</summary>
    [Fact]
    public void A_table_at_the_end_of_memory_ends_there()
    {
        SmbiosImage image = Image();
        long place = image.Memory.Region.Length - s_nova.Length;
        image.Memory.Put(place, s_nova);
        Expect(image.With64BitEntry(table: (ulong)place, length: uint.MaxValue), "OpenStack Foundation", "OpenStack Nova");
    }

    [Fact]
    public void A_table_cut_short_says_nothing_that_is_not_there()
    {
        SmbiosImage image = Image();
        int end = SmbiosImage.Bios().Length + s_nova.Length;
        for (int length = 0; length < end; length++) Expect(image.With32BitEntry(length: length), "", "");
        Expect(image.With32BitEntry(length: end), "OpenStack Foundation", "OpenStack Nova");
    }

    [Fact]
    public void Memory_smaller_than_firmwares_segment_has_none()
    {
        var identity = new SystemIdentity(new PhysicalMemory(0xF_0000).Region, 0);
        Assert.Equal(0, identity.Manufacturer.Length);
    }

    [Theory]
    [InlineData(0UL, "")]                               // not where it is searched for
    [InlineData(0x2_0010UL, "OpenStack Foundation")]
    [InlineData(0x2_0018UL, "")]                        // no entry point there
    [InlineData(0x11_FFE0UL, "")]                        // it would end behind the memory
    [InlineData(ulong.MaxValue, "")]
    public void The_loader_may_say_where_it_is(ulong hint, string manufacturer)
    {
        PhysicalMemory memory = Image().With32BitEntry(place: 0x2_0010).Memory;
        Assert.Equal(manufacturer, Encoding.Latin1.GetString(new SystemIdentity(memory.Region, hint).Manufacturer));
    }

    /// <summary>Rubbish in the table never leads outside of it: the region would say so.</summary>
    [Fact]
    public void Any_table_can_be_read()
    {
        var random = new Prng(134);
        SmbiosImage image = Image();
        byte[] table = [.. SmbiosImage.Bios(), .. s_nova, .. SmbiosImage.End()];
        for (int round = 0; round < 20_000; round++)
        {
            byte[] octets = [.. table];
            for (int change = (int)random.Below(6); change >= 0; change--)
                octets[random.Below((uint)octets.Length)] = (byte)random.Next();
            image.Memory.Put(SmbiosImage.Table, octets);
            _ = image.With32BitEntry(length: (int)random.Below((uint)octets.Length + 100));
            var identity = new SystemIdentity(image.Memory.Region, 0);
            Assert.InRange(identity.Manufacturer.Length, 0, SystemIdentity.TextLengthMax);
            Assert.False(identity.ProductName.Contains((byte)0));
        }
    }

    private static SmbiosImage Image() => new(SmbiosImage.Bios(), s_nova, SmbiosImage.End());

    private static void EveryDamage(SmbiosImage image, int length)
    {
        for (int i = 0; i < length; i++)
        {
            Span<byte> octet = image.Memory.Region.Slice(SmbiosImage.Entry + i, 1);
            octet[0]++;
            Expect(image, "", "");
            octet[0]--;
        }
        Expect(image, "OpenStack Foundation", "OpenStack Nova");
    }

    private static void Expect(SmbiosImage image, string manufacturer, string productName)
    {
        var identity = new SystemIdentity(image.Memory.Region, 0);
        Assert.Equal(manufacturer, Encoding.Latin1.GetString(identity.Manufacturer));
        Assert.Equal(productName, Encoding.Latin1.GetString(identity.ProductName));
    }
}
