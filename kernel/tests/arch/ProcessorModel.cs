using System;
using System.Collections.Generic;
using Memcachier.Kernel.Arch.X64;

namespace Memcachier.Kernel.Tests.Arch;

/// <summary>A processor whose every answer the test decides, and which remembers what was written.</summary>
internal sealed class ProcessorModel
{
    private readonly Dictionary<(uint Leaf, uint Subleaf), CpuidResult> _cpuid = [];

    public Dictionary<uint, ulong> Msrs { get; } = [];

    /// <summary>Writes of MSRs in their order.</summary>
    public List<(uint Register, ulong Value)> MsrWrites { get; } = [];

    public ulong Timestamp { get; set; }

    /// <summary>How far the counter moves with every reading.</summary>
    public ulong TicksPerReading { get; set; } = 1;

    /// <summary>What RDRAND gives; it fails when the queue is empty.</summary>
    public Queue<ulong> RandomNumbers { get; } = new();

    /// <summary>What RDSEED gives; it fails when the queue is empty.</summary>
    public Queue<ulong> Seeds { get; } = new();

    /// <summary>How often RDRAND or RDSEED was tried.</summary>
    public int RandomAttempts { get; private set; }

    /// <summary>What happens when an MSR is written, a hypervisor's answer for instance.</summary>
    public Action<uint, ulong>? OnMsrWrite { get; set; }

    /// <summary>What an MSR reads as, if it is not what was written.</summary>
    public Func<uint, ulong?>? OnMsrRead { get; set; }

    public void SetCpuid(uint leaf, uint eax = 0, uint ebx = 0, uint ecx = 0, uint edx = 0) =>
        _cpuid[(leaf, 0)] = new CpuidResult(eax, ebx, ecx, edx);

    public CpuidResult Cpuid(uint leaf, uint subleaf) => _cpuid.GetValueOrDefault((leaf, subleaf));

    public ulong ReadTimestamp()
    {
        ulong now = Timestamp;
        Timestamp += TicksPerReading;
        return now;
    }

    public ulong ReadMsr(uint register) => OnMsrRead?.Invoke(register) ?? Msrs.GetValueOrDefault(register);

    public void WriteMsr(uint register, ulong value)
    {
        Msrs[register] = value;
        MsrWrites.Add((register, value));
        OnMsrWrite?.Invoke(register, value);
    }

    public bool TryTake(Queue<ulong> source, out ulong value)
    {
        RandomAttempts++;
        return source.TryDequeue(out value);
    }
}

/// <summary>A <see cref="ProcessorModel"/> as a type parameter.</summary>
internal readonly struct ModelProcessor(ProcessorModel model) : IProcessor
{
    public CpuidResult Cpuid(uint leaf, uint subleaf) => model.Cpuid(leaf, subleaf);

    public ulong Timestamp() => model.ReadTimestamp();

    public ulong ReadMsr(uint register) => model.ReadMsr(register);

    public void WriteMsr(uint register, ulong value) => model.WriteMsr(register, value);

    public bool TryRandom(out ulong value) => model.TryTake(model.RandomNumbers, out value);

    public bool TrySeed(out ulong value) => model.TryTake(model.Seeds, out value);
}
