namespace Memcachier.Kernel.Loader;

/// <summary>A part of the kernel (ELF, a program header of type PT_LOAD): bytes of the file, and zeros behind them.</summary>
public readonly struct KernelSegment
{
    /// <param name="fileOffset">Where in the file its bytes are.</param>
    /// <param name="fileLength">How many bytes of the file it has.</param>
    /// <param name="address">The physical address that it is copied to.</param>
    /// <param name="length">How much memory it takes, at least <paramref name="fileLength"/>; the rest is zero.</param>
    public KernelSegment(int fileOffset, int fileLength, ulong address, ulong length)
    {
        FileOffset = fileOffset;
        FileLength = fileLength;
        Address = address;
        Length = length;
    }

    public int FileOffset { get; }

    public int FileLength { get; }

    public ulong Address { get; }

    public ulong Length { get; }
}
