using System;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>An MC146818 behind its two ports.</summary>
internal sealed class CmosModel
{
    private byte _index;

    public DateTime Now { get; set; }

    public bool IsBinary { get; set; }

    public bool HasTwentyFourHours { get; set; } = true;

    /// <summary>No such chip: every register reads as 0xFF.</summary>
    public bool IsAbsent { get; set; }

    /// <summary>Status A says for ever that an update is going on.</summary>
    public bool IsStuck { get; set; }

    /// <summary>A second passes after every so many readings, or never if 0.</summary>
    public int ReadingsPerSecond { get; set; }

    /// <summary>A register that reads as a value of the test's choice.</summary>
    public (byte Register, byte Value)? Odd { get; set; }

    public int Readings { get; private set; }

    public void SetIndex(byte value)
    {
        // Bit 7 keeps the non-maskable interrupt off.
        if ((value & 0x80) == 0) throw new ModelException("NMI was switched on");
        _index = (byte)(value & 0x7F);
    }

    public byte Read()
    {
        Readings++;
        byte value = Register();
        if (ReadingsPerSecond != 0 && Readings % ReadingsPerSecond == 0) Now = Now.AddSeconds(1);
        return value;
    }

    private byte Register()
    {
        if (IsAbsent) return 0xFF;
        if (Odd is (byte register, byte value) && register == _index) return value;
        return _index switch
        {
            0x00 => Encode(Now.Second),
            0x02 => Encode(Now.Minute),
            0x04 when HasTwentyFourHours => Encode(Now.Hour),
            0x04 => (byte)(Encode(Now.Hour % 12 == 0 ? 12 : Now.Hour % 12) | (Now.Hour >= 12 ? 0x80 : 0)),
            0x07 => Encode(Now.Day),
            0x08 => Encode(Now.Month),
            0x09 => Encode(Now.Year % 100),
            0x0A => (byte)(IsStuck ? 0xA6 : 0x26),
            0x0B => (byte)((IsBinary ? 0x04 : 0) | (HasTwentyFourHours ? 0x02 : 0)),
            _ => throw new ModelException($"register {_index:x} is none of the clock's"),
        };
    }

    private byte Encode(int value) => (byte)(IsBinary ? value : ((value / 10) << 4) | (value % 10));
}

/// <summary>A <see cref="CmosModel"/> as a type parameter.</summary>
internal readonly struct CmosPorts(CmosModel model) : IPorts
{
    public byte In8(ushort port) => port == 0x71 ? model.Read() : throw new ModelException($"port {port:x}");

    public ushort In16(ushort port) => throw new ModelException("the clock's registers are bytes");

    public uint In32(ushort port) => throw new ModelException("the clock's registers are bytes");

    public void Out8(ushort port, byte value)
    {
        if (port != 0x70) throw new ModelException($"port {port:x}");
        model.SetIndex(value);
    }

    public void Out16(ushort port, ushort value) => throw new ModelException("the clock's registers are bytes");

    public void Out32(ushort port, uint value) => throw new ModelException("the clock's registers are bytes");
}
