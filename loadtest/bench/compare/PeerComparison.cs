using System.Collections.Generic;

namespace Memcachier.Bench.Compare;

/// <summary>The image and a memcached in a Linux guest of the same shape, side by side.</summary>
public sealed record PeerComparison
{
    /// <summary>As <c>memcached 1.6.18 in Linux 6.1.0-57-cloud-amd64</c>.</summary>
    public required string Peer { get; init; }

    public required IReadOnlyList<ComparedWorkload> Rows { get; init; }
}
