namespace Memcachier.Kernel.Boot;

/// <summary>[Start, End) in bytes.</summary>
public readonly struct MemoryRange
{
    public MemoryRange(ulong start, ulong end)
    {
        Start = start;
        End = end;
    }

    public ulong Start { get; }

    public ulong End { get; }

    public ulong Length => End - Start;
}
