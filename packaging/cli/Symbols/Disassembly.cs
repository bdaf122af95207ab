using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;

namespace Memcachier.Cli.Symbols;

/// <summary>The instructions around an address, the one at the address marked.</summary>
public static class Disassembly
{
    private const int CountBefore = 5;
    private const int CountAfter = 5;
    private const int InstructionSizeMax = 15;

    public static IEnumerable<string> Around(ElfImage image, ulong address)
    {
        if (!image.TryFindSymbol(address, out ElfSymbol symbol))
            return [$"no code of the image is at 0x{address:x16}"];
        List<Instruction> instructions = Decode(image, symbol.Address, address);
        int faulting = instructions.FindIndex(instruction => instruction.NextIP > address);
        return instructions
            .Skip(Math.Max(0, faulting - CountBefore))
            .Select(instruction => Line(image, instruction, instruction.IP <= address && address < instruction.NextIP));
    }

    /// <summary>
    /// x86 can only be read forwards, so it is read from the symbol on; the tail has what follows the address.
    /// </summary>
    private static List<Instruction> Decode(ElfImage image, ulong start, ulong address)
    {
        int size = checked((int)(address - start)) + InstructionSizeMax * (CountAfter + 1);
        var reader = new ByteArrayCodeReader(image.Code(start, size).ToArray());
        var decoder = Decoder.Create(64, reader, start);
        var instructions = new List<Instruction>();
        int after = 0;
        while (after <= CountAfter && reader.CanReadByte)
        {
            Instruction instruction = decoder.Decode();
            instructions.Add(instruction);
            if (instruction.NextIP > address)
                after++;
        }
        return instructions;
    }

    private static string Line(ElfImage image, Instruction instruction, bool marked)
    {
        var formatter = new IntelFormatter(new NamingResolver(image));
        formatter.Options.SpaceAfterOperandSeparator = true;
        var text = new StringOutput();
        formatter.Format(instruction, text);
        return $"{(marked ? "-->" : "   ")} 0x{instruction.IP:x16}  {text.ToStringAndReset()}";
    }

    /// <summary>Calls and jumps out of the function read better with a name.</summary>
    private sealed class NamingResolver : ISymbolResolver
    {
        private readonly ElfImage _image;

        public NamingResolver(ElfImage image) => _image = image;

        public bool TryGetSymbol(
            in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize,
            out SymbolResult symbol)
        {
            symbol = default;
            if (!_image.TryFindSymbol(address, out ElfSymbol found) || found.Address != address)
                return false;
            symbol = new SymbolResult(address, IlcName.Readable(found.Name));
            return true;
        }
    }
}
