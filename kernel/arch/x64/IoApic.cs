using Memcachier.Kernel.Base;
using Memcachier.Kernel.Platform;

namespace Memcachier.Kernel.Arch.X64;

/// <summary>
/// The I/O APIC (Intel 82093AA): brings interrupt wires to the processor. Only devices without message-signalled
/// interrupts need it: virtio over MMIO.
/// </summary>
public sealed class IoApic<TRegisters>
    where TRegisters : struct, IRegisters
{
    /// <summary>Where every PC has its first one.</summary>
    public const ulong DefaultBase = 0xFEC0_0000;

    private const uint IndexRegister = 0x00;
    private const uint DataRegister = 0x10;
    private const uint VersionIndex = 0x01;
    private const uint RedirectionIndex = 0x10;
    private const uint Masked = 1 << 16;
    private const uint LevelTriggered = 1 << 15;

    private readonly TRegisters _registers;

    public IoApic(TRegisters registers) => _registers = registers;

    /// <summary>How many wires it has.</summary>
    public uint InputCount => (Read(VersionIndex) >> 16 & 0xFF) + 1;

    /// <summary>Masks every input: what the firmware left must not reach us.</summary>
    public void MaskAll()
    {
        for (uint input = 0; input < InputCount; input++) Write(RedirectionIndex + (input * 2), Masked);
    }

    /// <summary>
    /// Sends input <paramref name="input"/> (active high) as <paramref name="vector"/> to one processor. Fails if there is
    /// no such input.
    /// </summary>
    public bool TryRoute(uint input, byte vector, uint apicId, bool isLevel)
    {
        if (input >= InputCount) return false;
        Invariant.Holds(apicId <= 0xFF);
        Write(RedirectionIndex + (input * 2) + 1, apicId << 24);
        Write(RedirectionIndex + (input * 2), vector | (isLevel ? LevelTriggered : 0));
        return true;
    }

    private uint Read(uint index)
    {
        _registers.Write32(IndexRegister, index);
        return _registers.Read32(DataRegister);
    }

    private void Write(uint index, uint value)
    {
        _registers.Write32(IndexRegister, index);
        _registers.Write32(DataRegister, value);
    }
}
