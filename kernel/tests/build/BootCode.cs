using System;
using System.Collections.Generic;
using System.Globalization;
using Iced.Intel;
using Memcachier.Kernel.Build;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>What the boot object holds, taken apart: ring 0's page in its parts, and the routines of ring 3.</summary>
internal sealed class BootCode
{
    private const int FeatureOffset = 0x200;
    private const int LongModeOffset = 0x500;
    private const int ServiceTableOffset = 0xF80;
    private const byte Filler = 0xCC;

    public BootCode()
    {
        File = new ElfFile(BootObject.Build());
        Page = File.Content(File.Section(".boot.code")).ToArray();
        Idt = File.Content(File.Section(".boot.idt")).ToArray();
        ProtectedMode = Disassembly.Decode(Trim(Page.AsSpan(0, FeatureOffset)), 32, RingZeroLayout.CodeBase);
        LongMode = Disassembly.Decode(
            Trim(Page.AsSpan(LongModeOffset, ServiceTableOffset - LongModeOffset)), 64,
            RingZeroLayout.CodeBase + LongModeOffset);
        User = Disassembly.Decode(File.Content(File.Section(".text")), 64, 0);
    }

    public ElfFile File { get; }

    public byte[] Page { get; }

    public byte[] Idt { get; }

    /// <summary>The 32-bit part.</summary>
    public List<Instruction> ProtectedMode { get; }

    /// <summary>The 64-bit part, without the table of services that ends the page.</summary>
    public List<Instruction> LongMode { get; }

    /// <summary>Ring 3's routines, as if linked at 0.</summary>
    public List<Instruction> User { get; }

    /// <summary>The address of each of the gate's services.</summary>
    public ulong[] Services
    {
        get
        {
            int count = Enum.GetValues<GateService>().Length;
            ulong[] services = new ulong[count];
            for (int i = 0; i < count; i++) services[i] = BitConverter.ToUInt64(Page, ServiceTableOffset + (i * 8));
            return services;
        }
    }

    public Dictionary<ulong, string> Labels
    {
        get
        {
            var labels = new Dictionary<ulong, string> { [RingZeroLayout.CodeBase] = "pvh_entry" };
            labels[RingZeroLayout.CodeBase + File.Symbol("long_mode_entry").Value] = "long_mode_entry";
            ulong[] services = Services;
            for (int i = 0; i < services.Length; i++) labels[services[i]] = "service " + (GateService)i;
            for (int vector = 0; vector < 256; vector++)
            {
                int gate = vector * 16;
                ulong handler = BitConverter.ToUInt16(Idt, gate) | (ulong)BitConverter.ToUInt16(Idt, gate + 6) << 16;
                if (handler == 0) continue;
                labels[handler] = vector == 3 ? "gate" : "vector " + vector.ToString(CultureInfo.InvariantCulture);
            }
            return labels;
        }
    }

    public Dictionary<ulong, string> UserLabels
    {
        get
        {
            int text = File.Sections.FindIndex(section => section.Name == ".text");
            var labels = new Dictionary<ulong, string>();
            foreach (ElfSymbol symbol in File.Symbols)
            {
                if (symbol.Section == text) labels[symbol.Value] = symbol.Name;
            }
            return labels;
        }
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> code)
    {
        int length = code.Length;
        while (length > 0 && code[length - 1] == Filler) length--;
        return code[..length];
    }
}
