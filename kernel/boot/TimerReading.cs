namespace Memcachier.Kernel.Boot;

/// <summary>
/// What a timer of known frequency showed, and the time-stamp counter right before and right after. However long the host
/// ran something else meanwhile, the timer showed it at a moment between the two.
/// </summary>
internal struct TimerReading
{
    public ulong Before;
    public ulong After;

    /// <summary>The timer's count, upwards, in the bits that it has.</summary>
    public uint Count;

    public readonly ulong Width => After - Before;
}
