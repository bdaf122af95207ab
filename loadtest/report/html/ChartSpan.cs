using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Report.Document;

namespace Memcachier.LoadTest.Report.Html;

/// <summary>A part of a chart's width that has a name: a load simulation.</summary>
/// <param name="From">Where it begins, on the chart's X axis.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Name">Left out where there is no room for it.</param>
internal sealed record ChartSpan(double From, double To, string Name)
{
    /// <summary>None if the run had but one simulation.</summary>
    public static IReadOnlyList<ChartSpan> Of(RunDocument run) => run.Simulations.Count < 2
        ? []
        :
        [
            .. run.Simulations.Where(each => each.DuringSeconds > 0)
                .Select(each => new ChartSpan(each.StartSeconds, each.StartSeconds + each.DuringSeconds, each.Name)),
        ];
}
