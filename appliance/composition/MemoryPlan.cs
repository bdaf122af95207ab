using System;

namespace Memcachier.Composition;

/// <summary>How much of what a machine's memory is made into. Everything else is the store's.</summary>
public readonly struct MemoryPlan
{
    /// <summary>A chunk of the connections' buffers: room for one memcached command line.</summary>
    public const int ChunkSize = 2048;

    private const long BytesPerConnection = 192 * 1024;
    private const int ConnectionCountMin = 256;
    private const int ConnectionCountLimit = 16 * 1024;
    private const long ChunkShare = 40;
    private const long ChunkBytesLimit = 256L * 1024 * 1024;
    private const int HalfOpenShare = 4;

    // Clients of a small machine come all at once, too; there are as many connections more than are served.
    private const int HalfOpenCountMin = MemcachedServer.RefusalCountMax;
    private const int ChunksPerConnection = 1;

    // A connection's chunk, its TCP state and its session, rounded up; at most a quarter of the memory goes there.
    private const long BytesOfConnection = ChunkSize + 2048;
    private const long ConnectionShare = 4;

    /// <param name="freeBytes">Usable memory above the image.</param>
    /// <param name="connectionCountMax">What the operator asked for, or 0.</param>
    /// <param name="otherSlotCount">Connections of others than memcached's clients.</param>
    public MemoryPlan(long freeBytes, int connectionCountMax, int otherSlotCount = 0)
    {
        long byMemory = Math.Clamp(freeBytes / BytesPerConnection, ConnectionCountMin, ConnectionCountLimit);
        long affordable = Math.Max(freeBytes / ConnectionShare / BytesOfConnection, 1);
        ConnectionCountMax = (int)Math.Min(connectionCountMax != 0 ? connectionCountMax : byMemory, affordable);
        ConnectionSlotCount = MemcachedServer.SlotCountFor(ConnectionCountMax) + otherSlotCount;
        SynReceivedCountMax = Math.Max(ConnectionCountMax / HalfOpenShare, HalfOpenCountMin);
        long chunkBytes = Math.Min(freeBytes / ChunkShare, ChunkBytesLimit);
        long chunksWanted = Math.Max(chunkBytes / ChunkSize, (long)ConnectionSlotCount * ChunksPerConnection);
        ChunkBytes = chunksWanted * ChunkSize;
    }

    /// <summary>What was asked for, or what the memory allows if that is less.</summary>
    public int ConnectionCountMax { get; }

    /// <summary>
    /// With those that TCP has for refusing, <see cref="MemcachedServer.SlotCountFor"/>, and for others.
    /// </summary>
    public int ConnectionSlotCount { get; }

    /// <summary>How many of the connections may be half open.</summary>
    public int SynReceivedCountMax { get; }

    /// <summary>Bytes for what is received and not yet taken, and what is sent and not yet acknowledged.</summary>
    public long ChunkBytes { get; }
}
