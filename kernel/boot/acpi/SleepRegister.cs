namespace Memcachier.Kernel.Boot.Acpi;

/// <summary>The register that puts the machine to sleep.</summary>
public readonly struct SleepRegister
{
    public SleepRegister(SleepRegisterKind kind, ulong address)
    {
        Kind = kind;
        Address = address;
    }

    public SleepRegisterKind Kind { get; }

    /// <summary>The port's number, or the physical address.</summary>
    public ulong Address { get; }
}
