namespace Memcachier.Server;

/// <summary>How a step of a session ended.</summary>
internal enum Step : byte
{
    /// <summary>Something was done; there may be more to do.</summary>
    Next,

    /// <summary>The source is used up, or what is left of it is only a beginning.</summary>
    NeedsInput,

    /// <summary>The output has no room for the answer.</summary>
    NeedsOutput,

    /// <summary>It cost so much that others have their turn first.</summary>
    NeedsTurn,
}
