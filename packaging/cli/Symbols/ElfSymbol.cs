namespace Memcachier.Cli.Symbols;

/// <summary>A name for an address in a section that is code.</summary>
public readonly record struct ElfSymbol(ulong Address, ulong Size, string Name);
