using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Xunit;

namespace Memcachier.Appliance.Tests.Configuration;

public sealed class SettingsTests
{
    private static readonly SettingSource[] s_sources =
        [SettingSource.UserData, SettingSource.FirmwareConfiguration, SettingSource.CommandLine, SettingSource.Api];

    /// <summary>Two values of each setting, as they are written back.</summary>
    private static readonly (SettingId Id, string First, string Second)[] s_values =
    [
        (SettingId.Ip, "10.0.2.15/24,gw=10.0.2.2", "dhcp"), (SettingId.HostName, "a", "b.example"),
        (SettingId.Memory, "8", "64"), (SettingId.Connections, "1", "1000000"), (SettingId.ItemSize, "1k", "1025"),
        (SettingId.Port, "1", "65535"), (SettingId.UdpPort, "0", "5"), (SettingId.Protocol, "ascii", "binary"),
        (SettingId.Sasl, "true", "false"), (SettingId.AsciiAuth, "true", "false"), (SettingId.User, "a:b", "cc:dd"),
        (SettingId.Shutdown, "true", "false"), (SettingId.NoCas, "true", "false"), (SettingId.NoFlush, "true", "false"),
        (SettingId.NoDumps, "true", "false"), (SettingId.NoWatch, "true", "false"),
        (SettingId.PrefixDelimiter, ":", "/"), (SettingId.RequestsPerTurn, "1", "20"), (SettingId.IdleTimeout, "0", "9"),
        (SettingId.WorkerLog, "4", "65536"), (SettingId.WatcherLog, "4", "65536"), (SettingId.TrackSizes, "true", "false"),
        (SettingId.Segment, "64k", "8m"), (SettingId.Eviction, "lru", "s3fifo"), (SettingId.Cluster, "a||1,b|1.2.3.4|2", "c||3"),
        (SettingId.Crash, "reboot", "halt"), (SettingId.ApiPort, "0", "65535"),
        (SettingId.ApiToken, "0123456789abcdef", "0123456789abcde!"), (SettingId.ApiMetrics, "token", "open"),
        (SettingId.ApiHosts, "cache.example", "a,b-1.example"), (SettingId.Metadata, "ec2", "off"),
    ];

    [Fact]
    public void Every_setting_has_two_values_here() => Assert.Equal(SettingList.Count, s_values.Length);

    /// <summary>Whatever the order, the higher source holds; of one source, the later value.</summary>
    [Fact]
    public void A_higher_source_holds_in_any_order()
    {
        foreach ((SettingId id, string first, string second) in s_values)
        {
            foreach (SettingSource one in s_sources)
            {
                foreach (SettingSource other in s_sources)
                {
                    var settings = new Settings();
                    Assert.Equal(SetOutcome.Done, Set(settings, id, first, one));
                    Assert.Equal(other >= one ? SetOutcome.Done : SetOutcome.Overridden, Set(settings, id, second, other));
                    string held = other >= one ? second : first;
                    Assert.Equal(one > other ? one : other, settings.Source(id));
                    if (!IsSecret(id)) Assert.Equal(held, Value(settings, id));
                    else if (id == SettingId.ApiToken) Assert.Equal(held, Encoding.ASCII.GetString(settings.ApiToken));
                    else Assert.Equal(one == other ? 2 : 1, settings.Credentials.Count);
                }
            }
        }
    }

    [Fact]
    public void A_broken_value_changes_nothing_and_is_told_whoever_has_spoken()
    {
        foreach ((SettingId id, string first, _) in s_values)
        {
            var settings = new Settings();
            Assert.Equal(SetOutcome.BadValue, Set(settings, id, "", SettingSource.UserData));
            Assert.False(settings.IsSet(id));
            Assert.Equal(SetOutcome.Done, Set(settings, id, first, SettingSource.CommandLine));
            Assert.Equal(SetOutcome.BadValue, Set(settings, id, "", SettingSource.UserData));
            Assert.Equal(SettingSource.CommandLine, settings.Source(id));
        }
    }

    [Fact]
    public void Every_setting_can_be_named_on_the_command_line()
    {
        foreach ((SettingId id, string first, string second) in s_values)
        {
            string name = Encoding.ASCII.GetString(SettingList.Get(id).Name);
            foreach (string value in new[] { first, second })
            {
                Settings settings = Apply($"{name}={value}", out Remarks remarks);
                Assert.Equal(0, remarks.Count);
                Assert.Equal(SettingSource.CommandLine, settings.Source(id));
                if (!IsSecret(id)) Assert.Equal(value, Value(settings, id));
            }
        }
    }

    [Fact]
    public void A_secret_is_never_written()
    {
        Settings settings = Apply("user=joe:HUSHHUSH api.token=HUSHHUSHHUSHHUSH", out _);
        Assert.Equal("", Value(settings, SettingId.User));
        Assert.Equal("", Value(settings, SettingId.ApiToken));
    }

    /// <summary>Firecracker appends words without being asked, and may do so right behind a secret.</summary>
    [Theory]
    [InlineData("pci=off")]
    [InlineData("root=PARTUUID=1234 ro")]
    [InlineData("virtio_mmio.device=4K@0xc0001000:5")]
    public void A_secret_is_kept_when_a_hypervisor_appends_something(string appended)
    {
        Settings settings = Apply($"api.token=0123456789abcdef {appended}", out Remarks remarks);
        Assert.Equal("0123456789abcdef", Encoding.ASCII.GetString(settings.ApiToken));
        for (int i = 0; i < remarks.Count; i++) Assert.False(remarks.IsError(i));
    }

    /// <summary>What the console says.</summary>
    [Theory]
    [InlineData("-p 70000", "command line: -p 70000 is not between 1 and 65535")]
    [InlineData("-p", "command line: -p has no value; it has to be between 1 and 65535")]
    [InlineData("--memory-limit=7", "command line: --memory-limit=7 is not between 8 and 16777216 MiB")]
    [InlineData("--conn-limit 0", "command line: --conn-limit 0 is not between 1 and 1000000")]
    [InlineData("-I 1", "command line: -I 1 is not between 1k and 1g")]
    [InlineData("segment=3m", "command line: segment=3m is not a power of two between 64k and 8m")]
    [InlineData("-B x", "command line: -B x is not auto, ascii or binary")]
    [InlineData("crash=x", "command line: crash=x is not halt or reboot")]
    [InlineData("enable_sasl=maybe", "command line: enable_sasl=maybe is not true or false")]
    [InlineData("ip=1", "command line: ip=1 is not dhcp or ADDRESS/PREFIX[,gw=ADDRESS][,dns=ADDRESS]")]
    [InlineData("hostname=_", "command line: hostname=_ is not a name of at most 63 letters, digits, hyphens and dots")]
    [InlineData("cluster=x",
        "command line: cluster=x is not nodes HOST:PORT or HOST|IP|PORT with commas between them, 4096 bytes altogether")]
    [InlineData("-o worker_logbuf_size=3", "command line: worker_logbuf_size=3 is not between 4 and 65536 KiB")]
    [InlineData("api.port=65536", "command line: api.port=65536 is not between 0 and 65535")]
    [InlineData("api.metrics=all", "command line: api.metrics=all is not open or token")]
    [InlineData("api.hosts=a,,b", "command line: api.hosts=a,,b is not host names with commas between them, 512 bytes altogether")]
    [InlineData("api.token=HUSH", "command line: api.token= is not 16 to 128 visible ASCII characters")]
    [InlineData("api.token=HUSHHUSHHUSHHUSH HUSH", "command line: api.token= is not 16 to 128 visible ASCII characters")]
    [InlineData("user=HUSH", "command line: user= is not NAME:PASSWORD of at most 254 bytes, up to eight times; left out")]
    [InlineData("--user=joe:HUSH", "command line: --user has no meaning on a machine of its own and is ignored")]
    [InlineData("api.tokn=HUSH", "command line: api.tokn= is unknown; booting without it")]
    [InlineData("--mem=64", "command line: --mem=64 is ambiguous; booting without it")]
    [InlineData("--enable-s", "command line: --enable-s is ambiguous; booting without it")]
    [InlineData("--enable-sasl=yes user=a:b", "command line: --enable-sasl=yes takes no value; booting without it")]
    [InlineData("--threads=4", "command line: --threads=4 has no meaning on a machine of its own and is ignored")]
    [InlineData("--verbose=2", "command line: --verbose=2 has no meaning on a machine of its own and is ignored")]
    [InlineData("--disable-evictions", "command line: --disable-evictions is not supported; booting without it")]
    [InlineData("--extended hashpower=20", "command line: hashpower=20 has no meaning on a machine of its own and is ignored")]
    [InlineData("console=ttyS0", "command line: console=ttyS0 is for Linux and is ignored")]
    [InlineData("api.token=HUSHHUSHHUSHHUSH ro", "command line: api.token= is not 16 to 128 visible ASCII characters")]
    [InlineData("-p 8080", "api.port: the port of memcached's protocols; there is no management API")]
    [InlineData("\u001B[2J", "command line: ?[2J is unknown; booting without it")]
    public void A_remark_says_what_would_be_right(string line, string said)
    {
        Settings settings = Apply(line, out Remarks remarks);
        LoginCheck.Apply(settings, remarks);
        Span<byte> buffer = new byte[Remarks.LineLengthMax];
        var text = new LineBuilder(buffer);
        remarks.Append(0, ref text);
        Assert.Equal(said, Encoding.ASCII.GetString(text.Octets));
        Assert.DoesNotContain("HUSH", said);
    }

    /// <summary>memcached's long options, whole, begun, and with the value apart.</summary>
    [Theory]
    [InlineData("--memory-limit=64", SettingId.Memory, "64")]
    [InlineData("--memory-l 64", SettingId.Memory, "64")]
    [InlineData("--port=5", SettingId.Port, "5")]
    [InlineData("--po 5", SettingId.Port, "5")]
    [InlineData("--conn-limit=9", SettingId.Connections, "9")]
    [InlineData("--max-item-size=2m", SettingId.ItemSize, "2m")]
    [InlineData("--max-reqs-per-event=9", SettingId.RequestsPerTurn, "9")]
    [InlineData("--udp-port=9", SettingId.UdpPort, "9")]
    [InlineData("--protocol binary", SettingId.Protocol, "binary")]
    [InlineData("--enable-sasl", SettingId.Sasl, "true")]
    [InlineData("--auth-file=x", SettingId.AsciiAuth, "true")]
    [InlineData("--enable-shutdown", SettingId.Shutdown, "true")]
    [InlineData("--disable-c", SettingId.NoCas, "true")]
    [InlineData("--disable-flush-all", SettingId.NoFlush, "true")]
    [InlineData("--disable-dumping", SettingId.NoDumps, "true")]
    [InlineData("--disable-watch", SettingId.NoWatch, "true")]
    [InlineData("--extended=idle_timeout=7", SettingId.IdleTimeout, "7")]
    public void Long_options(string line, SettingId id, string value)
    {
        Settings settings = Apply(line, out Remarks remarks);
        Assert.Equal((0, value, SettingSource.CommandLine), (remarks.Count, Value(settings, id), settings.Source(id)));
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    [InlineData("-m 64 -Ah")]
    public void Help_is_asked_for(string line) => Assert.True(Apply(line, out _).WantsHelp);

    [Fact]
    public void Help_has_a_line_for_each_setting_that_is_not_cut_off()
    {
        for (int number = 0; number < HelpText.LineCount; number++)
        {
            var line = new LineBuilder(new byte[2 * HelpText.LineLengthMax]);
            HelpText.Append(number, ref line);
            Assert.InRange(line.Octets.Length, 1, HelpText.LineLengthMax);
        }
    }

    /// <summary>The table of docs/settings.md says what the list says; behind the help there may be more.</summary>
    [Fact]
    public void The_docs_page_says_what_the_list_says()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "settings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        var missing = new List<string>();
        for (int number = 1; number <= SettingList.Count; number++)
        {
            string row = Row((SettingId)number);
            if (number > rows.Length || !rows[number - 1].StartsWith(row, StringComparison.Ordinal)) missing.Add(row);
        }
        Assert.True(missing.Count == 0, string.Join(" |\n", missing));
        Assert.Equal(SettingList.Count, rows.Length);
    }

    private static string Row(SettingId id)
    {
        Setting setting = SettingList.Get(id);
        string forms = setting.Switch != 0 ? $"`-{(char)setting.Switch}`" : setting.IsExtended ? "`-o`" : "";
        var range = new LineBuilder(new byte[256]);
        SettingText.AppendRange(in setting, ref range);
        var start = new LineBuilder(new byte[256]);
        SettingText.AppendDefault(in setting, ref start);
        string change = setting.Change == SettingChange.Run ? "running" : "boot";
        return $"| `{Text(setting.Name)}` | {forms} | {Text(range.Octets)} | {Text(start.Octets)} | {change} | {Text(setting.Help)}";
    }

    private static string Text(ReadOnlySpan<byte> octets) =>
        Encoding.ASCII.GetString(octets).Replace("|", "\\|", StringComparison.Ordinal);

    private static bool IsSecret(SettingId id) => SettingList.Get(id).IsSecret;

    private static SetOutcome Set(Settings settings, SettingId id, string value, SettingSource source) =>
        settings.TrySet(id, Encoding.ASCII.GetBytes(value), source);

    private static string Value(Settings settings, SettingId id)
    {
        var line = new LineBuilder(new byte[4096]);
        settings.AppendValue(id, ref line);
        return Encoding.ASCII.GetString(line.Octets);
    }

    private static Settings Apply(string line, out Remarks remarks)
    {
        var settings = new Settings();
        remarks = new Remarks();
        CommandLine.Apply(Encoding.Latin1.GetBytes(line), settings, remarks);
        return settings;
    }
}
