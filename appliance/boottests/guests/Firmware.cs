namespace Memcachier.BootTests.Guests;

/// <summary>What starts a machine from its disk.</summary>
public enum Firmware
{
    /// <summary>SeaBIOS.</summary>
    Bios,

    /// <summary>OVMF.</summary>
    Uefi,
}
