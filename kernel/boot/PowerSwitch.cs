using Memcachier.Kernel.Boot.Acpi;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>Switches the machine off the way ACPI has it (6.5 §7.4.2.6), if its tables say how.</summary>
/// <typeparam name="TPorts">The I/O ports.</typeparam>
/// <typeparam name="TRegisters">Registers in memory.</typeparam>
public sealed class PowerSwitch<TPorts, TRegisters>
    where TPorts : struct, IPorts
    where TRegisters : struct, IRegisters
{
    // PM1 control register (ACPI 6.5 table 4.13).
    private const int Pm1TypeShift = 10;
    private const ushort Pm1TypeMask = 7 << Pm1TypeShift;
    private const ushort Pm1Enable = 1 << 13;

    // Sleep control register (table 4.19).
    private const int ControlTypeShift = 2;
    private const byte ControlEnable = 1 << 5;

    private readonly TPorts _ports;
    private readonly TRegisters _registers;
    private readonly SoftOffState _state;

    /// <param name="ports">The I/O ports.</param>
    /// <param name="state">What the tables say.</param>
    /// <param name="registers">The register's byte, if it is in memory.</param>
    public PowerSwitch(TPorts ports, SoftOffState state, TRegisters registers)
    {
        _ports = ports;
        _state = state;
        _registers = registers;
    }

    /// <summary>The only port that it needs; 0 if it needs none.</summary>
    public ushort Port => _state.Register.Kind is SleepRegisterKind.Pm1Control or SleepRegisterKind.ControlPort
        ? (ushort)_state.Register.Address
        : (ushort)0;

    /// <summary>Asks for the end, which may take the machine a moment. Without a known way it does nothing.</summary>
    public void Off()
    {
        byte control = (byte)((_state.Type << ControlTypeShift) | ControlEnable);
        switch (_state.Register.Kind)
        {
            case SleepRegisterKind.Pm1Control:
                // What the other bits are for is firmware's business. There are chips that take the type only if it was there
                // before the order.
                int pm1 = (_ports.In16(Port) & ~(Pm1TypeMask | Pm1Enable)) | (_state.Type << Pm1TypeShift);
                _ports.Out16(Port, (ushort)pm1);
                _ports.Out16(Port, (ushort)(pm1 | Pm1Enable));
                break;
            case SleepRegisterKind.ControlPort:
                _ports.Out8(Port, control);
                break;
            case SleepRegisterKind.ControlMemory:
                _registers.Write8(0, control);
                break;
            case SleepRegisterKind.None:
            default:
                break;
        }
    }
}
