using System;
using System.Collections.Generic;
using Xunit.Abstractions;

namespace Memcachier.BootTests.Guests;

/// <summary>Machines that start from a disk, as a cloud's do.</summary>
internal static class DiskGuest
{
    /// <summary>OVMF's code, read only: what it would remember it forgets.</summary>
    public const string UefiCode = "/usr/share/OVMF/OVMF_CODE_4M.fd";

    /// <summary>Starts one; waits for nothing.</summary>
    /// <param name="output">The test's.</param>
    /// <param name="machine">QEMU's name of it.</param>
    /// <param name="disk">The file, which is not written to, and QEMU's name of its format.</param>
    public static BareGuest Start(
        ITestOutputHelper output, string machine, Firmware firmware, DiskBus bus, (string File, string Format) disk, string memory) =>
        BareGuest.Start(output, _ =>
        [
            "-M", machine, "-m", memory, "-serial", "chardev:console",
            "-device", "virtio-net-pci,netdev=net,romfile=",
            "-drive", $"if=none,id=disk,file={disk.File},format={disk.Format},snapshot=on",
            .. DeviceOf(bus), .. CodeOf(firmware),
        ]);

    private static IEnumerable<string> DeviceOf(DiskBus bus) => bus switch
    {
        DiskBus.Ide => ["-device", "ide-hd,drive=disk"],
        DiskBus.VirtioBlk => ["-device", "virtio-blk-pci,drive=disk"],
        DiskBus.VirtioScsi => ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=disk"],
        DiskBus.Nvme => ["-device", "nvme,drive=disk,serial=1"],
        _ => throw new ArgumentOutOfRangeException(nameof(bus)),
    };

    private static IEnumerable<string> CodeOf(Firmware firmware) =>
        firmware == Firmware.Bios ? [] : ["-drive", $"if=pflash,format=raw,readonly=on,file={UefiCode}"];
}
