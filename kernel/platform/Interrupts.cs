namespace Memcachier.Kernel.Platform;

/// <summary>Interrupts that the processor took, by what raised them.</summary>
public readonly struct Interrupts
{
    /// <param name="ofDevices">See <see cref="OfDevices"/>.</param>
    /// <param name="ofTimer">See <see cref="OfTimer"/>.</param>
    public Interrupts(uint ofDevices, uint ofTimer)
    {
        OfDevices = ofDevices;
        OfTimer = ofTimer;
    }

    /// <summary>All devices together.</summary>
    public uint OfDevices { get; }

    /// <summary>The timer that bounds a halt.</summary>
    public uint OfTimer { get; }
}
