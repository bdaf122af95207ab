using System.Text;
using Memcachier.Kernel.Drivers.Virtio;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

public sealed class VirtioMmioSlotsTests
{
    [Theory]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:12", 0xFEB0_0E00, 512, 12)]
    [InlineData("console=ttyS0 virtio_mmio.device=4K@0xc0001000:5 panic=1", 0xC000_1000, 4096, 5)]
    [InlineData("virtio_mmio.device=0x200@0xFEB00E00:0xc:3", 0xFEB0_0E00, 512, 12)]
    [InlineData("virtio_mmio.device=01000@4096M:010", 0x1_0000_0000, 512, 8)]
    [InlineData("  virtio_mmio.device=1m@3g:5  ", 0xC000_0000, 1 << 20, 5)]
    public void An_option_names_a_slot(string commandLine, ulong address, uint length, uint gsi)
    {
        var slots = Parse(commandLine);
        Assert.Equal(0, slots.LostCount);
        VirtioMmioSlot slot = Assert.Single(slots.Slots.ToArray());
        Assert.Equal(address, slot.Address);
        Assert.Equal(length, slot.Length);
        Assert.Equal(gsi, slot.Gsi);
    }

    [Theory]
    [InlineData("virtio_mmio.device=")]
    [InlineData("virtio_mmio.device=512")]
    [InlineData("virtio_mmio.device=512@")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:12:")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:12x")]
    [InlineData("virtio_mmio.device=0@0xfeb00e00:12")]
    [InlineData("virtio_mmio.device=512@0x:12")]
    [InlineData("virtio_mmio.device=512@0xfeb00g00:12")]
    [InlineData("virtio_mmio.device=08@0xfeb00e00:12")]
    [InlineData("virtio_mmio.device=4G@0xfeb00e00:12")]
    [InlineData("virtio_mmio.device=512@18446744073709551616:12")]
    [InlineData("virtio_mmio.device=512@0xffffffffffffff00:12")]
    [InlineData("virtio_mmio.device=512@17179869184G:12")]
    [InlineData("virtio_mmio.device=512@0xfeb00e00:4294967296")]
    public void What_cannot_be_understood_is_counted(string commandLine)
    {
        var slots = Parse(commandLine);
        Assert.Equal(0, slots.Slots.Length);
        Assert.Equal(1, slots.LostCount);
    }

    [Theory]
    [InlineData("")]
    [InlineData("virtio_mmio.devices=512@0xfeb00e00:12")]
    [InlineData("xvirtio_mmio.device=512@0xfeb00e00:12")]
    public void Other_options_are_not_ours(string commandLine)
    {
        var slots = Parse(commandLine);
        Assert.Equal(0, slots.Slots.Length);
        Assert.Equal(0, slots.LostCount);
    }

    [Fact]
    public void Microvm_has_its_slots_in_a_row_and_the_command_line_may_name_them_too()
    {
        var slots = new VirtioMmioSlots();
        slots.AddCommandLine("virtio_mmio.device=512@0xfeb00e00:12"u8);
        slots.AddMicrovm(8, 5);
        Assert.Equal(8, slots.Slots.Length);
        Assert.Equal(12u, slots.Slots[0].Gsi);
        Assert.Equal(0xFEB0_0C00u, slots.Slots[7].Address);
        Assert.Equal(11u, slots.Slots[7].Gsi);
    }

    [Fact]
    public void More_slots_than_the_table_holds_are_counted()
    {
        var slots = new VirtioMmioSlots();
        for (int i = 0; i < 40; i++) slots.AddCommandLine(Encoding.ASCII.GetBytes($"virtio_mmio.device=4K@{i}M:5"));
        Assert.Equal(VirtioMmioSlots.CountMax, slots.Slots.Length);
        Assert.Equal(8, slots.LostCount);
    }

    private static VirtioMmioSlots Parse(string commandLine)
    {
        var slots = new VirtioMmioSlots();
        slots.AddCommandLine(Encoding.ASCII.GetBytes(commandLine));
        return slots;
    }
}
