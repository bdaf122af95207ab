namespace Memcachier.LoadTest.Engine;

/// <summary>What a phase asks for.</summary>
internal enum PhaseKind : byte
{
    /// <summary>The mix.</summary>
    Load,

    /// <summary>A set of each key.</summary>
    PreloadValues,

    /// <summary>A set of each counter.</summary>
    PreloadCounters,

    /// <summary>A set of each key that grows.</summary>
    PreloadGrowing,

    /// <summary>A get of each counter, before the load.</summary>
    ReadCounters,

    /// <summary>A get of each counter, after the load.</summary>
    CheckCounters,
}
