namespace Memcachier.Cache;

/// <summary>How incr or decr ended.</summary>
public enum DeltaResult : byte
{
    Done,
    NotFound,
    NonNumeric,
    OutOfMemory,
}
