using System.Collections.Generic;
using System.Linq;

namespace Memcachier.Management.Tests.Metrics;

/// <summary>A line with a value.</summary>
internal sealed record Sample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, string Value)
{
    /// <summary>Name and labels in their order, which together are once on a page.</summary>
    public string Series => Labels.Count == 0
        ? Name
        : $"{Name}{{{string.Join(',', Labels.Select(label => $"{label.Key}={label.Value}"))}}}";
}
