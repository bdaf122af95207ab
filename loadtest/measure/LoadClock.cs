using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Memcachier.LoadTest.Measure;

/// <summary>Clocks in nanoseconds.</summary>
internal static class LoadClock
{
    private const int ThreadCpuTimeClock = 3; // CLOCK_THREAD_CPUTIME_ID, clock_gettime(2)

    private static readonly double NanosPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>Hot: once per reception. Monotonic, from an arbitrary beginning.</summary>
    public static long Now() =>
        Stopwatch.Frequency == 1_000_000_000
            ? Stopwatch.GetTimestamp()
            : (long)(Stopwatch.GetTimestamp() * NanosPerTick);

    /// <summary>How long the calling thread has been on a processor, in user mode and in the kernel.</summary>
    public static long ThreadCpu() =>
        ClockGetTime(ThreadCpuTimeClock, out Timespec time) == 0
            ? (time.Seconds * 1_000_000_000) + time.Nanos
            : throw new InvalidOperationException("there is no clock of a thread's processor time");

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ClockGetTime(int clock, out Timespec time);

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec
    {
        public long Seconds;
        public long Nanos;
    }
}
