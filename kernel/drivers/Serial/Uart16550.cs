using System;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Drivers.Serial;

/// <summary>
/// A 16550 UART, output only: 115200 baud, eight data bits, no parity, one stop bit; line feeds become CR LF. A UART
/// that stops taking bytes costs a bounded wait and loses the rest of the text; the machine goes on.
/// </summary>
public readonly struct Uart16550<TPorts> : ISerial
    where TPorts : struct, IPorts
{
    /// <summary>COM1 of every PC.</summary>
    public const ushort Com1 = 0x3F8;

    // Registers of the PC16550D data sheet, as offsets from the base port.
    private const int TransmitHolding = 0, DivisorLow = 0;
    private const int InterruptEnable = 1, DivisorHigh = 1;
    private const int FifoControl = 2, InterruptIdentification = 2;
    private const int LineControl = 3, ModemControl = 4, LineStatus = 5;

    private const byte DivisorLatchAccess = 0x80, EightNoneOne = 0x03;
    private const byte FifoEnableAndClear = 0x07, FifosEnabled = 0xC0;
    private const byte ReadyToSend = 0x03;                                     // DTR and RTS
    private const byte TransmitHoldingEmpty = 0x20;

    private const int FifoDepth = 16;

    /// <summary>
    /// Sixteen bytes take 1.4 ms on the wire. A port read takes a microsecond on hardware and more in most virtual
    /// machines, so this many tell a slow UART from a dead one.
    /// </summary>
    private const int EmptyPollsMax = 20_000;

    private readonly TPorts _ports;
    private readonly ushort _base;
    private readonly byte _batch;

    private Uart16550(TPorts ports, ushort basePort, byte batch)
    {
        _ports = ports;
        _base = basePort;
        _batch = batch;
    }

    /// <summary>Programs the UART at <paramref name="basePort"/>. Where there is none, writing goes nowhere.</summary>
    public static Uart16550<TPorts> Open(TPorts ports, ushort basePort)
    {
        ports.Out8((ushort)(basePort + InterruptEnable), 0);
        ports.Out8((ushort)(basePort + LineControl), DivisorLatchAccess);
        ports.Out8((ushort)(basePort + DivisorLow), 1);
        ports.Out8((ushort)(basePort + DivisorHigh), 0);
        ports.Out8((ushort)(basePort + LineControl), EightNoneOne);
        ports.Out8((ushort)(basePort + FifoControl), FifoEnableAndClear);
        ports.Out8((ushort)(basePort + ModemControl), ReadyToSend);
        // The 8250 and the first 16550 have no working FIFO and say so here.
        byte identification = ports.In8((ushort)(basePort + InterruptIdentification));
        bool hasFifo = (identification & FifosEnabled) == FifosEnabled;
        return new Uart16550<TPorts>(ports, basePort, hasFifo ? (byte)FifoDepth : (byte)1);
    }

    public void Write(ReadOnlySpan<byte> octets)
    {
        if (_batch == 0) return;                                               // default: no UART was opened
        int room = 0;
        for (int i = 0; i < octets.Length; i++)
        {
            if (octets[i] == '\n' && !TrySend((byte)'\r', ref room)) return;
            if (!TrySend(octets[i], ref room)) return;
        }
    }

    /// <param name="octet">The next byte on the wire.</param>
    /// <param name="room">How many bytes the FIFO is known to take without another look at the line status.</param>
    private bool TrySend(byte octet, ref int room)
    {
        if (room == 0)
        {
            if (!WaitUntilEmpty()) return false;
            room = _batch;
        }
        _ports.Out8((ushort)(_base + TransmitHolding), octet);
        room--;
        return true;
    }

    private bool WaitUntilEmpty()
    {
        for (int poll = 0; poll < EmptyPollsMax; poll++)
        {
            if ((_ports.In8((ushort)(_base + LineStatus)) & TransmitHoldingEmpty) != 0) return true;
        }
        return false;
    }
}
