using System;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// Where configuration can come from on the machine itself, read where it is: an image of its own (kernel/boottests/sources)
/// prints what fw_cfg and each disk say.
/// </summary>
public sealed partial class SourcesTests
{
    private const int PoweredOff = (0x10 << 1) | 1;
    private const string UserData = "memory: 64";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    private readonly ITestOutputHelper _output;

    public SourcesTests(ITestOutputHelper output) => _output = output;

    [ProgramTheory("cloud-localds", "genisoimage", "mkfs.vfat", "mcopy")]
    [InlineData("q35", "pci")]
    [InlineData("pc", "pci")]
    [InlineData("microvm,acpi=off,pit=on,pic=on,rtc=on", "device")]
    [InlineData("microvm,acpi=on", "device")]
    public async Task Fw_cfg_and_every_disk_are_read(string machine, string bus)
    {
        string directory = Directory.CreateTempSubdirectory("memcachier-sources-").FullName;
        try
        {
            string console = await BootAsync(machine, bus, directory);
            Assert.Matches(@"fw_cfg; ; 0; 10 bytes; \d+ us; memory: 64", console);
            // One disk without a label, one of ISO 9660, one of FAT.
            _ = Assert.Single(NoSeed().Matches(console));
            Assert.Equal(2, HostName().Matches(console).Count);
            Assert.Equal(2, Seed().Matches(console).Count);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [GeneratedRegex("no seed; (PCI|MMIO) ")]
    private static partial Regex NoSeed();

    [GeneratedRegex("hostname; [^;]+; 0; 7 bytes; .*; cache-1")]
    private static partial Regex HostName();

    [GeneratedRegex("user-data; [^;]+; 0; 10 bytes; .*; memory: 64")]
    private static partial Regex Seed();

    private async Task<string> BootAsync(string machine, string bus, string directory)
    {
        using var limit = new CancellationTokenSource(Bound);
        await File.WriteAllTextAsync(Path.Combine(directory, "user-data"), UserData, limit.Token);
        await File.WriteAllBytesAsync(Path.Combine(directory, "0.img"), new byte[1 << 20], limit.Token);
        foreach (string[] make in (string[][])[["1.img"], ["-f", "vfat", "2.img"]])
        {
            (int made, string text) = await ToolProcess.RunAsync(
                "cloud-localds", ["-H", "cache-1", .. make, "user-data"], directory, null, limit.Token);
            Assert.True(made == 0, text);
        }
        string image = Path.Combine(Repository.Find().OutputDirectory, "memcachier-sources.elf");
        string[] arguments =
        [
            "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-M", machine, "-m", "64M",
            "-accel", "tcg", "-cpu", "max", "-kernel", image, "-serial", "stdio",
            "-global", "virtio-mmio.force-legacy=false", "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
            "-fw_cfg", "name=opt/org.memcachier/config,file=user-data",
            .. Disk(0, bus), .. Disk(1, bus), .. Disk(2, bus),
        ];
        (int exitCode, string console) = await ToolProcess.RunAsync(
            QemuCommandLine.Program, arguments, directory, null, limit.Token);
        _output.WriteLine(console);
        Assert.Equal(PoweredOff, exitCode);
        return console;
    }

    private static string[] Disk(int index, string bus) =>
    [
        "-drive", $"if=none,id=d{index},file={index}.img,format=raw,readonly=on",
        "-device", $"virtio-blk-{bus},drive=d{index}",
    ];
}
