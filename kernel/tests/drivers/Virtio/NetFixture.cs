using System;
using System.Buffers.Binary;
using Memcachier.Kernel.Drivers.Pci;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Platform;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Virtio;

/// <summary>How the modelled device is attached.</summary>
public enum Wiring
{
    Mmio,
    PciQemu,
    PciOneBar,
    PciWithoutMsix,
}

/// <summary>A modelled network device, and the driver for it.</summary>
internal sealed class NetFixture
{
    public const byte Vector = 0x41, ApicId = 3;
    public const int Csum = 0, GuestCsum = 1, Mtu = 3, Mac = 5, Status = 16, EventIdx = 29, Version1 = 32;

    public static readonly byte[] MacOctets = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];

    private readonly ModelBus _bus = new();
    private readonly Region _region;
    private readonly MmioVirtioModel? _mmio;
    private readonly PciVirtioModel? _pci;
    private VirtioTransport<ModelRegisters> _transport;
    private VirtioNetPlan _plan;

    public NetFixture(
        Wiring wiring, ulong offered, ushort queueSize = 16, ushort mtu = 1500, Region? region = null,
        byte[]? config = null)
    {
        _region = region ?? HostMemory.Allocate(2L * queueSize * 1600 * Math.Max((mtu / 1500) + 1, 1) + 65536);
        Model = new VirtioModel(
            1, offered | 1UL << Version1, config ?? MakeConfig(mtu), new DmaMemory(_region), queueSize, queueSize, 64);
        Device = new NetDeviceModel(Model);
        if (wiring == Wiring.Mmio)
        {
            _mmio = new MmioVirtioModel(Model);
            _bus.Add(0xFEB0_0E00, 0x100 + (uint)Model.ConfigLength, _mmio);
        }
        else
        {
            PciVirtioLayout layout = wiring == Wiring.PciOneBar ? PciVirtioLayout.OneBar : PciVirtioLayout.Qemu;
            _pci = new PciVirtioModel(Model, layout, hasMsix: wiring != Wiring.PciWithoutMsix);
        }
        OpenTransport();
    }

    public VirtioModel Model { get; }

    public NetDeviceModel Device { get; }

    public MmioVirtioModel Mmio => _mmio!;

    public PciVirtioModel PciFunction => _pci!;

    public VirtioNetPlan Plan => _plan;

    public VirtioNet<VirtioTransport<ModelRegisters>, SharedMemory> Net { get; private set; } = null!;

    /// <summary>Interrupts that reached the processor.</summary>
    public int InterruptCount => _mmio?.Edges ?? _pci!.Msix?.Messages.Count ?? 0;

    /// <summary>Bits by number.</summary>
    public static ulong Bits(params int[] numbers)
    {
        ulong bits = 0;
        foreach (int number in numbers) bits |= 1UL << number;
        return bits;
    }

    /// <summary>A driver at work, with every feature that it knows.</summary>
    public static NetFixture Started(
        Wiring wiring = Wiring.PciQemu, ushort queueSize = 16, bool hasEventIdx = true, ulong more = 0)
    {
        ulong offered = Bits(Mac, Status) | more | (hasEventIdx ? 1UL << EventIdx : 0);
        var fixture = new NetFixture(wiring, offered, queueSize);
        fixture.Start();
        return fixture;
    }

    public VirtioOutcome Negotiate(int mtuMax = 9216, int queueSizeMax = 1024) =>
        VirtioNetPlan.TryMake(ref _transport, new ModelEntropy(), mtuMax, queueSizeMax, out _plan);

    public void Start()
    {
        Assert.Equal(VirtioOutcome.Done, Negotiate());
        Assert.Equal(VirtioOutcome.Done, StartPlanned());
    }

    public VirtioOutcome StartPlanned()
    {
        Assert.InRange(_plan.MemoryLength, 1, _region.Length);
        Net = new VirtioNet<VirtioTransport<ModelRegisters>, SharedMemory>(_transport, default, _region, in _plan);
        return Net.Start();
    }

    /// <summary>The next received frame's bytes, recycled at once; null if there is none.</summary>
    public byte[]? Receive()
    {
        if (!Net.TryReceive(out ReceivedFrame frame)) return null;
        byte[] octets = frame.Octets.ToArray();
        Net.Recycle(in frame);
        return octets;
    }

    public bool TrySend(ReadOnlySpan<byte> octets, TransmitChecksum checksum = default)
    {
        if (!Net.TryRent(out TransmitFrame frame)) return false;
        octets.CopyTo(frame.Octets);
        Net.Send(in frame, octets.Length, checksum);
        return true;
    }

    /// <summary>A frame that differs from every other number's.</summary>
    public static byte[] Frame(int number, int length = 60)
    {
        byte[] frame = new byte[length];
        for (int i = 0; i < length; i++) frame[i] = (byte)(number + i);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(length - 4), number);
        return frame;
    }

    private static byte[] MakeConfig(ushort mtu)
    {
        byte[] config = new byte[24];
        MacOctets.CopyTo(config, 0);
        config[6] = 1;
        config[8] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(config.AsSpan(10), mtu);
        return config;
    }

    private void OpenTransport()
    {
        if (_mmio is not null)
        {
            var registers = new ModelRegisters(_bus, 0xFEB0_0E00, 0x100 + (uint)Model.ConfigLength);
            Assert.Equal(
                VirtioOutcome.Done, MmioTransport<ModelRegisters>.TryOpen(registers, true, out var mmioTransport));
            _transport = new VirtioTransport<ModelRegisters>(mmioTransport);
            return;
        }
        var machine = new PciModel(_bus);
        machine.Add(0, 1, 0, _pci!.Function);
        VirtioOutcome outcome = PciTransport<ModelRegisters>.TryOpen(
            Models.Pci.Open(machine, _bus), new PciFunction(new PciAddress(0, 0, 1, 0), 0x1AF4, 0x1041, 0x020000),
            new ModelMap(_bus), new MsiTarget(Vector, ApicId), out PciTransport<ModelRegisters> transport);
        Assert.Equal(VirtioOutcome.Done, outcome);
        _transport = new VirtioTransport<ModelRegisters>(transport);
    }

    private readonly struct ModelEntropy : IEntropy
    {
        public void Fill(Span<byte> destination)
        {
            for (int i = 0; i < destination.Length; i++) destination[i] = (byte)(0xF1 + i);
        }
    }
}
