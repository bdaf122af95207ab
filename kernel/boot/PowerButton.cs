using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The power button of a PC (ACPI 6.5 §4.8.2.2.1, §4.8.3.1): a bit that stays once it was pressed. It is looked at now
/// and then; its interrupt, which has its own entry of the I/O APIC, stays masked.
/// </summary>
/// <typeparam name="TPorts">The I/O ports.</typeparam>
public sealed class PowerButton<TPorts>
    where TPorts : struct, IPorts
{
    // The same place in the status and in the enable register.
    private const ushort ButtonBit = 1 << 8;
    private const ushort EnableOffset = 2;

    private readonly TPorts _ports;

    /// <param name="port">Of the PM1a event registers; 0 for no button.</param>
    public PowerButton(TPorts ports, ushort port)
    {
        _ports = ports;
        if (port == 0) return;
        ushort enablePort = (ushort)(port + EnableOffset);
        ushort enabled = ports.In16(enablePort);
        // What was pressed before is none of ours: writing a one clears the bit. What is not enabled need not be kept.
        ports.Out16(port, ButtonBit);
        ports.Out16(enablePort, (ushort)(enabled | ButtonBit));
        // Where nothing is, all bits are read as ones: that is no button that somebody leans on.
        if ((ports.In16(port) & ButtonBit) == 0) StatusPort = port;
    }

    /// <summary>The only port that it needs from now on; 0 if there is no button.</summary>
    public ushort StatusPort { get; }

    /// <summary>Whether it was pressed, ever since.</summary>
    public bool IsPressed => StatusPort != 0 && (_ports.In16(StatusPort) & ButtonBit) != 0;
}
