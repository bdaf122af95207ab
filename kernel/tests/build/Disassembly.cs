using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Iced.Intel;

namespace Memcachier.Kernel.Tests.Build;

/// <summary>Machine code as a person reviews it: labels, addresses, Intel syntax.</summary>
internal static class Disassembly
{
    public static List<Instruction> Decode(ReadOnlySpan<byte> code, int bitness, ulong address)
    {
        var instructions = new List<Instruction>();
        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(bitness, code.ToArray(), address);
        while (decoder.IP < address + (ulong)code.Length) instructions.Add(decoder.Decode());
        return instructions;
    }

    public static string Format(IEnumerable<Instruction> instructions, IReadOnlyDictionary<ulong, string> labels)
    {
        var formatter = new NasmFormatter();
        formatter.Options.FirstOperandCharIndex = 8;
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        formatter.Options.SpaceAfterOperandSeparator = true;
        var text = new StringBuilder();
        var output = new StringOutput();
        foreach (Instruction instruction in instructions)
        {
            if (labels.TryGetValue(instruction.IP, out string? label))
            {
                _ = text.Append('\n').Append(label).Append(":\n");
            }
            formatter.Format(instruction, output);
            _ = text.Append("    ").Append(instruction.IP.ToString("x6", CultureInfo.InvariantCulture)).Append("  ")
                .Append(output.ToStringAndReset()).Append('\n');
        }
        return text.ToString().TrimStart('\n');
    }
}
