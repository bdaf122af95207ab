using System;

namespace Memcachier.LoadTest.Tests.Metrics;

/// <summary>What memcached_exporter would say.</summary>
internal static class MetricsPages
{
    public static string Of(int gets, int misses, double cpu = 1) => FormattableString.Invariant(
        $$"""
        # HELP memcached_commands_total Commands.
        # TYPE memcached_commands_total counter
        memcached_commands_total{command="get",status="hit"} {{gets}}
        memcached_commands_total{command="get",status="miss"} {{misses}}
        memcached_commands_total{command="set",status="hit"} 5
        memcached_slab_commands_total{slab="1",command="get",status="hit"} 999
        memcached_current_items 10
        memcached_current_bytes 1e6
        memcached_limit_bytes 6.4e7
        memcached_current_connections 3
        memcached_items_evicted_total 2
        memcached_process_user_cpu_seconds_total {{cpu}}
        memcached_process_system_cpu_seconds_total 0.5

        """);
}
