using System.Collections.Generic;

namespace Memcachier.LoadTest.Report.Document;

/// <summary>How the client bore it.</summary>
public sealed record ClientFigures
{
    /// <summary>Of each thread, the share of a processor, 0 to 1.</summary>
    public required IReadOnlyList<double> Cpu { get; init; }

    /// <summary>How much later than it could a request was sent; zeros in the closed loop.</summary>
    public required OrderedDictionary<string, double> LagMicros { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }
}
