using System;

namespace Memcachier.Kernel.Build;

/// <summary>The sh_flags that are used.</summary>
[Flags]
public enum ElfSectionFlags
{
    None = 0,
    Write = 1,
    Allocate = 2,
    Execute = 4,
}
