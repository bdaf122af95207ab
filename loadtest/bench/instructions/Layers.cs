using System;

namespace Memcachier.Bench.Instructions;

/// <summary>Which part of the appliance a function belongs to, by its namespace.</summary>
public static class Layers
{
    public const string Elsewhere = "boot, faults and others";

    private static readonly (string Prefix, string Layer)[] s_layers =
    [
        ("Memcachier.Kernel.Drivers.", "driver"),
        ("Memcachier.Kernel.Net.Tcp.", "TCP"),
        ("Memcachier.Kernel.Net.", "Ethernet and IP"),
        ("Memcachier.Protocol.", "protocol"),
        ("Memcachier.Server.", "session"),
        ("Memcachier.Cache.", "store"),
        ("Memcachier.Composition.", "reactor"),
        ("Memcachier.Appliance.", "reactor"),
        ("Memcachier.Management.", "management"),
        ("Memcachier.Kernel.Boot.", "clock and interrupts"),
        ("Memcachier.Kernel.Arch.", "clock and interrupts"),
        ("Memcachier.Kernel.", "base"),
        ("System.", "corelib"),
        ("Internal.", "corelib"),
    ];

    /// <summary>All, in the order in which a request passes them.</summary>
    public static string[] All { get; } =
    [
        "driver", "Ethernet and IP", "TCP", "session", "protocol", "store", "reactor", "management",
        "clock and interrupts", "base", "corelib", Elsewhere,
    ];

    /// <param name="function">As <c>Memcachier.Cache.Store.TryGet</c>.</param>
    public static string Of(string function)
    {
        foreach ((string prefix, string layer) in s_layers)
        {
            if (function.StartsWith(prefix, StringComparison.Ordinal)) return layer;
        }
        return Elsewhere;
    }
}
