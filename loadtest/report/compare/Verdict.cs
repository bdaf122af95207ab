namespace Memcachier.LoadTest.Report.Compare;

/// <summary>What a difference means.</summary>
public enum Verdict
{
    /// <summary>Not more than the noise.</summary>
    Same,

    Better,

    Worse,

    /// <summary>The runs are too short to know their noise, or do not know it of this figure.</summary>
    Unknown,
}
