using System;
using Memcachier.Kernel.Base;
using Log = Memcachier.Kernel.Boot.BootLog<
    Memcachier.Kernel.Drivers.Serial.Uart16550<Memcachier.Kernel.Arch.X64.GatePorts>,
    Memcachier.Kernel.Boot.TscClock<Memcachier.Kernel.Arch.X64.X64Processor>>;

namespace Memcachier.Appliance.Bench;

/// <summary>Where figures go: the console.</summary>
internal sealed class FigureLog
{
    private const int LineMax = 100;

    private readonly Log _log;

    public FigureLog(Log log) => _log = log;

    public void WriteLine(ReadOnlySpan<byte> line) => _log.Write(line);

    /// <summary>Writes the mean of <paramref name="count"/> operations to a tenth.</summary>
    public void WriteFigure(ReadOnlySpan<byte> name, ulong total, int count)
    {
        ulong tenths = ((total * 10) + ((ulong)count / 2)) / (ulong)count;
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("measured: "u8);
        line.Append(name);
        line.Append(": "u8);
        line.AppendDecimal(tenths / 10);
        line.Append("."u8);
        line.AppendDecimal(tenths % 10);
        line.Append(" instructions"u8);
        _log.Write(line.Octets);
    }
}
