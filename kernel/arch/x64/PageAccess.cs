namespace Memcachier.Kernel.Arch.X64;

/// <summary>Who may do what with a page. The values are the page table entry's own bits (Intel SDM 3A §4.5).</summary>
[System.Flags]
public enum PageAccess : ulong
{
    None = 0,
    Write = 1UL << 1,
    User = 1UL << 2,
    NotCached = 1UL << 4,
    NoExecute = 1UL << 63,

    RingZeroCode = None,
    RingZeroData = Write | NoExecute,
    Code = User,
    Constants = User | NoExecute,
    Data = User | Write | NoExecute,
    Device = User | Write | NoExecute | NotCached,
}
