namespace Memcachier.Kernel.Sim;

/// <summary>Something in a <see cref="SimWorld"/> that reacts to packets and to the time.</summary>
public interface ISimHost
{
    /// <summary>When it wants to run although nothing arrives, or <see cref="long.MaxValue"/>.</summary>
    long NextTimerMicros { get; }

    /// <summary>Takes what has arrived, runs the timers that are due, and sends.</summary>
    void Run(long nowMicros);
}
