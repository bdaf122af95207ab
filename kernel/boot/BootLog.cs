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
    public void Write(ReadOnlySpan<byte> text) => Write(text, 0, 0);

    /// <summary>Writes one line with a secret in it, which only the console shows: what is kept has asterisks there.</summary>
    /// <param name="secretStart">Where in <paramref name="text"/> it begins.</param>
    /// <param name="secretLength">In bytes.</param>
    public void Write(ReadOnlySpan<byte> text, int secretStart, int secretLength)
    {
        Span<byte> buffer = stackalloc byte[LineMax];
        // The line end is put after the builder cut the text, so that it is never what is cut.
        var line = new LineBuilder(buffer.Slice(0, LineMax - 1));
        line.Append("["u8);
        line.AppendDecimal((ulong)_clock.NowMicros, TimeWidth);
        line.Append(" us] "u8);
        int textStart = line.Octets.Length;
        line.Append(text);
        int length = line.Octets.Length;
        buffer[length] = (byte)'\n';
        Span<byte> whole = buffer.Slice(0, length + 1);
        if (secretLength == 0) _ring.Append(whole);
        _serial.Write(whole);
        if (secretLength == 0) return;
        int start = Math.Min(textStart + secretStart, length);
        whole.Slice(start, Math.Min(secretLength, length - start)).Fill((byte)'*');
        _ring.Append(whole);
    }
}
