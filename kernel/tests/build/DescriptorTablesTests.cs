using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>The tables as the Intel SDM 3A draws them: figures 3-8, 7-8 and 8-11.</summary>
public sealed class DescriptorTablesTests
{
    /// <summary>
    /// Type (43:40), S (44), DPL (46:45), P (47), L (53), D/B (54), G (55); base 0 and the whole limit.
    /// </summary>
    [Theory]
    [InlineData(Selectors.KernelCode, 0, 0xB, 1, 0)]            // execute, read, accessed; 64-bit
    [InlineData(Selectors.KernelData, 0, 0x3, 0, 1)]            // read, write, accessed
    [InlineData(Selectors.UserData, 3, 0x3, 0, 1)]
    [InlineData(Selectors.UserCode, 3, 0xB, 1, 0)]
    public void A_segment_spans_all_memory(int selector, int privilege, int type, int isLong, int isDefault32)
    {
        Assert.Equal(privilege, selector & 3);
        ulong descriptor = Descriptor(selector & ~7);
        Assert.Equal((ulong)type, descriptor >> 40 & 0xF);
        Assert.Equal(1UL, descriptor >> 44 & 1);
        Assert.Equal((ulong)privilege, descriptor >> 45 & 3);
        Assert.Equal(1UL, descriptor >> 47 & 1);
        Assert.Equal((ulong)isLong, descriptor >> 53 & 1);
        Assert.Equal((ulong)isDefault32, descriptor >> 54 & 1);
        Assert.Equal(1UL, descriptor >> 55 & 1);
        Assert.Equal(0UL, (descriptor >> 16 & 0xFF_FFFF) | (descriptor >> 56 << 24));
        Assert.Equal(0xF_FFFFUL, (descriptor & 0xFFFF) | (descriptor >> 32 & 0xF_0000));
    }

    [Fact]
    public void The_task_segment_names_the_stacks()
    {
        ulong low = Descriptor(Selectors.Tss);
        Assert.Equal(0UL, Descriptor(Selectors.Tss + 8));           // bits 63:32 of the base
        Assert.Equal(0x89UL, low >> 40 & 0xFF);                     // present, 64-bit TSS, available
        ulong address = (low >> 16 & 0xFF_FFFF) | (low >> 56 << 24);
        Assert.Equal(RingZeroLayout.Tss, address);
        Assert.Equal(103UL, low & 0xFFFF);
        Assert.True(RingZeroLayout.Tss + 104 <= RingZeroLayout.SealedFlag);

        ReadOnlySpan<byte> tss = DescriptorTables.DescriptorPage().AsSpan(0x100, 104);
        for (int offset = 4; offset < 0x66; offset += 8)
        {
            ulong expected = offset switch
            {
                4 => RingZeroLayout.GateStackTop,               // RSP0
                0x24 => RingZeroLayout.FaultStackTop,           // IST1
                _ => 0,
            };
            if (offset <= 0x5C) Assert.Equal(expected, BinaryPrimitives.ReadUInt64LittleEndian(tss[offset..]));
        }
        // At the limit or beyond it there is no permission map: ring 3 has no port.
        Assert.True(BinaryPrimitives.ReadUInt16LittleEndian(tss[0x66..]) >= 104);
    }

    [Fact]
    public void There_are_no_other_descriptors()
    {
        byte[] page = DescriptorTables.DescriptorPage();
        for (int offset = 0; offset <= DescriptorTables.GdtLimit - 7; offset += 8)
        {
            bool isUsed = offset is 0x10 or 0x18 or 0x28 or 0x30 or 0x40;
            Assert.Equal(isUsed, BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(offset)) != 0);
        }
        // Variables and links start as zero.
        Assert.Equal(-1, page.AsSpan(0x100 + 104).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Only_the_gate_is_open_to_ring_three()
    {
        LongModeCode code = LongModeCode.Assemble(RingZeroLayout.CodeBase + 0x500);
        byte[] idt = DescriptorTables.Idt(code.Handlers);
        Assert.Equal(4096, idt.Length);
        Assert.Equal(4095, DescriptorTables.IdtLimit);
        for (int vector = 0; vector < 256; vector++)
        {
            ReadOnlySpan<byte> gate = idt.AsSpan(vector * 16, 16);
            bool isUsed = vector is < 48 or 255;
            if (!isUsed)
            {
                Assert.Equal(-1, gate.IndexOfAnyExcept((byte)0));
                continue;
            }
            uint low = BinaryPrimitives.ReadUInt16LittleEndian(gate);
            uint offset = low | (uint)BinaryPrimitives.ReadUInt16LittleEndian(gate[6..]) << 16;
            Assert.Equal(code.Handlers[vector], offset);
            Assert.InRange(offset, RingZeroLayout.CodeBase + 0x500, RingZeroLayout.CodeBase + 0xF7F);
            Assert.Equal(0x10, BinaryPrimitives.ReadUInt16LittleEndian(gate[2..]));
            // NMI, double fault and machine check have a stack of their own.
            Assert.Equal(vector is 2 or 8 or 18 ? 1 : 0, gate[4]);
            // Present, interrupt gate: interrupts stay off.
            Assert.Equal(vector == 3 ? 0xEE : 0x8E, gate[5]);
            Assert.Equal(-1, gate[8..].IndexOfAnyExcept((byte)0));
        }
    }

    /// <summary>SDM 3A table 7-1; 29 and 30 are AMD's (APM 2, §8.2).</summary>
    [Fact]
    public void Error_codes_are_pushed_where_the_manuals_say()
    {
        int[] withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];
        for (int vector = 0; vector < 256; vector++)
            Assert.Equal(Array.IndexOf(withErrorCode, vector) >= 0, Vectors.HasErrorCode(vector));
    }

    private static ulong Descriptor(int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(DescriptorTables.DescriptorPage().AsSpan(offset));
}
