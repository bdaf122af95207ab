using System.Collections.Generic;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>A family as a page has it.</summary>
internal sealed class Family(string name)
{
    public string Name { get; } = name;

    public string? Type { get; set; }

    public string? Help { get; set; }

    public string? Unit { get; set; }

    public List<Sample> Samples { get; } = [];
}
