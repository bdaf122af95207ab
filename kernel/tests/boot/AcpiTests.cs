using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot.Acpi;
using Memcachier.Kernel.Drivers.Pci;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class AcpiTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Finds_tables_by_signature(byte revision)
    {
        var image = new AcpiImage(revision);
        _ = image.Add("SSDT", [1, 2, 3]);
        _ = image.Add("APIC", [4, 5]);
        _ = image.Add("SSDT", [6]);
        AcpiTables tables = image.Find();
        Assert.True(tables.TryGetTable("APIC"u8, out ReadOnlySpan<byte> apic));
        Assert.Equal(38, apic.Length);
        Assert.Equal([4, 5], apic[36..].ToArray());
        // The first of several is the one.
        Assert.True(tables.TryGetTable("SSDT"u8, out ReadOnlySpan<byte> ssdt));
        Assert.Equal([1, 2, 3], ssdt[36..].ToArray());
        Assert.False(tables.TryGetTable("HPET"u8, out ReadOnlySpan<byte> none));
        Assert.Equal(0, none.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Looks_for_the_root_pointer_where_firmware_puts_it(byte revision)
    {
        var image = new AcpiImage(revision);
        _ = image.Add("APIC", []);
        Assert.True(AcpiTables.TryFind(image.Memory.Region, 0, out AcpiTables tables));
        Assert.True(tables.TryGetTable("APIC"u8, out _));
        // §5.2.5.1: on a 16-byte boundary, from 0xE0000 on.
        foreach (long elsewhere in (long[])[0xD_FFF0, 0xE_0008])
        {
            var moved = new PhysicalMemory(0x12_0000);
            moved.Put(elsewhere, image.Memory.Region.Slice(AcpiImage.Rsdp, 36));
            Assert.False(AcpiTables.TryFind(moved.Region, 0, out _));
        }
        foreach (long place in (long[])[0xE_0000, 0xF_FFF0])
        {
            var moved = new PhysicalMemory(0x12_0000);
            moved.Put(place, image.Memory.Region.Slice(AcpiImage.Rsdp, 36));
            Assert.True(AcpiTables.TryFind(moved.Region, 0, out _));
        }
    }

    [Fact]
    public void An_extended_pointer_without_xsdt_leads_to_the_rsdt()
    {
        var image = new AcpiImage(0);
        _ = image.Add("APIC", []);
        Span<byte> pointer = image.Memory.Region.Slice(AcpiImage.Rsdp, 36);
        pointer[15] = 2;
        AcpiImage.Balance(pointer[..20], 8);
        Assert.True(image.Find().TryGetTable("APIC"u8, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_damaged_root_pointer_is_none(byte revision)
    {
        var image = new AcpiImage(revision);
        for (int i = 0; i < 20; i++)
        {
            image.Memory.Region.Slice(AcpiImage.Rsdp + i, 1)[0]++;
            Assert.False(AcpiTables.TryFind(image.Memory.Region, (ulong)AcpiImage.Rsdp, out _));
            Assert.False(AcpiTables.TryFind(image.Memory.Region, 0, out _));
            image.Memory.Region.Slice(AcpiImage.Rsdp + i, 1)[0]--;
        }
        Assert.True(AcpiTables.TryFind(image.Memory.Region, 0, out _));
    }

    [Theory]
    [InlineData(0x12_0000UL)]
    [InlineData(0x12_0000UL - 35)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    [InlineData(8UL)]
    public void A_root_pointer_elsewhere_is_none(ulong address) =>
        Assert.False(AcpiTables.TryFind(new AcpiImage(2).Memory.Region, address, out _));

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x12_0000UL)]
    [InlineData(0x12_0000UL - 35)]
    [InlineData(1UL << 32)]
    [InlineData((1UL << 63) - 1)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void An_entry_that_leads_nowhere_is_passed_over(ulong address)
    {
        var image = new AcpiImage(2);
        image.AddEntry(address);
        _ = image.Add("APIC", []);
        Assert.True(image.Find().TryGetTable("APIC"u8, out _));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(35u)]                                   // shorter than its header
    [InlineData(38u)]                                   // the bytes do not add up
    [InlineData(0x2_0001u)]                             // more than any table has
    [InlineData(0x1_F000u)]                             // beyond the end of memory
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void A_table_that_lies_about_its_length_is_passed_over(uint length)
    {
        var image = new AcpiImage(2);
        long address = image.Add("APIC", [7]);
        image.Memory.Region.Slice(address + 37, 1)[0] = 1;
        image.Memory.Put32(address + 4, length);
        Assert.False(image.Find().TryGetTable("APIC"u8, out _));
        _ = image.Add("APIC", [8]);
        Assert.True(image.Find().TryGetTable("APIC"u8, out ReadOnlySpan<byte> table));
        Assert.Equal(8, table[36]);
    }

    /// <summary>Each of a thousand entries may cost a look, but none of them a sum over what is not asked for.</summary>
    [Theory]
    [InlineData(1023, true)]
    [InlineData(1024, false)]
    public void A_list_is_read_as_far_as_any_would_go(int others, bool isFound)
    {
        var image = new AcpiImage(2);
        long other = image.Add("SSDT", new byte[1000]);
        for (int i = 1; i < others; i++) image.AddEntry((ulong)other);
        _ = image.Add("APIC", [7]);
        Assert.Equal(isFound, image.Find().TryGetTable("APIC"u8, out _));
    }

    [Fact]
    public void A_table_with_a_wrong_checksum_is_passed_over()
    {
        var image = new AcpiImage(2);
        long address = image.Add("APIC", [7, 7, 7]);
        for (int i = 0; i < 39; i++)
        {
            image.Memory.Region.Slice(address + i, 1)[0] ^= 0x10;
            Assert.False(image.Find().TryGetTable("APIC"u8, out _));
            image.Memory.Region.Slice(address + i, 1)[0] ^= 0x10;
        }
        // The same for the list itself: then there is no table at all.
        image.Memory.Region.Slice(AcpiImage.Root + 9, 1)[0]++;
        Assert.False(image.Find().TryGetTable("APIC"u8, out _));
    }

    [Fact]
    public void A_list_with_half_an_entry_at_its_end_is_read_up_to_there()
    {
        var image = new AcpiImage(2);
        _ = image.Add("APIC", []);
        image.Memory.Put32(AcpiImage.Root + 4, image.Memory.Get32(AcpiImage.Root + 4) + 7);
        AcpiImage.Balance(image.Memory.Region.Slice(AcpiImage.Root, 36 + 8 + 7), 9);
        Assert.True(image.Find().TryGetTable("APIC"u8, out _));
        Assert.False(image.Find().TryGetTable("HPET"u8, out _));
    }

    /// <summary>The offsets of ACPI 6.5 table 5.9.</summary>
    [Theory]
    [InlineData(0x608u, 0u, 0x608, 24)]                             // q35, pc
    [InlineData(0xB008u, 1u << 8, 0xB008, 32)]
    [InlineData(0u, 1u << 20, 0, 24)]                               // hardware-reduced: microvm
    [InlineData(0x1_0608u, 0u, 0, 24)]                              // no port has such a number
    public void The_fixed_table_tells_the_timer_s_port(uint timer, uint flags, int timerPort, int timerBits)
    {
        byte[] body = new byte[208];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(76 - 36), timer);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(112 - 36), flags);
        var image = new AcpiImage(2);
        _ = image.Add("FACP", body);
        AcpiTables tables = image.Find();
        Assert.True(FixedTable.TryFind(in tables, out FixedTable fadt));
        Assert.Equal(timerPort, fadt.PmTimerPort);
        Assert.Equal(timerBits, fadt.PmTimerBits);
    }

    [Theory]
    [InlineData(0x600u, 4, 0x0000_00A5u, 0x600)]        // QEMU's q35
    [InlineData(0x600u, 4, 0x0000_00B5u, 0)]            // the button is a device of its own
    [InlineData(0x600u, 4, 0x0010_00A5u, 0)]            // hardware-reduced
    [InlineData(0x600u, 2, 0x0000_00A5u, 0)]
    [InlineData(0u, 4, 0x0000_00A5u, 0)]
    [InlineData(0x1_0000u, 4, 0x0000_00A5u, 0)]
    public void The_fixed_table_says_where_the_power_button_is(uint port, byte length, uint flags, int expected)
    {
        byte[] body = new byte[80];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(56 - 36), port);
        body[88 - 36] = length;
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(112 - 36), flags);
        var image = new AcpiImage(0);
        _ = image.Add("FACP", body);
        AcpiTables tables = image.Find();
        Assert.True(FixedTable.TryFind(in tables, out FixedTable fadt));
        Assert.Equal(expected, fadt.PowerButtonPort);
    }

    [Theory]
    [InlineData(79, false)]
    [InlineData(80, true)]                              // ACPI 1.0's table ends after the flags
    public void A_fixed_table_without_all_of_it_is_none(int bodyLength, bool isFound)
    {
        var image = new AcpiImage(0);
        _ = image.Add("FACP", new byte[bodyLength]);
        AcpiTables tables = image.Find();
        Assert.Equal(isFound, FixedTable.TryFind(in tables, out _));
    }

    [Fact]
    public void The_pci_table_tells_each_range_of_buses()
    {
        var image = new AcpiImage(2);
        _ = image.Add("MCFG",
        [
            0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0,
            0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0x10, 0x1F, 0, 0, 0, 0,
            9, 9, 9, 9, 9, 9, 9,                        // half an entry
        ]);
        AcpiTables tables = image.Find();
        var ranges = new EcamRange[4];
        Assert.Equal(2, EcamTable.Read(in tables, ranges));
        Assert.Equal((0xB000_0000UL, (ushort)0, (byte)0, (byte)255), Parts(ranges[0]));
        Assert.Equal((0x1_0000_0000UL, (ushort)3, (byte)16, (byte)31), Parts(ranges[1]));
        Assert.Equal(1, EcamTable.Read(in tables, ranges.AsSpan(0, 1)));
        Assert.Equal(0, EcamTable.Read(in tables, default));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(23)]
    public void Without_entries_there_are_no_ranges(int? bodyLength)
    {
        var image = new AcpiImage(2);
        if (bodyLength is int length) _ = image.Add("MCFG", new byte[length]);
        AcpiTables tables = image.Find();
        Assert.Equal(0, EcamTable.Read(in tables, new EcamRange[4]));
    }

    [Fact]
    public void The_interrupt_table_tells_each_io_apic()
    {
        var image = new AcpiImage(2);
        _ = image.Add("APIC",
        [
            0, 0, 0xE0, 0xFE, 1, 0, 0, 0,
            0, 8, 0, 0, 1, 0, 0, 0,                                 // a processor
            1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0,              // the I/O APIC that every PC has
            2, 10, 0, 0, 2, 0, 0, 0, 0, 0,                          // an override
            1, 11, 1, 0, 0, 0, 0xC1, 0xFE, 24, 0, 0,                // too short to be one
            1, 12, 1, 0, 0, 0x10, 0xC0, 0xFE, 24, 0, 0, 0,          // microvm's second
        ]);
        AcpiTables tables = image.Find();
        Assert.True(InterruptTable.TryFind(in tables, out InterruptTable madt));
        Assert.True(madt.TryGetIoApic(0, out ulong address, out uint firstGsi));
        Assert.Equal((0xFEC0_0000UL, 0u), (address, firstGsi));
        Assert.True(madt.TryGetIoApic(1, out address, out firstGsi));
        Assert.Equal((0xFEC0_1000UL, 24u), (address, firstGsi));
        Assert.False(madt.TryGetIoApic(2, out _, out _));
    }

    [Theory]
    [InlineData(0)]                                     // would never end
    [InlineData(1)]
    [InlineData(13)]                                    // reaches beyond the table
    [InlineData(255)]
    public void An_entry_that_lies_about_its_length_ends_the_list(byte length)
    {
        var image = new AcpiImage(2);
        _ = image.Add("APIC", [0, 0, 0, 0, 0, 0, 0, 0, 1, length, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0]);
        AcpiTables tables = image.Find();
        Assert.True(InterruptTable.TryFind(in tables, out InterruptTable madt));
        Assert.False(madt.TryGetIoApic(0, out _, out _));
    }

    [Fact]
    public void An_interrupt_table_without_its_fixed_part_is_none()
    {
        var image = new AcpiImage(2);
        _ = image.Add("APIC", new byte[7]);
        AcpiTables tables = image.Find();
        Assert.False(InterruptTable.TryFind(in tables, out _));
    }

    /// <summary>Random tables with right checksums: whatever they say, reading them ends and stays inside.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Random_tables_are_read_without_a_fault(ulong seed)
    {
        var random = new Prng(seed);
        var memory = new PhysicalMemory(0x12_0000);
        for (int round = 0; round < 2000; round++)
        {
            var image = new AcpiImage((byte)random.Below(4), memory);
            string[] signatures = ["APIC", "FACP", "MCFG"];
            foreach (string signature in signatures)
            {
                byte[] body = new byte[random.Below(200)];
                random.Fill(body);
                // Small numbers are the lengths and types that mean something.
                for (int i = 0; i < body.Length; i++)
                {
                    if (random.Chance(2, 3)) body[i] &= 0x0F;
                }
                long address = image.Add(signature, body);
                if (random.Chance(1, 4)) image.Memory.Put32(address + 4, random.Below(300));
                if (random.Chance(1, 4)) image.AddEntry(random.Next());
            }
            AcpiTables tables = image.Find();
            var ranges = new EcamRange[4];
            Assert.InRange(EcamTable.Read(in tables, ranges), 0, 4);
            if (FixedTable.TryFind(in tables, out FixedTable fadt)) Assert.True(fadt.PmTimerBits is 24 or 32);
            if (!InterruptTable.TryFind(in tables, out InterruptTable madt)) continue;
            int count = 0;
            while (madt.TryGetIoApic(count, out _, out _)) count++;
            Assert.InRange(count, 0, 20);
        }
    }

    private static (ulong Address, ushort Segment, byte First, byte Last) Parts(EcamRange range) =>
        (range.BaseAddress, range.Segment, range.StartBus, range.EndBus);
}
