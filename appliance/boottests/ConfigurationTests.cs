using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>Each source of configuration boots the image with settings taken from it; what is broken stops nothing.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private const string Tools = "cloud-localds genisoimage mkfs.vfat mcopy";
    private const string Token = "a-token-from-a-file";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;
    private readonly string _directory = Directory.CreateTempSubdirectory("memcachier-configuration-").FullName;

    public ConfigurationTests(ITestOutputHelper output) => _output = output;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory, OnTcg, OnKvm]
    public async Task Fw_cfg(Accelerator accelerator, MachineType machine)
    {
        string text = $"#memcachier\nmemory_limit: 16\neviction: lru\nhostname: \"cache-1\"\napi:\n  token: {Token}\n";
        await using Guest guest = await Guest.BootConfiguredAsync(
            accelerator, machine, _output, Write("config", text), []);
        Assert.Contains(
            $"configuration: fw_cfg, opt/org.memcachier/config: {text.Length} bytes", guest.Console, StringComparison.Ordinal);
        Assert.DoesNotContain("error: ", guest.Console, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, guest.Console, StringComparison.Ordinal);
        IReadOnlyDictionary<string, string> settings = await SettingsAsync(guest);
        Assert.Equal("lru", settings["memcachier_eviction"]);
        Assert.Contains("store: 16 MiB", guest.Console, StringComparison.Ordinal);
        using var http = new HttpClient { BaseAddress = guest.Api };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage reset = await http.PostAsync(new Uri("/api/v1/stats/reset", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
    }

    /// <summary>Behind a disk that is none, as cloud-localds makes them.</summary>
    [Theory, OnTcg(Needs = Tools), OnKvm(Needs = Tools)]
    public async Task A_NoCloud_disk_of_ISO_9660(Accelerator accelerator, MachineType machine)
    {
        const string Text = "#cloud-config\npackages: [nginx]\nmemcachier:\n  eviction: lru\n  max_item_size: 64k\n";
        string[] disks = [Write("empty.img", new byte[1 << 20]), await SeedAsync("seed.img", Text, "-H", "cache-1")];
        await using Guest guest = await Guest.BootConfiguredAsync(accelerator, machine, _output, null, disks);
        await HasReadAsync(guest, "ISO 9660", Text.Length);
    }

    [Theory, OnTcg(Needs = Tools)]
    public async Task A_NoCloud_disk_of_FAT(Accelerator accelerator, MachineType machine)
    {
        const string Text = """{"memcachier": {"eviction": "lru", "max_item_size": "64k"}}""";
        string[] disks = [await SeedAsync("seed.img", Text, "--filesystem", "vfat")];
        await using Guest guest = await Guest.BootConfiguredAsync(accelerator, machine, _output, null, disks);
        await HasReadAsync(guest, "FAT12", Text.Length);
    }

    /// <summary>In capitals, without meta-data, and larger.</summary>
    [Theory, OnTcg(Needs = Tools)]
    public async Task A_NoCloud_disk_made_by_hand(Accelerator accelerator, MachineType machine)
    {
        const string Text = "memcachier:\n  eviction: lru\n  max_item_size: 64k\n";
        string disk = Write("seed.img", new byte[64 << 20]);
        await RunAsync("mkfs.vfat", "-F", "32", "-n", "CIDATA", disk);
        await RunAsync("mcopy", "-i", disk, Write("user-data", Text), "::");
        await using Guest guest = await Guest.BootConfiguredAsync(accelerator, machine, _output, null, [disk]);
        await HasReadAsync(guest, "FAT32", Text.Length);
    }

    [Theory, OnTcg(Needs = Tools)]
    public async Task The_command_line_goes_before_fw_cfg_and_that_before_user_data(
        Accelerator accelerator, MachineType machine)
    {
        string file = Write("config", """{"max_reqs_per_event": 32, "idle_timeout": 42}""");
        string disk = await SeedAsync(
            "seed.img", "#memcachier\nmax_reqs_per_event: 33\nidle_timeout: 43\nmax_item_size: 64k\n");
        await using Guest guest = await Guest.BootConfiguredAsync(
            accelerator, machine, _output, file, [disk], "-R", "31");
        IReadOnlyDictionary<string, string> settings = await SettingsAsync(guest);
        Assert.Equal(
            ("31", "42", "65536"),
            (settings["reqs_per_event"], settings["idle_timeout"], settings["item_size_max"]));
    }

    [Theory, OnTcg(Needs = Tools)]
    public async Task What_is_broken_is_named_and_the_cache_serves(Accelerator accelerator, MachineType machine)
    {
        string file = Write(
            "config", "#memcachier\nport: 70000\n\tcrash: halt\nuser: HUSH\neviction: [lru]\nunheard: of\nmax_item_size: 64k\n");
        string disk = await SeedAsync("seed.img", "{\"eviction\": \"lru\",\n \"port\": 11211,}", "-H", "a_b");
        await using Guest guest = await Guest.BootConfiguredAsync(accelerator, machine, _output, file, [disk]);
        foreach (string line in (string[])
        [
            "error: fw_cfg, line 2: port: 70000 is not between 1 and 65535",
            "error: fw_cfg, line 3: a tab, where only spaces may stand",
            "error: fw_cfg, line 4: user is not NAME:PASSWORD of at most 254 bytes, up to eight times; left out",
            "error: fw_cfg, line 5: eviction: braces and brackets are read in JSON only",
            "error: fw_cfg, line 6: unheard is unknown; booting without it",
            "error: user data: local-hostname: a_b is not a name of at most 63 letters, digits, hyphens and dots",
            "error: user data, line 2: braces, brackets, colons or commas do not fit; nothing below is read",
        ])
        {
            Assert.Contains("] " + line + "\r\n", guest.Console.ReplaceLineEndings("\r\n"), StringComparison.Ordinal);
        }
        Assert.DoesNotContain("HUSH", guest.Console, StringComparison.Ordinal);
        IReadOnlyDictionary<string, string> settings = await SettingsAsync(guest);
        Assert.Equal(("lru", "65536"), (settings["memcachier_eviction"], settings["item_size_max"]));
    }

    /// <summary>What is on the disk is cut off, too long, or not there.</summary>
    [ProgramTheory("cloud-localds", "genisoimage", "mkfs.vfat", "mcopy")]
    [InlineData("cut", "error: configuration: NoCloud disk at MMIO 0xfeb00a00, ISO 9660, user-data: cannot be read")]
    [InlineData("long", "error: configuration: NoCloud disk at MMIO 0xfeb00a00, ISO 9660, user-data: larger than 16384 bytes; not read")]
    [InlineData("none", "configuration: NoCloud disk at MMIO 0xfeb00a00, FAT12, user-data: there is none")]
    [InlineData("other", "configuration: 1 disk, not labelled CIDATA")]
    public async Task A_damaged_disk_stops_nothing(string kind, string said)
    {
        string disk = kind switch
        {
            "cut" => Cut(await SeedAsync("seed.img", "#memcachier\nhostname: needle-in-the-disk\n")),
            "long" => await SeedAsync("seed.img", "#memcachier\n" + new string('\n', 16384)),
            "none" => await LabelledAsync(),
            _ => Write("seed.img", new byte[1 << 20]),
        };
        await using Guest guest = await Guest.BootConfiguredAsync(
            Accelerator.Tcg, MachineType.MicroVm, _output, null, [disk]);
        Assert.Contains("] " + said, guest.Console, StringComparison.Ordinal);
        _ = await SettingsAsync(guest);
    }

    private static async Task HasReadAsync(Guest guest, string fileSystem, int length)
    {
        Assert.Matches(
            $@"configuration: NoCloud disk at (PCI 00:0\d\.0|MMIO 0x[0-9a-f]+), {fileSystem}, user-data: {length} bytes", guest.Console);
        Assert.DoesNotContain("error: ", guest.Console, StringComparison.Ordinal);
        IReadOnlyDictionary<string, string> settings = await SettingsAsync(guest);
        Assert.Equal(("lru", "65536"), (settings["memcachier_eviction"], settings["item_size_max"]));
    }

    /// <summary>Also shows that the cache serves.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> SettingsAsync(Guest guest)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, Bound);
        Assert.Equal("STORED", await connection.SetAsync("k", [1, 2, 3]));
        Assert.Equal([1, 2, 3], await connection.GetAsync("k"));
        return await connection.StatsAsync(" settings");
    }

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private string Write(string name, byte[] octets)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, octets);
        return path;
    }

    private async Task<string> SeedAsync(string name, string userData, params string[] options)
    {
        await RunAsync("cloud-localds", [.. options, name, Write("user-data", userData)]);
        return Path.Combine(_directory, name);
    }

    private async Task<string> LabelledAsync()
    {
        string disk = Write("seed.img", new byte[1 << 20]);
        await RunAsync("mkfs.vfat", "-n", "CIDATA", disk);
        return disk;
    }

    /// <summary>Ends a disk where the file begins.</summary>
    private static string Cut(string disk)
    {
        byte[] octets = File.ReadAllBytes(disk);
        int at = octets.AsSpan().IndexOf("#memcachier"u8);
        File.WriteAllBytes(disk, octets[..at]);
        return disk;
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Bound);
        (int exitCode, string text) = await ToolProcess.RunAsync(program, arguments, _directory, null, limit.Token);
        Assert.True(exitCode == 0, text);
    }
}
