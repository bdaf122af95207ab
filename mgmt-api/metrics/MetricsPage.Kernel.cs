using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Server;

namespace Memcachier.Management.Metrics;

/// <summary>The machine and its reactor.</summary>
public sealed partial class MetricsPage
{
    private long BootTime => _sources.Store.Lifetime.UnixSeconds - _sources.Store.Lifetime.Uptime;

    /// <summary>The machine.</summary>
    private bool TryWriteKernel(int index, ref MetricsWriter w)
    {
        Statistics s = _sources.Statistics;
        RoundCounters rounds = _sources.Rounds;
        ChunkPool chunks = _sources.Chunks;
        return index switch
        {
            0 => BuildInfo(ref w),
            1 => w.Gauge(
                "memcachier_boot_time_seconds"u8, "When the machine started, in seconds since 1970 UTC."u8, BootTime),
            2 => w.Gauge("memcachier_processors"u8, "Processors that run a reactor."u8, s.Threads),
            3 => w.Gauge("memcachier_memory_bytes"u8, "Memory of the machine."u8, _facts.RamBytes),
            4 => w.Gauge("memcachier_arena_bytes"u8, "Memory that was divided while booting."u8, s.ArenaBytes),
            5 => w.Gauge(
                "memcachier_arena_used_bytes"u8,
                "Of that, what is in use: objects, rings, buffers and the store."u8, s.ArenaBytesUsed),
            6 => w.CounterSeconds(
                "memcachier_busy_seconds_total"u8, "Time that the processor was not halted."u8, s.BusyMicros),
            7 => w.CounterSeconds(
                "memcachier_halted_seconds_total"u8, "Time that the processor was halted."u8, rounds.HaltedMicros),
            8 => w.Counter("memcachier_halts_total"u8, "How often the processor was halted."u8, rounds.Halts),
            9 => Interrupts(ref w),
            10 => w.Counter("memcachier_rounds_total"u8, "Poll rounds, those in vain too."u8, rounds.Rounds),
            11 => w.Counter(
                "memcachier_rounds_with_work_total"u8,
                "Poll rounds in which there was something to do."u8, rounds.RoundsWithWork),
            12 => w.CounterSeconds(
                "memcachier_work_seconds_total"u8, "Time that rounds with something to do took."u8, rounds.WorkMicros),
            13 => w.GaugeSeconds(
                "memcachier_round_max_seconds"u8, "The longest round since boot."u8, rounds.LongestRoundMicros),
            14 => w.Histogram(
                "memcachier_request_seconds"u8,
                "Time of requests: of the round that executed them."u8, rounds.RequestTimes),
            15 => w.Gauge(
                "memcachier_chunk_size_bytes"u8,
                "Bytes of a chunk, which carry what is on its way."u8, chunks.ChunkSize),
            16 => w.Gauge("memcachier_chunks"u8, "Chunks that there are."u8, chunks.Count),
            17 => w.Gauge("memcachier_chunks_free"u8, "Chunks that nobody has."u8, chunks.FreeCount),
            18 => w.Counter(
                "memcachier_chunk_refusals_total"u8,
                "How often a chunk was asked for and refused."u8, chunks.ExhaustedCount),
            _ => false,
        };
    }

    private bool Interrupts(ref MetricsWriter w)
    {
        w.Begin(
            MetricType.Counter, "memcachier_interrupts_total"u8,
            "Interrupts taken, all of them while halted, by what raised them."u8);
        w.Sample("source=\"device\""u8, _sources.Rounds.DeviceInterrupts);
        w.Sample("source=\"timer\""u8, _sources.Rounds.TimerInterrupts);
        return true;
    }

    private bool BuildInfo(ref MetricsWriter w)
    {
        w.Begin(MetricType.Info, "memcachier_build_info"u8, "Which image this is."u8);
        w.BeginSample();
        w.Label("version"u8, ServerVersion.Name);
        w.Label("build"u8, _facts.Build.AsSpan(0, Math.Min(_facts.Build.Length, BuildLengthMax)));
        w.EndSample(1);
        return true;
    }
}
