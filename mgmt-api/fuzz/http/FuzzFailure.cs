using System;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>Something that must never happen did. The message says what, and what was said before.</summary>
public sealed class FuzzFailure : Exception
{
    public FuzzFailure()
    {
    }

    public FuzzFailure(string message)
        : base(message)
    {
    }

    public FuzzFailure(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
