namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>What kind of register puts the machine to sleep, and with that how a write to it looks.</summary>
public enum SleepRegisterKind
{
    None,

    /// <summary>PM1a_CNT, 16 bits wide, at an I/O port (ACPI 6.5 §4.8.3.2.1).</summary>
    Pm1Control,

    /// <summary>SLEEP_CONTROL_REG of a hardware-reduced machine, 8 bits wide, at an I/O port (§4.8.3.7).</summary>
    ControlPort,

    /// <summary>The same in memory.</summary>
    ControlMemory,
}
