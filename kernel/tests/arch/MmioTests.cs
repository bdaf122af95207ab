using System;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Kernel.Tests.Arch;

public sealed class MmioTests
{
    private readonly Region _memory = HostMemory.Allocate(64);

    [Fact]
    public void Accesses_have_the_width_of_their_names()
    {
        var registers = new Mmio(_memory.Address + 16, 16);
        Assert.Equal(16u, registers.Length);
        Fill();
        registers.Write8(1, 0x12);
        registers.Write16(2, 0x3456);
        registers.Write32(4, 0x789A_BCDE);
        Assert.Equal(
            [0xA5, 0x12, 0x56, 0x34, 0xDE, 0xBC, 0x9A, 0x78, 0xA5], _memory.Slice(16, 9).ToArray());
        Assert.Equal(0x12, registers.Read8(1));
        Assert.Equal(0x3456, registers.Read16(2));
        Assert.Equal(0x789A_BCDEu, registers.Read32(4));
        Assert.Equal(-1, _memory.Slice(0, 16).IndexOfAnyExcept((byte)0xA5));
        Assert.Equal(-1, _memory.Slice(32, 32).IndexOfAnyExcept((byte)0xA5));
    }

    [Fact]
    public void The_window_s_ends_are_kept()
    {
        var registers = new Mmio(_memory.Address + 16, 16);
        Fill();
        registers.Write8(15, 1);
        registers.Write16(14, 1);
        registers.Write32(12, 1);
        foreach (uint offset in (uint[])[16, 17, 1u << 31, uint.MaxValue - 3, uint.MaxValue])
        {
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Read8(offset));
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Write8(offset, 0));
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Read16(offset - 1));
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Write16(offset - 1, 0));
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Read32(offset - 3));
            _ = Assert.Throws<BrokenInvariantException>(() => registers.Write32(offset - 3, 0));
        }
        Assert.Equal(-1, _memory.Slice(32, 32).IndexOfAnyExcept((byte)0xA5));
    }

    [Fact]
    public void A_window_smaller_than_an_access_has_none()
    {
        _ = Assert.Throws<BrokenInvariantException>(() => new Mmio(_memory.Address, 3).Read32(0));
        _ = Assert.Throws<BrokenInvariantException>(() => new Mmio(_memory.Address, 1).Read16(0));
        _ = Assert.Throws<BrokenInvariantException>(() => default(Mmio).Read8(0));
    }

    [Theory]
    [InlineData(0UL, 16u, true)]
    [InlineData((1UL << 32) - 16, 16u, true)]
    [InlineData((1UL << 32) - 15, 16u, false)]
    [InlineData(1UL << 32, 0u, true)]
    [InlineData(1UL << 32, 1u, false)]
    [InlineData(ulong.MaxValue, 1u, false)]
    [InlineData(ulong.MaxValue - 15, 16u, false)]
    public void What_is_mapped_one_to_one_ends_at_its_limit(ulong address, uint length, bool isMapped)
    {
        Assert.Equal(isMapped, new IdentityMap(1UL << 32).TryMap(address, length, out Mmio registers));
        Assert.Equal(isMapped ? length : 0, registers.Length);
    }

    private void Fill() => _memory.Slice(0, 64).Fill(0xA5);
}
