using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.LoadTest.Tests;
using Xunit;

namespace Memcachier.Cli.Tests;

/// <summary>What the programs say that the deployment files are for, where this machine has them.</summary>
public sealed class DeploymentToolsTests
{
    private const string LibvirtSchema = "/usr/share/libvirt/schemas/domain.rng";

    private static readonly string s_packaging = Path.Combine(Repository.Find().Root, "packaging");

    [ProgramFact("promtool")]
    public async Task Prometheus_accepts_its_configuration() =>
        await AcceptsAsync("promtool", "check", "config", "prometheus/prometheus.yaml");

    [ProgramFact("shellcheck")]
    public async Task Shellcheck_has_nothing_to_say_about_the_scripts()
    {
        string[] scripts = Directory.GetFiles(s_packaging, "*.sh", SearchOption.AllDirectories);
        Assert.NotEmpty(scripts);
        await AcceptsAsync("shellcheck", scripts);
    }

    /// <summary>An instance of it: a template's name may not be verified as such by every version.</summary>
    [ProgramFact("systemd-analyze")]
    public async Task Systemd_accepts_the_unit()
    {
        using var directory = new TemporaryDirectory();
        string unit = directory.File("memcachier@a.service");
        // What it names has to be there for systemd to accept it, and is not on every machine that runs this.
        string text = await File.ReadAllTextAsync(Path.Combine(s_packaging, "systemd/memcachier@.service"));
        await File.WriteAllTextAsync(unit, text.Replace("/usr/bin/qemu-system-x86_64", "/bin/true"));
        await AcceptsAsync("systemd-analyze", "verify", unit);
    }

    [ProgramFact("xmllint")]
    public async Task Libvirt_s_schema_accepts_the_domain()
    {
        string[] schema = File.Exists(LibvirtSchema) ? ["--relaxng", LibvirtSchema] : [];
        await AcceptsAsync("xmllint", ["--noout", .. schema, "libvirt/memcachier.xml"]);
    }

    private static async Task AcceptsAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (int exitCode, string text) = await ToolProcess.RunAsync(program, arguments, s_packaging, null, limit.Token);
        Assert.True(exitCode == 0, text);
    }
}
