using System.Collections.Generic;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Drivers.Serial;

/// <summary>A 16550 whose FIFO empties only after its line status was read a number of times.</summary>
internal sealed class UartModel
{
    public const ushort Base = 0x2F8;

    private readonly byte[] _registers = new byte[8];
    private int _pollsUntilEmpty;
    private int _inFifo;

    public List<byte> Wire { get; } = [];

    public int FifoDepth { get; init; } = 16;

    /// <summary>Line status reads until a filled FIFO is empty; negative: never.</summary>
    public int PollsToEmpty { get; init; } = 3;

    public long StatusReads { get; private set; }

    public int Divisor { get; private set; }

    public byte LineControl => _registers[3];

    public byte InterruptEnable { get; private set; } = 0xFF;

    private bool IsDivisorAccessible => (_registers[3] & 0x80) != 0;

    public byte In(int register)
    {
        switch (register)
        {
            case 2: return FifoDepth == 16 ? (byte)0xC1 : (byte)0x01;
            case 5:
                StatusReads++;
                if (_inFifo > 0 && PollsToEmpty >= 0 && --_pollsUntilEmpty < 0) _inFifo = 0;
                return _inFifo == 0 ? (byte)0x60 : (byte)0;
            default: return _registers[register];
        }
    }

    public void Out(int register, byte value)
    {
        _registers[register] = value;
        if (register == 0 && IsDivisorAccessible) Divisor = (Divisor & 0xFF00) | value;
        else if (register == 1 && IsDivisorAccessible) Divisor = (Divisor & 0xFF) | (value << 8);
        else if (register == 1) InterruptEnable = value;
        else if (register == 0)
        {
            if (_inFifo == FifoDepth) throw new ModelException("the FIFO overran");
            _inFifo++;
            _pollsUntilEmpty = PollsToEmpty;
            Wire.Add(value);
        }
    }
}

internal readonly struct UartPorts(UartModel uart) : IPorts
{
    public byte In8(ushort port) => uart.In(port - UartModel.Base);

    public ushort In16(ushort port) => throw new ModelException("a UART's registers are bytes");

    public uint In32(ushort port) => throw new ModelException("a UART's registers are bytes");

    public void Out8(ushort port, byte value) => uart.Out(port - UartModel.Base, value);

    public void Out16(ushort port, ushort value) => throw new ModelException("a UART's registers are bytes");

    public void Out32(ushort port, uint value) => throw new ModelException("a UART's registers are bytes");
}
