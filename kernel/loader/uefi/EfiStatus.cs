namespace Memcachier.Kernel.Loader.Uefi;

/// <summary>What a service returns (UEFI 2.10, appendix D): 0, or an error, which has the highest bit.</summary>
internal enum EfiStatus : ulong
{
    Success = 0,
    LoadError = 0x8000_0000_0000_0001,
    InvalidParameter = 0x8000_0000_0000_0002,
    BufferTooSmall = 0x8000_0000_0000_0005,
    OutOfResources = 0x8000_0000_0000_0009,
    NotFound = 0x8000_0000_0000_000E,
    Aborted = 0x8000_0000_0000_0015,
}
