namespace Memcachier.Cache;

/// <summary>
/// The size of an item as memcached 1.6 counts it (ITEM_ntotal): what -I limits and stats sizes shows.
/// </summary>
internal static class MemcachedSize
{
    // struct _stritem, the cas unique, the NUL after the key, the CR LF, and the flags when they are not 0.
    private const int Overhead = 48 + 8 + 1 + 2;
    private const int FlagsSize = 4;

    public static long Of(int keyLength, bool hasFlags, int valueLength) =>
        (long)Overhead + keyLength + valueLength + (hasFlags ? FlagsSize : 0);

    public static long Of(in Item item) =>
        Of(item.Header.KeyLength, (item.Form & ItemForm.HasFlags) != 0, item.ValueLength);
}
