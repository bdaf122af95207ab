namespace Memcachier.Kernel.Boot;

/// <summary>What told the frequency of the time-stamp counter, best first.</summary>
public enum ClockSource : byte
{
    None,

    /// <summary>CPUID leaf 0x40000010, by which hypervisors tell it exactly.</summary>
    HypervisorLeaf,

    /// <summary>CPUID leaf 0x15: the ratio to the crystal and the crystal's frequency.</summary>
    CrystalLeaf,

    /// <summary>The scale that KVM's paravirtual clock publishes.</summary>
    KvmClock,

    /// <summary>Measured against the ACPI PM timer.</summary>
    PmTimer,

    /// <summary>Measured against the interval timer's channel 0.</summary>
    IntervalTimer,
}
