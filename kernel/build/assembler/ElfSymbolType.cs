namespace Memcachier.Kernel.Build;

/// <summary>The symbol types that are used (st_info's low half).</summary>
public enum ElfSymbolType
{
    None = 0,
    Object = 1,
    Function = 2,
}
