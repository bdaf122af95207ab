using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// The console: every line with the microseconds since the machine entered the image. The last lines are kept in memory
/// for the crash report.
/// </summary>
public sealed class BootLog<TSerial, TClock>
    where TSerial : struct, ISerial
    where TClock : struct, IClock
{
    private const int LineMax = 160;
    private const int TimeWidth = 9;

    private readonly TSerial _serial;
    private readonly TClock _clock;
    private readonly LogRing _ring;

    public BootLog(TSerial serial, TClock clock, LogRing ring)
    {
        _serial = serial;
        _clock = clock;
        _ring = ring;
    }

    /// <summary>Writes one line; what is beyond 160 bytes is cut off.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        Span<byte> buffer = stackalloc byte[LineMax];
        // The line end is put after the builder cut the text, so that it is never what is cut.
        var line = new LineBuilder(buffer.Slice(0, LineMax - 1));
        line.Append("["u8);
        line.AppendDecimal((ulong)_clock.NowMicros, TimeWidth);
        line.Append(" us] "u8);
        line.Append(text);
        int length = line.Octets.Length;
        buffer[length] = (byte)'\n';
        _ring.Append(buffer.Slice(0, length + 1));
        _serial.Write(buffer.Slice(0, length + 1));
    }
}
