using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// What only a BIOS has: address line A20, a boot sector, sectors that it cannot read. The loader says what is wrong, on a machine
/// that goes on to be one: no reset, no triple fault.
/// </summary>
public sealed class BiosTests : IClassFixture<DiskTests.Disks>
{
    private const int SectorSize = 512;
    private const int TableSector = 1, StageSector = 34, SystemSector = 2048;

    // in al, 0x92; and al, 0xFD; out 0x92, al.
    private static readonly byte[] s_closeA20 = [0xE4, 0x92, 0x24, 0xFD, 0xE6, 0x92];

    private readonly DiskTests.Disks _disks;
    private readonly ITestOutputHelper _output;

    public BiosTests(DiskTests.Disks disks, ITestOutputHelper output)
    {
        _disks = disks;
        _output = output;
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData(StageSector, "not all of the image is on the disk; write it again")]
    [InlineData(TableSector, "the disk has no EFI system partition")]
    [InlineData(SystemSector, "the EFI system partition is not formatted as FAT")]
    public async Task What_is_missing_on_a_disk_is_said(int sector, string message)
    {
        string disk = _disks.Make("-m 8");
        using (var file = new FileStream(disk, FileMode.Open))
        {
            file.Position = sector * SectorSize;
            file.Write(new byte[SectorSize]);
        }
        await using BareGuest guest = Start(disk);
        await SaysAsync(guest, $"memcachier loader: {message}");
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("the second stage", "the disk cannot be read")]
    [InlineData("the partition table", "the disk has no EFI system partition")]
    [InlineData("the boot sector of the file system", "the EFI system partition is not formatted as FAT")]
    [InlineData("the kernel", "memcachier.elf cannot be read")]
    public async Task Sectors_that_cannot_be_read_are_told_of(string what, string message)
    {
        string disk = _disks.Make("-m 8");
        int sector = what switch
        {
            "the second stage" => StageSector + 7,
            "the partition table" => 2,
            "the boot sector of the file system" => SystemSector,
            _ => (File.ReadAllBytes(disk).AsSpan(SystemSector * SectorSize).IndexOf("\u007FELF"u8) / SectorSize) + SystemSector + 700,
        };
        await using BareGuest guest = BareGuest.Start(_output, _ =>
        [
            .. Machine,
            "-blockdev", $"driver=file,filename={disk},node-name=file",
            "-blockdev", "driver=blkdebug,node-name=faulty,image=file,inject-error.0.event=read_aio,"
                + $"inject-error.0.sector={sector},inject-error.0.errno=5",
            "-blockdev", "driver=raw,node-name=disk,file=faulty",
            "-device", "virtio-blk-pci,drive=disk",
        ]);
        await SaysAsync(guest, $"memcachier loader: {message}");
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("-cpu qemu32", "memcachier loader: this processor has no 64-bit mode")]
    // The loader itself runs there.
    [InlineData("-cpu qemu64", "memcachier cannot run: this processor lacks ")]
    [InlineData("-m 8M", "memcachier loader: there is no memory from 8 to 12 MiB; give the machine 32 MiB or more")]
    public async Task A_machine_that_is_too_small_or_too_old_is_told_so(string machine, string message)
    {
        await using BareGuest guest = Start(_disks.Make("-m 8"), machine.Split(' '));
        if (message.StartsWith("memcachier loader", StringComparison.Ordinal)) await SaysAsync(guest, message);
        else Assert.Equal(MachineExit.Crashed, await guest.WaitForEndAsync());
        Assert.Contains(message, guest.Console);
    }

    /// <summary>Firmware that leaves the line off, and, which is worse, firmware that switches it off when called.</summary>
    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData(0)]
    [InlineData(StageSector)]
    public async Task Address_line_A20_may_be_off(int sector)
    {
        string disk = _disks.Make("-m 8");
        byte[] octets = File.ReadAllBytes(disk);
        int start = sector * SectorSize;
        // What the boot sector and the second stage begin with is a jump over what is no code, or to normalise CS.
        bool isBootSector = sector == 0;
        int resume = isBootSector ? 5 : 8;
        int room = isBootSector ? 0xC8 : 0xD0;
        byte filler = isBootSector ? (byte)0 : (byte)0xCC;
        Assert.Equal(isBootSector ? 0xEA : 0xEB, octets[start]);
        byte[] detour = [.. s_closeA20, 0xE9, .. BitConverter.GetBytes((short)(resume - room - s_closeA20.Length - 3))];
        Overwrite(disk, start + room, [.. Enumerable.Repeat(filler, detour.Length)], detour);
        if (isBootSector) Overwrite(disk, start + 1, [0x05, 0x7C], BitConverter.GetBytes((short)(0x7C00 + room)));
        else Overwrite(disk, start, [0xEB], [0xE9, .. BitConverter.GetBytes((short)(room - 3))]);
        await using BareGuest guest = Start(disk);
        await guest.ServesAsync();
    }

    [Fact]
    public async Task An_exception_in_the_loader_is_reported()
    {
        string disk = _disks.Make("-m 8");
        // The first instruction after the second stage's memory is cleared: rdtsc; mov rcx, [link].
        byte[] there = [0x0F, 0x31, 0x48, 0x8B, 0x0C, 0x25];
        int place = File.ReadAllBytes(disk).AsSpan(StageSector * SectorSize).IndexOf(there) + (StageSector * SectorSize);
        Overwrite(disk, place, there, [0x0F, 0x0B]);
        await using BareGuest guest = Start(disk);
        int address = 0x8000 + place - (StageSector * SectorSize);
        await SaysAsync(guest, $"memcachier loader: processor exception 6, error 00000000, at 0x{address:x16}");
    }

    private static string[] Machine => ["-M", "q35", "-serial", "chardev:console", "-device", "virtio-net-pci,netdev=net,romfile="];

    private BareGuest Start(string disk, params string[] more) => BareGuest.Start(_output, _ =>
    [
        .. Machine, "-drive", $"if=none,id=disk,file={disk},format=raw,snapshot=on", "-device", "virtio-blk-pci,drive=disk", .. more,
    ]);

    private static async Task SaysAsync(BareGuest guest, string message)
    {
        await guest.WaitForConsoleAsync(console => console.Contains(message, StringComparison.Ordinal));
        // It is said once, and the machine stays as it is.
        await Task.Delay(500);
        Assert.False(guest.HasEnded);
        Assert.Equal(2, guest.Console.Split("memcachier loader: ").Length);
    }

    /// <summary>Writes over a part of a disk that is known to hold something.</summary>
    private static void Overwrite(string disk, int offset, byte[] there, byte[] with)
    {
        using var file = new FileStream(disk, FileMode.Open);
        file.Position = offset;
        byte[] found = new byte[there.Length];
        file.ReadExactly(found);
        Assert.Equal(there, found);
        file.Position = offset;
        file.Write(with);
    }
}
