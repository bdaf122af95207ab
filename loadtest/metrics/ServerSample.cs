using System.Collections.Generic;
using System.Linq;

namespace Memcachier.LoadTest.Metrics;

/// <summary>What a server said of itself at a moment, by the names of memcached_exporter. What it did not say is null.</summary>
public sealed record ServerSample
{
    /// <summary>Seconds since the measurement began.</summary>
    public required double Second { get; init; }

    /// <summary>Commands since the server began, by name and how they ended: <c>get hit</c>, <c>get miss</c>.</summary>
    public OrderedDictionary<string, double> Commands { get; init; } = [];

    public double? Items { get; init; }

    /// <summary>Of the items.</summary>
    public double? Bytes { get; init; }

    public double? LimitBytes { get; init; }

    public double? Connections { get; init; }

    /// <summary>Since the server began.</summary>
    public double? Evictions { get; init; }

    /// <summary>Processor time since the server began, in user mode and in the kernel.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>Received since the server began.</summary>
    public double? BytesRead { get; init; }

    /// <summary>Sent since the server began.</summary>
    public double? BytesWritten { get; init; }

    public static ServerSample Of(double second, IReadOnlyList<MetricSample> metrics)
    {
        var commands = new OrderedDictionary<string, double>();
        foreach (MetricSample metric in metrics.Where(each => each.Name == "memcached_commands_total"))
        {
            string name = $"{metric.Labels.GetValueOrDefault("command")} {metric.Labels.GetValueOrDefault("status")}";
            commands[name] = commands.GetValueOrDefault(name) + metric.Value;
        }
        return new ServerSample
        {
            Second = second,
            Commands = commands,
            Items = Sum("memcached_current_items"),
            Bytes = Sum("memcached_current_bytes"),
            LimitBytes = Sum("memcached_limit_bytes"),
            Connections = Sum("memcached_current_connections"),
            Evictions = Sum("memcached_items_evicted_total"),
            CpuSeconds = Sum("memcached_process_user_cpu_seconds_total") + Sum("memcached_process_system_cpu_seconds_total"),
            BytesRead = Sum("memcached_read_bytes_total"),
            BytesWritten = Sum("memcached_written_bytes_total"),
        };

        double? Sum(string name)
        {
            double[] values = [.. metrics.Where(each => each.Name == name && double.IsFinite(each.Value)).Select(each => each.Value)];
            return values.Length == 0 ? null : values.Sum();
        }
    }
}
