using System;
using System.Buffers.Binary;

namespace Memcachier.Kernel.Build;

/// <summary>The constant bytes of GDT, TSS and IDT (Intel SDM 3A §3.4.5, §8.7, §7.14).</summary>
public static class DescriptorTables
{
    public const int GdtLimit = 0x50 - 1;
    public const int IdtLimit = 256 * GateSize - 1;

    private const int TssSize = 104;
    private const int GateSize = 16;

    // A 64-bit TSS, present: type 9 (SDM 3A §3.5).
    private const ulong TssPresent = 0x89UL << 40;

    /// <summary>Fills the page that holds GDT and TSS; the variables and links in it start as zero.</summary>
    public static byte[] DescriptorPage()
    {
        byte[] page = new byte[RingZeroLayout.Idt - RingZeroLayout.DescriptorBase];
        Put(page, Selectors.KernelCode, 0x00AF_9B00_0000_FFFF);
        Put(page, Selectors.KernelData, 0x00CF_9300_0000_FFFF);
        Put(page, Selectors.UserData & ~3, 0x00CF_F300_0000_FFFF);
        Put(page, Selectors.UserCode & ~3, 0x00AF_FB00_0000_FFFF);
        Put(page, Selectors.Tss, TssPresent | (ulong)RingZeroLayout.Tss << 16 | (TssSize - 1));
        Put(page, Selectors.Tss + 8, 0);

        Span<byte> tss = page.AsSpan((int)(RingZeroLayout.Tss - RingZeroLayout.DescriptorBase), TssSize);
        BinaryPrimitives.WriteUInt64LittleEndian(tss[4..], RingZeroLayout.GateStackTop);       // RSP0
        BinaryPrimitives.WriteUInt64LittleEndian(tss[0x24..], RingZeroLayout.FaultStackTop);   // IST1
        BinaryPrimitives.WriteUInt16LittleEndian(tss[0x66..], TssSize);                        // no I/O permission map
        return page;
    }

    /// <summary>The IDT, with the handler of each vector as <paramref name="handlers"/> tells; 0 means none.</summary>
    public static byte[] Idt(ReadOnlySpan<uint> handlers)
    {
        byte[] table = new byte[IdtLimit + 1];
        for (int vector = 0; vector < handlers.Length; vector++)
        {
            if (handlers[vector] == 0) continue;
            Span<byte> gate = table.AsSpan(vector * GateSize, GateSize);
            BinaryPrimitives.WriteUInt16LittleEndian(gate, (ushort)handlers[vector]);
            BinaryPrimitives.WriteUInt16LittleEndian(gate[2..], Selectors.KernelCode);
            gate[4] = (byte)(OwnStack(vector) ? 1 : 0);
            // Present, 64-bit interrupt gate; ring 3 may enter only the breakpoint.
            gate[5] = (byte)(vector == Vectors.Breakpoint ? 0xEE : 0x8E);
            BinaryPrimitives.WriteUInt16LittleEndian(gate[6..], (ushort)(handlers[vector] >> 16));
        }
        return table;
    }

    // These can strike while the gate stack is broken or in use.
    private static bool OwnStack(int vector) =>
        vector is Vectors.NonMaskable or Vectors.DoubleFault or Vectors.MachineCheck;

    private static void Put(byte[] page, int offset, ulong descriptor) =>
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(offset), descriptor);
}
