using System;
using System.Runtime;
using Memcachier.Kernel.Arch.X64;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.FwCfg;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Storage;
using Blocks = Memcachier.Kernel.Drivers.Virtio.VirtioBlkReader<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory,
    Memcachier.Kernel.Boot.TscClock<Memcachier.Kernel.Arch.X64.X64Processor>>;
using Disk = Memcachier.Kernel.Drivers.Virtio.VirtioBlk<
    Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>,
    Memcachier.Kernel.Drivers.Virtio.SharedMemory>;
using Transport = Memcachier.Kernel.Drivers.Virtio.VirtioTransport<Memcachier.Kernel.Arch.X64.Mmio>;

namespace Memcachier.Kernel.BootTests.Sources;

/// <summary>Prints what fw_cfg and each virtio-blk disk say, and how long each took, and powers off.</summary>
internal static class Program
{
    private const int RoomLength = 16 * 1024;
    private const int DiskCountMax = 8;
    private const int LineMax = 120;

    /// <summary>Entered by the boot code in ring 3, on the main stack. Never returns.</summary>
    [RuntimeExport("kernel_main")]
    private static unsafe void Main(SharedPage* shared)
    {
        // SAFETY: the boot code passes the page that both rings share, which stays mapped.
        Hardware hardware = Hardware.Start(in *shared);
        byte[] room = new byte[RoomLength];
        ReadFwCfg(hardware, room);
        var devices = new VirtioDevices(hardware);
        for (int ordinal = 0; ordinal < DiskCountMax; ordinal++)
        {
            if (!ReadDisk(hardware, devices, ordinal, room)) break;
        }
        Power.Off();
    }

    private static void ReadFwCfg(Hardware hardware, Span<byte> room)
    {
        long startMicros = hardware.Clock.NowMicros;
        Region memory = BootArena.Take(FwCfg<GatePorts, SharedMemory>.MemoryLength, VirtqueueLayout.Alignment);
        var device = new FwCfg<GatePorts, SharedMemory>(default, default, memory);
        FwCfgOutcome outcome = device.TryRead("opt/org.memcachier/config"u8, room, out int length);
        Write(hardware, "fw_cfg"u8, default, (byte)outcome, room.Slice(0, length), startMicros);
    }

    private static bool ReadDisk(Hardware hardware, VirtioDevices devices, int ordinal, Span<byte> room)
    {
        long startMicros = hardware.Clock.NowMicros;
        var place = new LineBuilder(stackalloc byte[LineMax]);
        VirtioOutcome outcome = devices.TryOpen(VirtioDeviceId.Block, ordinal, out Transport transport, ref place);
        if (outcome == VirtioOutcome.NoDevice) return false;
        if (outcome != VirtioOutcome.Done) return Write(hardware, "device"u8, place.Octets, (byte)outcome, default, startMicros);
        var disk = new Disk(transport, default, BootArena.Take(Disk.MemoryLength, VirtqueueLayout.Alignment));
        outcome = disk.Start();
        if (outcome != VirtioOutcome.Done) return Write(hardware, "start"u8, place.Octets, (byte)outcome, default, startMicros);
        if (NoCloudDisk<Blocks>.TryOpen(new Blocks(disk, hardware.Clock), out NoCloudDisk<Blocks> seed))
        {
            FileOutcome read = seed.TryReadMetaData(room, out NoCloudMetaData metaData);
            _ = Write(hardware, "hostname"u8, place.Octets, (byte)read, metaData.LocalHostname, startMicros);
            read = seed.TryReadUserData(room, out int length);
            _ = Write(hardware, "user-data"u8, place.Octets, (byte)read, room.Slice(0, length), startMicros);
        }
        else
        {
            _ = Write(hardware, "no seed"u8, place.Octets, 0, default, startMicros);
        }
        return disk.Close() || Write(hardware, "not closed"u8, place.Octets, 0, default, startMicros);
    }

    private static bool Write(
        Hardware hardware, ReadOnlySpan<byte> what, ReadOnlySpan<byte> place, byte outcome, ReadOnlySpan<byte> text,
        long startMicros)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append(what);
        line.Append("; "u8);
        line.Append(place);
        line.Append("; "u8);
        line.AppendDecimal(outcome);
        line.Append("; "u8);
        line.AppendDecimal((ulong)text.Length);
        line.Append(" bytes; "u8);
        line.AppendDecimal((ulong)(hardware.Clock.NowMicros - startMicros));
        line.Append(" us; "u8);
        line.Append(text.Slice(0, Math.Min(text.Length, 30)));
        hardware.Log.Write(line.Octets);
        return true;
    }
}
