using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Memcachier.Packaging.Image;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>The disks of <c>./memcachier image</c> boot wherever a cloud may put them, and what is wrong with one is said.</summary>
public sealed partial class DiskTests : IClassFixture<DiskTests.Disks>
{
    private const int SizeMax = 8 << 20;
    private const long ReadyMicrosMax = 100_000;
    private const int TimedBootCount = 5;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static readonly string[] s_machines = ["q35", "pc"];
    private static readonly string[] s_memory = ["64M", "256M", "6G"];
    private static readonly ImageFormat[] s_formats = [ImageFormat.Raw, ImageFormat.Qcow2, ImageFormat.Vmdk];

    private readonly Disks _disks;
    private readonly ITestOutputHelper _output;

    public DiskTests(Disks disks, ITestOutputHelper output)
    {
        _disks = disks;
        _output = output;
    }

    /// <summary>Every machine, firmware, bus and format with each other; the memory changes from one to the next.</summary>
    public static TheoryData<string, Firmware, DiskBus, ImageFormat, string> Matrix
    {
        get
        {
            var rows = new TheoryData<string, Firmware, DiskBus, ImageFormat, string>();
            foreach (string machine in s_machines)
            {
                foreach (Firmware firmware in Enum.GetValues<Firmware>())
                {
                    foreach (DiskBus bus in Enum.GetValues<DiskBus>())
                    {
                        foreach (ImageFormat format in s_formats)
                            rows.Add(machine, firmware, bus, format, s_memory[rows.Count % s_memory.Length]);
                    }
                }
            }
            return rows;
        }
    }

    [ProgramTheory(QemuCommandLine.Program, "qemu-img", DiskGuest.UefiCode)]
    [MemberData(nameof(Matrix))]
    public async Task It_boots_and_serves_with_the_settings_of_its_file(
        string machine, Firmware firmware, DiskBus bus, ImageFormat format, string memory)
    {
        await using BareGuest guest = DiskGuest.Start(_output, machine, firmware, bus, await _disks.AsAsync(format), memory);
        await guest.ServesAsync();
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal((32 << 20).ToString(CultureInfo.InvariantCulture), (await connection.StatsAsync(" settings"))["maxbytes"]);
        Assert.DoesNotContain("error: ", guest.Console);
    }

    [ProgramTheory(QemuCommandLine.Program, DiskGuest.UefiCode)]
    [InlineData(Firmware.Bios)]
    [InlineData(Firmware.Uefi)]
    public async Task Is_ready_within_100_milliseconds_of_being_entered(Firmware firmware)
    {
        Assert.InRange(new FileInfo((await _disks.AsAsync(ImageFormat.Raw)).File).Length, 1, SizeMax);
        long best = long.MaxValue;
        for (int boot = 0; boot < TimedBootCount; boot++)
        {
            await using BareGuest guest = DiskGuest.Start(
                _output, "q35", firmware, DiskBus.VirtioBlk, (_disks.Make("ip=10.0.2.15/24,gw=10.0.2.2"), "raw"), "256M");
            await guest.ServesAsync();
            best = Math.Min(best, GuestConsole.ReadyMicros(guest.Console) ?? long.MaxValue);
        }
        _output.WriteLine($"measured: disk boot to ready {best} us in the guest (TCG, q35, {firmware}, static address, best of {TimedBootCount})");
        Assert.InRange(best, 1, ReadyMicrosMax);
    }

    /// <summary>A disk is customised by what everybody has for files on disks, without building anything.</summary>
    [ProgramTheory(QemuCommandLine.Program, "mcopy", DiskGuest.UefiCode)]
    [InlineData(Firmware.Bios)]
    [InlineData(Firmware.Uefi)]
    public async Task Its_settings_can_be_changed_on_the_disk(Firmware firmware)
    {
        string disk = _disks.Make("-m 8");
        await _disks.PutAsync(disk, "memcachier.conf", "\uFEFF# by hand\r\nip=dhcp\r\n-m 16   # megabytes\r\n");
        await using BareGuest guest = DiskGuest.Start(_output, "q35", firmware, DiskBus.VirtioBlk, (disk, "raw"), "128M");
        await guest.ServesAsync();
        Assert.Contains("store: 16 MiB", guest.Console);
        await _disks.DeleteAsync(disk, "memcachier.conf");
        await using BareGuest without = DiskGuest.Start(_output, "q35", firmware, DiskBus.VirtioBlk, (disk, "raw"), "128M");
        await without.ServesAsync();
    }

    /// <summary>UEFI's boot manager goes on then; a BIOS has nothing to go on to.</summary>
    [ProgramTheory(QemuCommandLine.Program, "mcopy", "mdel", DiskGuest.UefiCode)]
    [InlineData("no kernel", "there is no memcachier.elf")]
    [InlineData("a kernel that is text", "memcachier.elf is not an ELF64 file for x86-64")]
    [InlineData("half a kernel", "memcachier.elf is cut short")]
    [InlineData("an empty kernel", "memcachier.elf is not an ELF64 file for x86-64")]
    [InlineData("a long line", "memcachier.conf has more than 4095 bytes, comments not counted")]
    [InlineData("a long file", "memcachier.conf is longer than 64 KiB")]
    public async Task What_is_wrong_with_a_disk_is_said(string what, string message)
    {
        string disk = _disks.Make("-m 8");
        switch (what)
        {
            case "no kernel":
                await _disks.DeleteAsync(disk, "memcachier.elf");
                break;
            case "a kernel that is text":
                await _disks.PutAsync(disk, "memcachier.elf", new string('#', 100_000));
                break;
            case "half a kernel":
                byte[] kernel = await File.ReadAllBytesAsync(Repository.Find().Image);
                await _disks.PutAsync(disk, "memcachier.elf", kernel[..(kernel.Length / 2)]);
                break;
            case "an empty kernel":
                await _disks.PutAsync(disk, "memcachier.elf", "");
                break;
            case "a long line":
                await _disks.PutAsync(disk, "memcachier.conf", new string('w', 4096));
                break;
            case "a long file":
                await _disks.PutAsync(disk, "memcachier.conf", new string('#', (64 << 10) + 1));
                break;
        }
        foreach (Firmware firmware in Enum.GetValues<Firmware>())
        {
            await using BareGuest guest = DiskGuest.Start(_output, "q35", firmware, DiskBus.VirtioBlk, (disk, "raw"), "128M");
            await guest.WaitForConsoleAsync(console => Plain(console).Contains($"memcachier loader: {message}", StringComparison.Ordinal));
            Assert.False(guest.HasEnded);
        }
    }

    /// <summary>OVMF moves its cursor about, and breaks lines where its screen ends.</summary>
    private static string Plain(string console) => ControlSequence().Replace(console, "");

    [GeneratedRegex("\u001B\\[[0-9;=]*[A-Za-z]|\r?\n")]
    private static partial Regex ControlSequence();

    /// <summary>Disks in a directory that is gone afterwards.</summary>
    public sealed class Disks : IDisposable
    {
        private const int SystemPartitionOffset = 1 << 20;

        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mc-disks-");
        private readonly Dictionary<ImageFormat, string> _made = [];
        private int _count;

        /// <summary>The disk of the matrix in a format, made once.</summary>
        public async Task<(string File, string Format)> AsAsync(ImageFormat format)
        {
            if (!_made.TryGetValue(format, out string? file))
            {
                var writer = new ImageWriter(ImageOf("ip=dhcp -m 32"), _directory.FullName);
                file = await writer.WriteAsync(format, CancellationToken.None);
                _made.Add(format, file);
            }
            return (file, format.ToString().ToLowerInvariant());
        }

        /// <summary>A raw disk with a command line.</summary>
        public string Make(string commandLine)
        {
            string file = Path.Combine(_directory.FullName, $"{_count++}.raw");
            File.WriteAllBytes(file, ImageOf(commandLine).ToRaw());
            return file;
        }

        public Task PutAsync(string disk, string name, string text) => PutAsync(disk, name, Encoding.UTF8.GetBytes(text));

        public async Task PutAsync(string disk, string name, byte[] octets)
        {
            string source = Path.Combine(_directory.FullName, "source");
            await File.WriteAllBytesAsync(source, octets);
            await RunAsync("mcopy", "-o", "-i", $"{disk}@@{SystemPartitionOffset}", source, $"::{name}");
        }

        public Task DeleteAsync(string disk, string name) =>
            RunAsync("mdel", "-i", $"{disk}@@{SystemPartitionOffset}", $"::{name}");

        public void Dispose() => _directory.Delete(recursive: true);

        private static DiskImage ImageOf(string commandLine) => new(ImageContents.Load(
            Repository.Find().OutputDirectory, ConfigurationFile.Parse("memcachier.conf", Encoding.UTF8.GetBytes(commandLine))));

        private async Task RunAsync(string program, params string[] arguments)
        {
            (int exitCode, string output) = await ToolProcess.RunAsync(
                program, arguments, _directory.FullName, null, CancellationToken.None);
            Assert.True(exitCode == 0, output);
        }
    }
}
