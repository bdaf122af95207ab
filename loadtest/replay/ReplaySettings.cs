using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Traces;

namespace Memcachier.LoadTest.Replay;

/// <summary>What to replay against whom, and how.</summary>
public sealed record ReplaySettings
{
    public const int ConnectionCountMax = 64;

    /// <summary>The gets of a window have to fit into a socket's buffers; see <see cref="ServerConnection"/>.</summary>
    public const int WindowMax = 256;

    public required string Trace { get; init; }

    public TraceFormat Format { get; init; } = TraceFormat.Auto;

    public required ServerAddress Server { get; init; }

    /// <summary>Null: the trace's own sizes, and <see cref="SizeDistribution.Etc"/> where it has none.</summary>
    public SizeDistribution? Sizes { get; init; }

    /// <summary>How many requests of the trace are replayed at most.</summary>
    public long RequestCountMax { get; init; } = long.MaxValue;

    /// <summary>1 to <see cref="ConnectionCountMax"/>.</summary>
    public int ConnectionCount { get; init; } = 1;

    /// <summary>Gets on their way at once on a connection, 1 to <see cref="WindowMax"/>.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Requests of an interval of the miss ratio over time; 0 for none.</summary>
    public long Interval { get; init; }

    /// <summary>True if the server is emptied first.</summary>
    public bool IsFlushing { get; init; }
}
