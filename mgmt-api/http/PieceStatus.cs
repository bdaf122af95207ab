namespace Memcachier.Management.Http;

/// <summary>What <see cref="IHttpSite.Write"/> did.</summary>
public enum PieceStatus : byte
{
    /// <summary>It wrote at least one byte, and there is more.</summary>
    Written,

    /// <summary>There is nothing to write yet: ask again later.</summary>
    Waiting,

    /// <summary>What it wrote, if anything, was the last of it.</summary>
    End,

    /// <summary>
    /// What was begun cannot be finished. It wrote nothing, and the connection is cut off, so that nobody takes what he has
    /// for the whole.
    /// </summary>
    Failed,
}
