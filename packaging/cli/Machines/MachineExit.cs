namespace Memcachier.Cli.Machines;

/// <summary>How a virtual machine ended.</summary>
public enum MachineExit
{
    /// <summary>The guest powered itself off in an orderly way: it wrote 0x10 to isa-debug-exit.</summary>
    PoweredOff,

    /// <summary>The guest printed a crash report: it wrote 0x11.</summary>
    Crashed,

    /// <summary>The guest could not go on and said why on its console, in a line with "error": it wrote 0x12.</summary>
    GaveUp,

    /// <summary>
    /// QEMU ended because somebody told it to, or because the guest reset the machine (a triple fault, too).
    /// </summary>
    Quit,

    /// <summary>QEMU itself gave up; its standard error says why.</summary>
    Failed,

    /// <summary>It ran apart from us, so nobody saw its exit code.</summary>
    Unknown,
}
