using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot;
using Memcachier.Kernel.Drivers.FwCfg;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Storage;

namespace Memcachier.Appliance;

/// <summary>
/// Reads what configures the machine besides the command line: fw_cfg and a NoCloud disk, before the memory is divided.
/// Whatever is wrong with them is said, and the machine boots without it.
/// </summary>
/// <remarks>
/// The memory for it is lent by the arena, [ the driver's ][ a file ], and later part of the store like any other.
/// </remarks>
internal sealed class ConfigurationSources
{
    private const int DiskCountMax = 8;

    private readonly Hardware _hardware;
    private readonly Settings _settings;
    private readonly Remarks _remarks;
    private readonly BootConsole _console;

    public ConfigurationSources(Hardware hardware, Settings settings, Remarks remarks, BootConsole console)
    {
        _hardware = hardware;
        _settings = settings;
        _remarks = remarks;
        _console = console;
    }

    private static ReadOnlySpan<byte> FwCfgFile => "opt/org.memcachier/config"u8;

    /// <summary>Reads fw_cfg's file, and the first NoCloud disk.</summary>
    public void Read(VirtioDevices devices)
    {
        ReadFwCfg();
        int count = 0;
        bool isLast = false;
        while (count < DiskCountMax && !isLast)
        {
            var place = new LineBuilder(stackalloc byte[BootConsole.PlaceMax]);
            VirtioOutcome outcome = devices.TryOpen(VirtioDeviceId.Block, count, out Transport transport, ref place);
            // Without a place it is a slot that nobody can say more of; without a network device, somebody will.
            if (place.Octets.Length == 0) break;
            count++;
            if (outcome == VirtioOutcome.Done) outcome = ReadDisk(transport, place.Octets, out isLast);
            if (outcome != VirtioOutcome.Done) _console.WriteBadDisk(outcome, place.Octets);
        }
        if (count > 0 && !isLast) _console.WriteNoSeed(count);
    }

    private void ReadFwCfg()
    {
        Region memory = Borrow();
        Span<byte> room = RoomOf(memory);
        var files = new FirmwareFiles(default, default, memory.Part(0, FirmwareFiles.MemoryLength));
        FwCfgOutcome outcome = files.TryRead(FwCfgFile, room, out int length);
        if (outcome == FwCfgOutcome.Failed) BootArena.GiveUp(memory);
        if (outcome is FwCfgOutcome.NoDevice or FwCfgOutcome.NoFile) return;
        _console.WriteFwCfg(outcome, FwCfgFile, length);
        Apply(room.Slice(0, length), SettingSource.FirmwareConfiguration);
    }

    private VirtioOutcome ReadDisk(Transport transport, ReadOnlySpan<byte> place, out bool isSeed)
    {
        isSeed = false;
        Region memory = Borrow();
        var disk = new Disk(transport, default, memory.Part(0, Disk.MemoryLength));
        VirtioOutcome outcome = disk.Start();
        if (outcome == VirtioOutcome.Done)
        {
            isSeed = NoCloudDisk<DiskReader>.TryOpen(
                new DiskReader(disk, _hardware.Clock), out NoCloudDisk<DiskReader> seed);
            if (isSeed) ReadSeed(in seed, RoomOf(memory), place);
        }
        if (!disk.Close()) BootArena.GiveUp(memory);
        return outcome;
    }

    private void ReadSeed(in NoCloudDisk<DiskReader> seed, Span<byte> room, ReadOnlySpan<byte> place)
    {
        FileOutcome outcome = seed.TryReadMetaData(room, out NoCloudMetaData metaData);
        if (outcome == FileOutcome.Done)
        {
            UserData.ApplyHostName(
                "local-hostname"u8, metaData.LocalHostname, _settings, _remarks, SettingSource.UserData);
        }
        outcome = seed.TryReadUserData(room, out int length);
        _console.WriteSeed(outcome, place, seed.FileSystem, length);
        Apply(room.Slice(0, length), SettingSource.UserData);
    }

    /// <summary>Follows a text, and leaves nothing of it: there may be passwords in it.</summary>
    private void Apply(Span<byte> text, SettingSource source)
    {
        UserData.Apply(text, _settings, _remarks, _hardware.Clock.UnixSeconds, source);
        text.Clear();
    }

    /// <summary>What a driver needs, one or the other.</summary>
    private static long DriverLength => Math.Max(Disk.MemoryLength, FirmwareFiles.MemoryLength);

    private static Region Borrow() =>
        BootArena.Lend(DriverLength + UserData.LengthMax, VirtqueueLayout.Alignment);

    private static Span<byte> RoomOf(Region memory) => memory.Slice(DriverLength, UserData.LengthMax);
}
