namespace Memcachier.LoadTest.Engine;

/// <summary>What a phase asks for.</summary>
internal enum PhaseKind : byte
{
    /// <summary>The mix.</summary>
    Load,

    /// <summary>A set of each key.</summary>
    PreloadValues,

    /// <summary>A set of each number that incr will find.</summary>
    PreloadCounters,
}
