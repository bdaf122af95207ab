using System;
using System.Collections.Generic;
using System.Text;

namespace Memcachier.Cli.Tests;

/// <summary>
/// Writes a small ELF64: two functions in .text at 0x201000, data at 0x300000 with a symbol that must not be found, and
/// a build id.
/// </summary>
internal static class SampleElf
{
    public const ulong TextAddress = 0x201000;
    public const string BuildId = "0123456789abcdef0123456789abcdef01234567";

    private const uint ProgBits = 1;
    private const uint SymbolTable = 2;
    private const uint StringTable = 3;
    private const uint Note = 7;
    private const uint NoBits = 8;

    /// <summary>
    /// push rbp; mov rbp, rsp; xor eax, eax; call Store; mov [rax], edi; pop rbp; ret; then Store: mov rax, rdi; ret.
    /// </summary>
    private static readonly byte[] Code =
    [
        0x55, 0x48, 0x89, 0xe5, 0x31, 0xc0, 0xe8, 0x04, 0x00, 0x00, 0x00, 0x89, 0x38, 0x5d, 0xc3,
        0x48, 0x89, 0xf8, 0xc3,
    ];

    /// <param name="hasCode">Without, it is what is left of an image when only its symbols are kept.</param>
    public static byte[] Build(bool hasSymbols = true, string buildId = BuildId, bool hasCode = true)
    {
        byte[] strings = Encoding.ASCII.GetBytes(
            "\0memcachier_Appliance_Cache__Touch\0memcachier_Appliance_Cache__Store\0table\0");
        byte[] symbols =
        [
            .. new byte[24],
            .. Symbol(nameOffset: 1, info: 0x12, section: 1, TextAddress, size: 15),
            .. Symbol(nameOffset: 35, info: 0x12, section: 1, TextAddress + 15, size: 4),
            .. Symbol(nameOffset: 69, info: 0x11, section: 2, 0x300000, size: 16),
        ];
        byte[] note = [.. U32(4), .. U32(20), .. U32(3), .. "GNU\0"u8, .. Convert.FromHexString(buildId)];
        byte[] names = Encoding.ASCII.GetBytes("\0.text\0.data\0.symtab\0.strtab\0.note.gnu.build-id\0.shstrtab\0");
        var file = new List<byte>(new byte[64]);
        byte[] headers =
        [
            .. new byte[64],
            .. Section(file, 1, hasCode ? ProgBits : NoBits, 6, TextAddress, Code, 0),
            .. Section(file, 7, ProgBits, 3, 0x300000, new byte[16], 0),
            .. Section(file, 13, SymbolTable, 0, 0, hasSymbols ? symbols : [], 4),
            .. Section(file, 21, StringTable, 0, 0, strings, 0),
            .. Section(file, 29, Note, 2, 0, note, 0),
            .. Section(file, 48, StringTable, 0, 0, names, 0),
        ];
        byte[] header =
        [
            0x7f, .. "ELF"u8, 2, 1, 1, .. new byte[9], .. U16(2), .. U16(62), .. U32(1), .. U64(TextAddress), .. U64(0),
            .. U64((ulong)file.Count), .. U32(0), .. U16(64), .. U16(0), .. U16(0), .. U16(64), .. U16(7), .. U16(6),
        ];
        return [.. header, .. file[64..], .. headers];
    }

    private static byte[] Symbol(uint nameOffset, byte info, ushort section, ulong value, ulong size) =>
        [.. U32(nameOffset), info, 0, .. U16(section), .. U64(value), .. U64(size)];

    /// <summary>Appends the content to the file and returns the header that describes it.</summary>
    private static byte[] Section(
        List<byte> file, uint name, uint type, ulong flags, ulong address, byte[] content, uint link)
    {
        ulong offset = (ulong)file.Count;
        file.AddRange(content);
        return
        [
            .. U32(name), .. U32(type), .. U64(flags), .. U64(address), .. U64(offset), .. U64((ulong)content.Length),
            .. U32(link), .. U32(0), .. U64(1), .. U64(0),
        ];
    }

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(ulong value) => BitConverter.GetBytes(value);
}
