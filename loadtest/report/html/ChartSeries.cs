using System.Collections.Generic;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>A line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Figure">Beside it: what the whole run has.</param>
/// <param name="Points">From left to right; where Y is null, the line is interrupted.</param>
internal sealed record ChartSeries(string Name, string Figure, IReadOnlyList<(double X, double? Y)> Points);
