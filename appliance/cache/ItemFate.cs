namespace Memcachier.Cache;

/// <summary>Whether a linked item still counts as stored.</summary>
internal enum ItemFate : byte
{
    Alive,
    Expired,
    Flushed,
}
