namespace Memcachier.BootTests.Load;

/// <summary>What of an item decides how much memory it takes.</summary>
/// <param name="KeyLength">In bytes.</param>
/// <param name="ValueLength">In bytes.</param>
/// <param name="Exptime">As on the wire: 0 for ever, up to 30 days from now, above that in Unix time.</param>
internal readonly record struct ItemShape(int KeyLength, int ValueLength, long Exptime);
