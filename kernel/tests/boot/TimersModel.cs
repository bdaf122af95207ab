using System;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Arch;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>
/// The PM timer and the interval timer's channel 0 of a machine whose counter runs at a known frequency.
/// </summary>
internal sealed class TimersModel(ProcessorModel processor, ulong hertz)
{
    public const ushort PmTimerPort = 0x608;

    private const ulong PmTimerHertz = 3_579_545;
    private const ulong IntervalTimerHertz = 1_193_182;

    private byte _mode;
    private ulong _sliceEnd;
    private int _latched = -1;
    private bool _isHighNext;

    /// <summary>What a port access costs, in counts of the time-stamp counter.</summary>
    public ulong TicksPerAccess { get; set; } = hertz / 1_000_000;

    public bool IsPmTimerDead { get; set; }

    public bool IsIntervalTimerDead { get; set; }

    /// <summary>Where the PM timer stands at the start: near its wrap, for instance.</summary>
    public uint PmTimerStart { get; set; }

    public int PmTimerBits { get; set; } = 24;

    public long Accesses { get; private set; }

    /// <summary>The counter jumps by this much at the given access: the host ran something else.</summary>
    public (long Access, ulong Ticks) Pause { get; set; }

    /// <summary>
    /// A busy host: after a slice of random length up to this, in counts, which ends before an access or after it, the
    /// counter jumps by up to <see cref="AwayMax"/>. 0 for none.
    /// </summary>
    public ulong SliceMax { get; set; }

    public ulong AwayMax { get; set; }

    public Random Random { get; set; } = new(1);

    public uint ReadPmTimer()
    {
        Access();
        if (IsPmTimerDead) return 0xFFFF_FFFF;
        uint count = PmTimerStart + (uint)((UInt128)processor.Timestamp * PmTimerHertz / hertz);
        BeAway();
        // ACPI 6.5 §4.8.3.3: the upper byte of a 24-bit timer reads as zero.
        return PmTimerBits == 32 ? count : count & 0xFF_FFFF;
    }

    public void WriteIntervalTimerCommand(byte value)
    {
        Access();
        if (value == 0)
        {
            _latched = Count();
            BeAway();
        }
        else _mode = value;
    }

    public byte ReadIntervalTimer()
    {
        Access();
        if (_mode != 0x34) throw new ModelException("channel 0 is not a rate generator that takes two bytes");
        if (_latched < 0) throw new ModelException("the count was not latched: its halves may not belong together");
        byte half = (byte)(_isHighNext ? _latched >> 8 : _latched);
        if (_isHighNext) _latched = -1;
        _isHighNext = !_isHighNext;
        return half;
    }

    private int Count() => IsIntervalTimerDead
        ? 0xFFFF
        : (ushort)(0x1_0000 - (uint)((UInt128)processor.Timestamp * IntervalTimerHertz / hertz));

    public void Access()
    {
        processor.Timestamp += TicksPerAccess;
        if (++Accesses == Pause.Access) processor.Timestamp += Pause.Ticks;
        // Half of the slices end before the timer answers, the others after.
        if (Random.Next(2) == 0) BeAway();
    }

    private void BeAway()
    {
        if (SliceMax == 0 || processor.Timestamp < _sliceEnd) return;
        processor.Timestamp += (ulong)Random.NextInt64((long)AwayMax);
        _sliceEnd = processor.Timestamp + (ulong)Random.NextInt64((long)SliceMax);
    }
}

/// <summary>A <see cref="TimersModel"/> as a type parameter.</summary>
internal readonly struct TimerPorts(TimersModel model) : IPorts
{
    public byte In8(ushort port) =>
        port == 0x40 ? model.ReadIntervalTimer() : throw new ModelException($"port {port:x}");

    public ushort In16(ushort port) => throw new ModelException($"port {port:x}");

    public uint In32(ushort port) =>
        port == TimersModel.PmTimerPort ? model.ReadPmTimer() : throw new ModelException($"port {port:x}");

    public void Out8(ushort port, byte value)
    {
        if (port == 0x43) model.WriteIntervalTimerCommand(value);
        else if (port == 0x40) model.Access();
        else throw new ModelException($"port {port:x}");
    }

    public void Out16(ushort port, ushort value) => throw new ModelException($"port {port:x}");

    public void Out32(ushort port, uint value) => throw new ModelException($"port {port:x}");
}
