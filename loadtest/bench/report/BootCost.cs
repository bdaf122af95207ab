namespace Memcachier.Bench.Report;

/// <summary>What the image takes before the first request.</summary>
public sealed record BootCost
{
    /// <summary>Bytes of the ELF file.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>
    /// Instructions from the first one to the line that says "ready", with a static address, the least of a few boots:
    /// the guest's microseconds, of a thousand each.
    /// </summary>
    public required long ReadyInstructions { get; init; }

    /// <summary>Bytes for items and index of a machine with 64 MiB, and with 256 MiB.</summary>
    public required long StoreBytesOf64 { get; init; }

    public required long StoreBytesOf256 { get; init; }
}
