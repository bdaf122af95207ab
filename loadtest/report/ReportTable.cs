using System.Collections.Generic;

namespace Memcachier.LoadTest.Report;

/// <summary>A table of texts, before it is known in which format.</summary>
/// <param name="Header">The columns' names.</param>
/// <param name="Rows">As long as the header, each; the first column is the row's name.</param>
public sealed record ReportTable(IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>True if its columns are texts, which begin on the left; false if all but the first are numbers.</summary>
    public bool IsOfTexts { get; init; }
}
