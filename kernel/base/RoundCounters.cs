namespace Memcachier.Kernel.Base;

/// <summary>
/// What the loop of one processor did since boot. Written by that processor alone; a reader elsewhere sees each number
/// whole, though not all of one moment.
/// </summary>
public sealed class RoundCounters
{
    /// <summary>Poll rounds, those in vain too.</summary>
    public long Rounds;

    /// <summary>Rounds in which there was something to do.</summary>
    public long RoundsWithWork;

    /// <summary>Microseconds that rounds with something to do took together.</summary>
    public long WorkMicros;

    /// <summary>The longest round with something to do, in microseconds.</summary>
    public long LongestRoundMicros;

    /// <summary>How often the processor was halted.</summary>
    public long Halts;

    /// <summary>Microseconds spent halted.</summary>
    public long HaltedMicros;

    /// <summary>Interrupts of devices that were taken: all of them in a halt.</summary>
    public long DeviceInterrupts;

    /// <summary>Interrupts of the timer that bounds a halt.</summary>
    public long TimerInterrupts;

    /// <summary>
    /// How long requests took: each as long as the round that executed it, from the look at the device to the last
    /// answer handed to it.
    /// </summary>
    public LatencyHistogram RequestTimes { get; } = new();
}
