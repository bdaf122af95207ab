namespace Memcachier.Kernel.Net.Tcp;

/// <summary>What a step of the event processing decided about a segment.</summary>
internal enum Verdict : byte
{
    /// <summary>The next step looks at it.</summary>
    Continue,

    /// <summary>It is dealt with; whatever answer it needs is noted.</summary>
    Done,
}
