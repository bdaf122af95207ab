using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Memcachier.Management.Metrics;
using Xunit;

namespace Memcachier.Management.Tests.Metrics;

public sealed class PromtoolTests
{
    // Names and types of memcached_exporter: promtool wants _total, who has dashboards wants these.
    private static readonly string[] s_bareCounters =
    [
        "memcached_slab_items_evicted_time_seconds",
        "memcached_slab_items_moves_to_cold",
        "memcached_slab_items_moves_to_warm",
        "memcached_slab_items_moves_within_lru",
        "memcached_slab_mem_requested_bytes",
        "memcached_uptime_seconds",
    ];

    [ProgramFact(Promtool.Program)]
    public async Task The_text_format_has_nothing_wrong_but_what_memcached_exporter_has()
    {
        string page = MetricsWorld.Filled().Read(MetricsFormat.Text);
        (_, string output) = await Promtool.RunAsync(Encoding.UTF8.GetBytes(page), "check", "metrics");
        Assert.Equal(
            s_bareCounters.Select(name => $"{name} counter metrics should have \"_total\" suffix"),
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    [ProgramFact(Promtool.Program)]
    public async Task Of_our_own_nothing_is_wrong()
    {
        var page = new StringBuilder();
        foreach (string part in MetricsWorld.Filled().Parts(MetricsFormat.Text))
        {
            if (s_bareCounters.Any(name => part.StartsWith($"# HELP {name} ", StringComparison.Ordinal))) continue;
            _ = page.Append(part);
        }
        byte[] octets = Encoding.UTF8.GetBytes(page.ToString());
        (int exitCode, string output) = await Promtool.RunAsync(octets, "check", "metrics");
        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }
}
