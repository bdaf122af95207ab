using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Memory;

namespace Memcachier.Appliance.Bench;

/// <summary>
/// Prints how far the time-stamp counter advances with each operation, less what the loop around it takes.
/// </summary>
internal sealed class StoreMeter
{
    private const int LineMax = 100;
    private const int CalibrationRounds = 1_000_000;
    private const int ReadKeyCount = 4_096;
    private const int SetCount = 25_000;
    private const int MultigetCount = 250;

    private readonly FigureLog _log;

    public StoreMeter(FigureLog log) => _log = log;

    /// <summary>
    /// A loop of two instructions a round, a subtraction and a jump: what is printed for it must be 2.0, or the counter
    /// counts something else.
    /// </summary>
    public void Calibrate()
    {
        ulong once = TimeRounds(CalibrationRounds);
        ulong twice = TimeRounds(2 * CalibrationRounds);
        _log.WriteFigure("calibration, a loop of two instructions"u8, twice - once, CalibrationRounds);
    }

    /// <summary>Fills the store with values of this length, and measures.</summary>
    public void Measure(Region memory, int valueLength)
    {
        var workload = new StoreWorkload(memory, valueLength);
        WriteStore(workload);
        ulong sets = TimeSets(workload, SetCount) - TimeNewKeys(workload, SetCount);
        workload.PrepareReads(ReadKeyCount);
        ulong keys = TimeKeys(workload, ReadKeyCount);
        ulong hits = TimeHits(workload, ReadKeyCount) - keys;
        ulong misses = TimeMisses(workload, ReadKeyCount) - keys;
        ulong multigets = TimeMultigets(workload, MultigetCount)
            - TimeKeys(workload, MultigetCount * StoreWorkload.MultigetCount);
        Write("GET hit"u8, valueLength, hits, ReadKeyCount);
        Write("GET miss"u8, valueLength, misses, ReadKeyCount);
        Write("GET of 100 keys"u8, valueLength, multigets, MultigetCount);
        Write("SET"u8, valueLength, sets, SetCount);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong TimeRounds(int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = count; i != 0; i--)
        {
        }
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeSets(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) workload.Set();
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeNewKeys(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) workload.NextNewKey();
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeHits(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) _ = workload.GetHit();
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeMisses(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) _ = workload.GetMiss();
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeMultigets(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) _ = workload.Multiget();
        return Hardware.Processor.Timestamp() - start;
    }

    private static ulong TimeKeys(StoreWorkload workload, int count)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < count; i++) _ = workload.NextKey();
        return Hardware.Processor.Timestamp() - start;
    }

    private void WriteStore(StoreWorkload workload)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("full store: "u8);
        line.AppendDecimal((ulong)workload.ItemCount);
        line.Append(" items, "u8);
        line.AppendDecimal((ulong)workload.IndexLengthPerHundred);
        line.Append(" bytes of index for each hundred"u8);
        _log.WriteLine(line.Octets);
    }

    private void Write(ReadOnlySpan<byte> operation, int valueLength, ulong total, int count)
    {
        var name = new LineBuilder(stackalloc byte[LineMax]);
        name.Append("store "u8);
        name.Append(operation);
        name.Append(", value of "u8);
        name.AppendDecimal((ulong)valueLength);
        name.Append(" bytes"u8);
        _log.WriteFigure(name.Octets, total, count);
    }
}
