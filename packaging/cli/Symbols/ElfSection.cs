namespace Memcachier.Cli.Symbols;

/// <summary>A row of the section header table, as far as it matters here.</summary>
public readonly record struct ElfSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link)
{
    private const ulong Executable = 0x4;
    private const uint NoBits = 8;

    public bool IsExecutable => (Flags & Executable) != 0;

    /// <summary>Executable and there: a file of symbols has such sections without their content.</summary>
    public bool IsCode => IsExecutable && Type != NoBits;

    public bool Contains(ulong address) => address >= Address && address - Address < Size;
}
