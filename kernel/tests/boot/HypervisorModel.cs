using System.Buffers.Binary;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Tests.Arch;
using Memcachier.Kernel.Tests.Drivers.Models;

namespace Memcachier.Kernel.Tests.Boot;

/// <summary>KVM's side of its paravirtual clock.</summary>
internal sealed class HypervisorModel
{
    public const uint WallClockMsr = 0x4B56_4D00;
    public const uint SystemTimeMsr = 0x4B56_4D01;

    private Region _memory;
    private uint _multiplier = 0x8000_0000;
    private sbyte _shift = 1;

    public HypervisorModel()
    {
        Processor.SetCpuid(1, ecx: 1u << 31);
        Processor.SetCpuid(0x4000_0000, 0x4000_0001, 0x4B4D_564B, 0x564B_4D56, 0x4D);      // "KVMKVMKVM"
        Processor.SetCpuid(0x4000_0001, eax: 1 << 3);
        Processor.OnMsrWrite = OnMsrWrite;
    }

    public ProcessorModel Processor { get; } = new();

    public uint WallSeconds { get; set; } = 1;

    public bool WritesWallClock { get; set; } = true;

    public ulong SystemNanos { get; set; }

    public ulong PublishedTimestamp { get; set; }

    /// <summary>The only memory that the guest may offer.</summary>
    public void Attach(Region memory) => _memory = memory;

    public void SetScale(uint multiplier, sbyte shift)
    {
        _multiplier = multiplier;
        _shift = shift;
    }

    private void OnMsrWrite(uint register, ulong value)
    {
        if (register == WallClockMsr && WritesWallClock)
        {
            // struct pvclock_wall_clock: version, seconds, nanoseconds
            BinaryPrimitives.WriteUInt32LittleEndian(At(value, 12)[4..], WallSeconds);
        }
        else if (register == SystemTimeMsr && (value & 1) != 0)
        {
            // struct pvclock_vcpu_time_info
            System.Span<byte> info = At(value & ~1UL, 32);
            BinaryPrimitives.WriteUInt64LittleEndian(info[8..], PublishedTimestamp);
            BinaryPrimitives.WriteUInt64LittleEndian(info[16..], SystemNanos);
            BinaryPrimitives.WriteUInt32LittleEndian(info[24..], _multiplier);
            info[28] = (byte)_shift;
        }
    }

    private System.Span<byte> At(ulong address, int length)
    {
        ulong offset = address - _memory.Address;
        if (address % 4 != 0) throw new ModelException("the structure is not aligned");
        if (offset > (ulong)(_memory.Length - length))
        {
            throw new ModelException($"{address:x} was not given to the hypervisor");
        }
        return _memory.Slice((long)offset, length);
    }
}
