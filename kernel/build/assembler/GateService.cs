namespace Memcachier.Kernel.Build;

/// <summary>What ring 3 can ask of ring 0, by number in RAX. kernel/arch/x64/Gate.Freestanding.cs is the C# side.</summary>
public enum GateService
{
    // After sealing only the console's ports, the power button's, the switch's, and those that end the machine can be used.
    In8 = 0,
    In16 = 1,
    In32 = 2,
    Out8 = 3,
    Out16 = 4,
    Out32 = 5,

    /// <summary>Enables interrupts and halts until one arrives.</summary>
    Halt = 6,
    ReadMsr = 7,

    /// <summary>After sealing only the timer's registers can be written.</summary>
    WriteMsr = 8,

    /// <summary>Loads CR3. Refused after sealing.</summary>
    LoadPageTables = 9,

    /// <summary>Ends what only booting may do, but for two ports, which are the arguments. Cannot be undone.</summary>
    Seal = 10,

    /// <summary>Resets the machine by a triple fault.</summary>
    Reset = 11,
}
